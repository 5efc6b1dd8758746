-- New users.
INSERT INTO customer (user_id, registered_at)
SELECT user_id, $2::timestamptz FROM unnest($1::bigint[]) AS new (user_id)
