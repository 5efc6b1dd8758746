-- Every paid order is in the daily counters: as many events counted, no counter below its events.
with summed as (
    select (e.value -> 'data' ->> 'day')::date as day,
           (l.value ->> 'product_id')::bigint as product_id,
           count(distinct j.command_id) as orders,
           sum((l.value ->> 'quantity')::bigint) as quantity,
           sum((l.value ->> 'quantity')::bigint * (l.value ->> 'unit_price')::bigint) as revenue
      from journal j
     cross join lateral jsonb_array_elements(j.events::jsonb) as e (value)
     cross join lateral jsonb_array_elements(e.value -> 'data' -> 'lines') as l (value)
     where j.events is not null
       and j.type = 'order.place'
       and e.value ->> 'type' = 'order.paid'
     group by 1, 2
)
select s.day, s.product_id, d.orders, s.orders as orders_told, d.quantity,
       s.quantity as quantity_told, d.revenue, s.revenue as revenue_told
  from summed s
  left join sales_daily d on d.day = s.day and d.product_id = s.product_id
 where d.orders is null
    or d.orders < s.orders
    or d.quantity < s.quantity
    or d.revenue < s.revenue
 union all
select null, null, c.counted, o.paid, null, null, null, null
  from (select count(*) as counted from counted_event) c
 cross join (select count(*) as paid from orders where paid_at is not null) o
 where c.counted <> o.paid
