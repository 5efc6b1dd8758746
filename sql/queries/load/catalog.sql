-- Products by id ($1), by option ($2), in orders ($3) and by name ($4), then options by id, all of
-- the products of $1, and two of those of $3: one statement, so that both are of one moment, and no
-- price is put together of an old and a new half. A product's row has no option_id.
SELECT p.product_id, NULL::bigint AS option_id, p.name, p.price AS price_or_surcharge, p.category,
       p.status, p.first_come AS first_come_or_ordered, p.version AS version_or_total,
       NULL::bigint AS reserved
FROM (
    SELECT p.* FROM product p WHERE p.product_id = ANY ($1::bigint[])
    UNION
    SELECT p.* FROM product_option o JOIN product p USING (product_id)
    WHERE o.option_id = ANY ($2::bigint[])
    UNION
    SELECT p.* FROM product p WHERE p.product_id = ANY ($3::bigint[])
    UNION
    SELECT p.* FROM product p WHERE p.name = ANY ($4::text[])
) p
UNION ALL
SELECT o.product_id, o.option_id, o.name, o.surcharge, NULL, NULL, o.ordered, o.total, o.reserved
FROM (
    SELECT o.* FROM product_option o WHERE o.option_id = ANY ($2::bigint[])
    UNION
    SELECT o.* FROM product_option o WHERE o.product_id = ANY ($1::bigint[])
    UNION
    SELECT o.*
    FROM unnest($3::bigint[]) AS sold (product_id)
    CROSS JOIN LATERAL (
        SELECT o.* FROM product_option o
        WHERE o.product_id = sold.product_id
        ORDER BY o.product_id, o.name
        LIMIT 2
    ) o
) o
ORDER BY option_id NULLS FIRST, product_id
