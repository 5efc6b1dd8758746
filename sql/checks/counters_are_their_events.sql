-- The daily counters never hold more than the order events told, and nothing that none told.
select counter, day, thing, orders, orders_most, quantity, quantity_most, revenue, revenue_most,
       cancelled_orders, cancelled_orders_told, cancelled_quantity, cancelled_quantity_told,
       cancelled_revenue, cancelled_revenue_told
  from sales_audit
 where orders is not null
   and (orders_told is null
        or orders > orders_most
        or quantity > quantity_most
        or revenue > revenue_most
        or cancelled_orders > cancelled_orders_told
        or cancelled_quantity > cancelled_quantity_told
        or cancelled_revenue > cancelled_revenue_told)
