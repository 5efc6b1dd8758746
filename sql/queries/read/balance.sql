-- A user's balance. No row: no such user; a NULL balance: a user without a wallet.
-- $1 bigint: user id
select c.user_id, w.balance, w.held
  from customer c
  left join wallet w on w.user_id = c.user_id
 where c.user_id = $1::bigint
