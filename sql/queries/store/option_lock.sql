-- Locks options in the one global order: by id, and all of the products.
select option_id
from product_option
where option_id = any ($1::bigint[]) or product_id = any ($2::bigint[])
order by option_id
for no key update
