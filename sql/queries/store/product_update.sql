-- Products that changed, each guarded by the version it was decided on.
with changed as (
    update product p
    set name = new.name, price = new.price, category = new.category, status = new.status,
        first_come = new.first_come, version = new.version
    from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::boolean[],
                $7::bigint[], $8::bigint[])
        as new (product_id, name, price, category, status, first_come, version, version_loaded)
    where p.product_id = new.product_id and p.version = new.version_loaded
    returning 1
)
select must_touch(cardinality($1::bigint[]), count(*), 'product')
from changed
having count(*) <> cardinality($1::bigint[])
