-- Coupons whose status changed, each guarded by the version it was decided on.
WITH changed AS (
    UPDATE coupon c
    SET status = new.status, order_id = new.order_id, version = new.version
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::uuid[])
        AS new (coupon_id, version_loaded, version, status, order_id)
    WHERE c.coupon_id = new.coupon_id AND c.version = new.version_loaded
    RETURNING 1
)
SELECT must_touch(cardinality($1::uuid[]), (SELECT count(*) FROM changed), 'coupon')
