-- Wallets that changed, each guarded by the version it was decided on.
WITH changed AS (
    UPDATE wallet w
    SET balance = new.balance, version = new.version
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
        AS new (user_id, version_loaded, version, balance)
    WHERE w.user_id = new.user_id AND w.version = new.version_loaded
    RETURNING 1
)
SELECT must_touch(cardinality($1::bigint[]), (SELECT count(*) FROM changed), 'wallet')
