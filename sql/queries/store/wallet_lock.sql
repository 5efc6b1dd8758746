-- Locks wallets in the one global order.
select user_id from wallet where user_id = any ($1::bigint[]) order by user_id for no key update
