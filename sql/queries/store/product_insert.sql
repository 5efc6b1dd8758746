-- New products.
INSERT INTO product (product_id, name, price, category, status, first_come, version, created_at)
SELECT product_id, name, price, category, status, first_come, version, $8::timestamptz
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::boolean[],
            $7::bigint[])
    AS new (product_id, name, price, category, status, first_come, version)
