-- Coupons whose status changed, each guarded by the version it was decided on.
with changed as (
    update coupon c
    set status = new.status, order_id = new.order_id, version = new.version
    from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::uuid[])
        as new (coupon_id, version_loaded, version, status, order_id)
    where c.coupon_id = new.coupon_id and c.version = new.version_loaded
    returning 1
)
select must_touch(cardinality($1::uuid[]), (select count(*) from changed), 'coupon')
