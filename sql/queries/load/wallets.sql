-- Users by id, each once, with their wallets where they have one; a row without user_id for who is
-- no user. Who has a wallet is one: users are looked for only where there is none.
select coalesce(w.user_id, (select c.user_id from customer c where c.user_id = asked.user_id))
           as user_id,
       w.balance, w.held, w.version
from (select unnest($1::bigint[]) as user_id) asked
left join wallet w using (user_id)
