-- Options whose name or surcharge changed, or that were deleted and put again under a product.
with changed as (
    update product_option o
    set product_id = new.product_id, name = new.name, surcharge = new.surcharge
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[])
        as new (option_id, product_id, name, surcharge)
    where o.option_id = new.option_id
    returning 1
)
select must_touch(cardinality($1::bigint[]), count(*), 'product_option')
from changed
having count(*) <> cardinality($1::bigint[])
