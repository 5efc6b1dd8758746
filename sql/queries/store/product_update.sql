-- Products that changed, each guarded by the version it was decided on.
WITH changed AS (
    UPDATE product p
    SET name = new.name, price = new.price, category = new.category, status = new.status,
        first_come = new.first_come, version = new.version
    FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::boolean[],
                $7::bigint[], $8::bigint[])
        AS new (product_id, name, price, category, status, first_come, version, version_loaded)
    WHERE p.product_id = new.product_id AND p.version = new.version_loaded
    RETURNING 1
)
SELECT must_touch(cardinality($1::bigint[]), (SELECT count(*) FROM changed), 'product')
