-- Lines of placed orders.
INSERT INTO order_line (order_id, option_id, product_id, quantity, unit_price)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::integer[], $5::bigint[])
