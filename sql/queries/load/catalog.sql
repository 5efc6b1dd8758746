-- Products by id ($1), by option ($2), in orders to be placed ($3), by name ($4) and in orders that
-- stand ($5), then options by id, all of the products of $1, two of those of $3, and those of the
-- lines of $5: one statement, so that both are of one moment, and no price is put together of an
-- old and a new half. A product's row has no option_id.
select p.product_id, null::bigint as option_id, p.name, p.price as price_or_surcharge, p.category,
       p.status, p.first_come as first_come_or_ordered, p.version as version_or_total,
       null::bigint as reserved
from (
    select p.* from product p where p.product_id = any ($1::bigint[])
    union
    select p.* from product_option o join product p using (product_id)
    where o.option_id = any ($2::bigint[])
    union
    select p.* from product p where p.product_id = any ($3::bigint[])
    union
    select p.* from product p where p.name = any ($4::text[])
    union
    select p.* from order_line l join product p using (product_id)
    where l.order_id = any ($5::uuid[])
) p
union all
select o.product_id, o.option_id, o.name, o.surcharge, null, null, o.ordered, o.total, o.reserved
from (
    select o.* from product_option o where o.option_id = any ($2::bigint[])
    union
    select o.* from product_option o where o.product_id = any ($1::bigint[])
    union
    select o.*
    from unnest($3::bigint[]) as sold (product_id)
    cross join lateral (
        select o.* from product_option o
        where o.product_id = sold.product_id
        order by o.product_id, o.name
        limit 2
    ) o
    union
    select o.* from order_line l join product_option o using (option_id)
    where l.order_id = any ($5::uuid[])
) o
order by option_id nulls first, product_id
