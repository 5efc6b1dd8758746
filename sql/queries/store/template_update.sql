-- Coupon templates that changed, each guarded by the version it was decided on.
with changed as (
    update coupon_template t
    set name = new.name, discount_type = new.discount_type, discount_value = new.discount_value,
        quantity = new.quantity, issued = new.issued, issue_from = new.issue_from,
        issue_until = new.issue_until, valid_days = new.valid_days, min_total = new.min_total,
        version = new.version
    from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[],
                $7::timestamptz[], $8::timestamptz[], $9::integer[], $10::bigint[], $11::bigint[],
                $12::bigint[])
        as new (template_id, name, discount_type, discount_value, quantity, issued, issue_from,
                issue_until, valid_days, min_total, version, version_loaded)
    where t.template_id = new.template_id and t.version = new.version_loaded
    returning 1
)
select must_touch(cardinality($1::bigint[]), count(*), 'coupon_template')
from changed
having count(*) <> cardinality($1::bigint[])
