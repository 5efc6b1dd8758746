-- Locks the wallets of users ($1) and of the users of orders ($2) in the one global order.
select user_id
from wallet
where user_id in (select unnest($1::bigint[])
                  union
                  select user_id from orders where order_id = any ($2::uuid[]))
order by user_id
for no key update
