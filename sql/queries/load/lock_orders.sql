-- Locks orders in the one global order.
select order_id from orders where order_id = any ($1::uuid[]) order by order_id for no key update
