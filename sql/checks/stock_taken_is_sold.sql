-- What an order took from stock is what stands on its lines.
with taken as (
    select (e.value -> 'data' ->> 'order_id')::uuid as order_id,
           (l.value ->> 'option_id')::bigint as option_id,
           sum((l.value ->> 'quantity')::bigint) as quantity
      from journal j
     cross join lateral jsonb_array_elements(j.events::jsonb) as e (value)
     cross join lateral jsonb_array_elements(e.value -> 'data' -> 'lines') as l (value)
     where j.events is not null
       and j.type = 'order.place'
       and e.value ->> 'type' = 'stock.taken'
     group by 1, 2
), sold as (
    select l.order_id, l.option_id, l.quantity
      from order_line l
      join orders o on o.order_id = l.order_id
     where o.paid_at is not null
)
select coalesce(t.order_id, s.order_id) as order_id,
       coalesce(t.option_id, s.option_id) as option_id,
       t.quantity as taken, s.quantity as sold
  from taken t
  full join sold s on s.order_id = t.order_id and s.option_id = t.option_id
 where t.quantity is distinct from s.quantity
