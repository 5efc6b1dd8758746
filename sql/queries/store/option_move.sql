-- Stock as sums: they commute, so that options are read without a lock and written late. The CHECK
-- is the guard; when it fails, the batch is decided again on locked rows.
WITH moved AS (
    UPDATE product_option o
    SET total = o.total + new.total, reserved = o.reserved + new.reserved,
        ordered = o.ordered OR new.ordered
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[])
        AS new (option_id, total, reserved, ordered)
    WHERE o.option_id = new.option_id
    RETURNING 1
)
SELECT must_touch(cardinality($1::bigint[]), (SELECT count(*) FROM moved), 'product_option')
