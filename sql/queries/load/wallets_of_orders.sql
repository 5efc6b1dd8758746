-- Users by id ($1) and of orders ($2), with their wallets where they have one.
select c.user_id, w.balance, w.held, w.version
from customer c
left join wallet w using (user_id)
where c.user_id = any ($1::bigint[])
union
select c.user_id, w.balance, w.held, w.version
from orders o
join customer c using (user_id)
left join wallet w using (user_id)
where o.order_id = any ($2::uuid[])
