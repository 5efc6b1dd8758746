-- The lines of an order are those that were told last, and of each is shipped what was told.
with told as (
    select (e.data ->> 'order_id')::uuid as order_id, e.type, e.version, e.data
      from journal_event e
     where e.command_type in ('order.place', 'order.cancel', 'order.change', 'order.ship',
                              'order.expire', 'payment.settle')
       and e.type in ('order.placed', 'order.paid', 'order.cancelled', 'order.changed',
                      'order.shipped')
), sold as (
    select t.order_id, (l.value ->> 'option_id')::bigint as option_id,
           (l.value ->> 'product_id')::bigint as product_id,
           (l.value ->> 'quantity')::bigint as quantity,
           (l.value ->> 'unit_price')::bigint as unit_price,
           coalesce(l.value ->> 'category', '') as category
      from (select distinct on (order_id) order_id, data
              from told
             where type <> 'order.shipped'
             order by order_id, version desc) t
     cross join lateral jsonb_array_elements(t.data -> 'lines') as l (value)
), shipped as (
    select t.order_id, (l.value ->> 'option_id')::bigint as option_id,
           sum((l.value ->> 'quantity')::bigint) as shipped
      from told t
     cross join lateral jsonb_array_elements(t.data -> 'lines') as l (value)
     where t.type = 'order.shipped'
     group by 1, 2
)
select coalesce(l.order_id, s.order_id, h.order_id) as order_id,
       coalesce(l.option_id, s.option_id, h.option_id) as option_id,
       l.product_id, s.product_id as product_told, l.quantity, s.quantity as quantity_told,
       l.unit_price, s.unit_price as price_told, l.category, s.category as category_told,
       l.shipped, h.shipped as shipped_told
  from order_line l
  full join sold s on s.order_id = l.order_id and s.option_id = l.option_id
  full join shipped h on h.order_id = l.order_id and h.option_id = l.option_id
 where l.product_id is distinct from s.product_id
    or l.quantity is distinct from s.quantity
    or l.unit_price is distinct from s.unit_price
    or l.category is distinct from s.category
    or l.shipped is distinct from coalesce(h.shipped, 0)
