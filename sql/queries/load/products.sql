-- Products by id, by name, and those that the options belong to.
SELECT p.product_id, p.name, p.price, p.category, p.status, p.first_come, p.version
FROM product p
WHERE p.product_id = ANY ($1::bigint[])
UNION
SELECT p.product_id, p.name, p.price, p.category, p.status, p.first_come, p.version
FROM product_option o
JOIN product p USING (product_id)
WHERE o.option_id = ANY ($2::bigint[])
UNION
SELECT p.product_id, p.name, p.price, p.category, p.status, p.first_come, p.version
FROM product p
WHERE p.name = ANY ($3::text[])
