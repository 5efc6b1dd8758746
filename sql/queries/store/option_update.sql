-- Options whose name or surcharge changed.
WITH changed AS (
    UPDATE product_option o
    SET name = new.name, surcharge = new.surcharge
    FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS new (option_id, name, surcharge)
    WHERE o.option_id = new.option_id
    RETURNING 1
)
SELECT must_touch(cardinality($1::bigint[]), (SELECT count(*) FROM changed), 'product_option')
