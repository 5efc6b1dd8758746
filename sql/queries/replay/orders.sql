-- The next ids of orders, behind $1.
select order_id from orders where order_id > $1::uuid order by order_id limit 500
