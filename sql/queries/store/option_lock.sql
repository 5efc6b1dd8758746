-- Locks options in the one global order: by id, and all of the products.
SELECT option_id
FROM product_option
WHERE option_id = ANY ($1::bigint[]) OR product_id = ANY ($2::bigint[])
ORDER BY option_id
FOR NO KEY UPDATE
