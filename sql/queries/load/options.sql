-- Options by id, and all options of the products.
SELECT option_id, product_id, name, surcharge, total, reserved, ordered
FROM product_option
WHERE option_id = ANY ($1::bigint[])
UNION
SELECT option_id, product_id, name, surcharge, total, reserved, ordered
FROM product_option
WHERE product_id = ANY ($2::bigint[])
ORDER BY option_id
