-- Products that are deleted (their options went before), guarded by version.
with gone as (
    delete from product p
    using unnest($1::bigint[], $2::bigint[]) as old (product_id, version_loaded)
    where p.product_id = old.product_id and p.version = old.version_loaded
    returning 1
)
select must_touch(cardinality($1::bigint[]), count(*), 'product')
from gone
having count(*) <> cardinality($1::bigint[])
