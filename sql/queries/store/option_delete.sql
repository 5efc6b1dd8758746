-- Options that are deleted: never one that an order refers to.
with gone as (
    delete from product_option
    where option_id = any ($1::bigint[]) and not ordered
    returning 1
)
select must_touch(cardinality($1::bigint[]), count(*), 'product_option')
from gone
having count(*) <> cardinality($1::bigint[])
