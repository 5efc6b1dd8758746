-- Options by id, each with its product: what orders need that name options alone.
select o.product_id, o.option_id, o.name, o.surcharge, o.ordered, o.total, o.reserved,
       p.name as product_name, p.price, p.category, p.status, p.first_come, p.version
from product_option o
cross join lateral (
    -- By the index, whatever the planner believes of the table's size.
    select * from product p where p.product_id = o.product_id limit 1
) p
where o.option_id = any ($1::bigint[])
