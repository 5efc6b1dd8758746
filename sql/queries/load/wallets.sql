-- Users by id, with their wallets where they have one.
select c.user_id, w.balance, w.version
from customer c
left join wallet w using (user_id)
where c.user_id = any ($1::bigint[])
