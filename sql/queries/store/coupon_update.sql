-- Coupons whose status changed, each guarded by the version it was decided on. They come in the
-- order of their ids, and are locked in it.
with changed as (
    update coupon c
    set status = new.status, order_id = new.order_id, version = new.version
    from (
        select unnest($1::uuid[]) as coupon_id, unnest($2::bigint[]) as version_loaded,
               unnest($3::bigint[]) as version, unnest($4::text[]) as status,
               unnest($5::uuid[]) as order_id
    ) new
    where c.coupon_id = new.coupon_id and c.version = new.version_loaded
    returning 1
)
select must_touch(cardinality($1::uuid[]), count(*), 'coupon')
from changed
having count(*) <> cardinality($1::uuid[])
