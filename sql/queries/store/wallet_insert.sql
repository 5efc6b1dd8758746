-- Wallets of new users.
INSERT INTO wallet (user_id, balance, version)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])
