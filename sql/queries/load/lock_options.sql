-- Locks options ($1), all of products ($2) and those of orders ($3) in the one global order.
select option_id
from product_option
where option_id in (select unnest($1::bigint[])
                    union
                    select option_id from product_option where product_id = any ($2::bigint[])
                    union
                    select option_id from order_line where order_id = any ($3::uuid[]))
order by option_id
for no key update
