-- Users by id, with their wallets where they have one.
SELECT c.user_id, w.balance, w.version
FROM customer c
LEFT JOIN wallet w USING (user_id)
WHERE c.user_id = ANY ($1::bigint[])
