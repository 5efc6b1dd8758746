-- The daily counters never hold more than the order events told, and nothing that none told.
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
select d.day, d.product_id, d.orders, s.orders as orders_told, d.quantity,
       s.quantity as quantity_told, d.revenue, s.revenue as revenue_told
  from sales_daily d
  left join summed s on s.day = d.day and s.product_id = d.product_id
 where s.orders is null
    or d.orders > s.orders
    or d.quantity > s.quantity
    or d.revenue > s.revenue
