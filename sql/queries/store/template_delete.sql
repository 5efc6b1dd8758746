-- Coupon templates that are deleted, each guarded by the version it was decided on.
with gone as (
    delete from coupon_template t
    using unnest($1::bigint[], $2::bigint[]) as old (template_id, version_loaded)
    where t.template_id = old.template_id and t.version = old.version_loaded
    returning 1
)
select must_touch(cardinality($1::bigint[]), count(*), 'coupon_template')
from gone
having count(*) <> cardinality($1::bigint[])
