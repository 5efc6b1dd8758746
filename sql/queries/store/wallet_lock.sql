-- Locks wallets in the one global order.
SELECT user_id FROM wallet WHERE user_id = ANY ($1::bigint[]) ORDER BY user_id FOR NO KEY UPDATE
