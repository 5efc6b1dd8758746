-- Locks options in the one global order.
select option_id
from product_option
where option_id = any ($1::bigint[])
order by option_id
for no key update
