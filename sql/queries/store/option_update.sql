-- Options whose name or surcharge changed, or that were deleted and put again under a product.
WITH changed AS (
    UPDATE product_option o
    SET product_id = new.product_id, name = new.name, surcharge = new.surcharge
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[])
        AS new (option_id, product_id, name, surcharge)
    WHERE o.option_id = new.option_id
    RETURNING 1
)
SELECT must_touch(cardinality($1::bigint[]), (SELECT count(*) FROM changed), 'product_option')
