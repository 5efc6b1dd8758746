-- Options that are deleted: never one that an order refers to.
WITH gone AS (
    DELETE FROM product_option
    WHERE option_id = ANY ($1::bigint[]) AND NOT ordered
    RETURNING 1
)
SELECT must_touch(cardinality($1::bigint[]), (SELECT count(*) FROM gone), 'product_option')
