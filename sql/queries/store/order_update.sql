-- Orders that changed, each guarded by the version it was decided on. Whose they are, their keys,
-- coupons and ways of payment stay as they were placed.
with changed as (
    update orders o
    set status = new.status, total = new.total, discount = new.discount, paid = new.paid,
        from_balance = new.from_balance, transfer_discount = new.transfer_discount,
        refunded = new.refunded, paid_at = new.paid_at, expires_at = new.expires_at,
        failure = new.failure, version = new.version
    from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[],
                $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::timestamptz[],
                $12::timestamptz[], $13::text[])
        as new (order_id, version_loaded, version, status, total, discount, paid, from_balance,
                transfer_discount, refunded, paid_at, expires_at, failure)
    where o.order_id = new.order_id and o.version = new.version_loaded
    returning 1
)
select must_touch(cardinality($1::uuid[]), count(*), 'orders')
from changed
having count(*) <> cardinality($1::uuid[])
