-- What an order took from stock and reserved there, less what it gave back, is what its lines need.
with moved as (
    select (e.data ->> 'order_id')::uuid as order_id,
           (l.value ->> 'option_id')::bigint as option_id,
           sum(case e.type when 'stock.taken' then 1 when 'stock.returned' then -1 else 0 end
               * (l.value ->> 'quantity')::bigint) as taken,
           sum(case when e.type = 'stock.reserved' then 1
                    when e.type = 'stock.released' or (e.data ->> 'from_reserved')::boolean then -1
                    else 0 end
               * (l.value ->> 'quantity')::bigint) as reserved
      from journal_event e
     cross join lateral jsonb_array_elements(e.data -> 'lines') as l (value)
     where e.command_type in ('order.place', 'order.cancel', 'order.change', 'order.expire',
                              'payment.settle')
       and e.type like 'stock.%'
     group by 1, 2
), needed as (
    select l.order_id, l.option_id,
           case when o.status in ('paid', 'partly_shipped', 'shipped')
                then l.quantity else 0 end as sold,
           case when o.status = 'pending_payment' then l.quantity else 0 end as waiting
      from order_line l
      join orders o on o.order_id = l.order_id
)
select coalesce(m.order_id, n.order_id) as order_id,
       coalesce(m.option_id, n.option_id) as option_id,
       m.taken, n.sold, m.reserved, n.waiting
  from moved m
  full join needed n on n.order_id = m.order_id and n.option_id = m.option_id
 where coalesce(m.taken, 0) <> coalesce(n.sold, 0)
    or coalesce(m.reserved, 0) <> coalesce(n.waiting, 0)
