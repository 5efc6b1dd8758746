-- Every event of sales is in the daily counters, and each counter is what its events come to.
select counter, day, thing, orders, orders_told, quantity, quantity_told, revenue, revenue_told,
       cancelled_orders, cancelled_orders_told, cancelled_quantity, cancelled_quantity_told,
       cancelled_revenue, cancelled_revenue_told
  from sales_audit
 where orders is distinct from orders_told
    or quantity is distinct from quantity_told
    or revenue is distinct from revenue_told
    or cancelled_orders is distinct from cancelled_orders_told
    or cancelled_quantity is distinct from cancelled_quantity_told
    or cancelled_revenue is distinct from cancelled_revenue_told
 union all
select 'counted events', null, null, c.counted, t.told, null, null, null, null, null, null, null,
       null, null, null
  from (select count(*) as counted from counted_event) c
 cross join (select count(*) as told
               from journal_event
              where command_type in ('order.place', 'order.cancel', 'order.change',
                                     'payment.settle', 'day.close')
                and type in ('order.paid', 'order.cancelled', 'order.changed', 'day.closed')) t
 where c.counted <> t.told
