-- Products that are deleted (their options went before), guarded by version.
WITH gone AS (
    DELETE FROM product p
    USING unnest($1::bigint[], $2::bigint[]) AS old (product_id, version_loaded)
    WHERE p.product_id = old.product_id AND p.version = old.version_loaded
    RETURNING 1
)
SELECT must_touch(cardinality($1::bigint[]), (SELECT count(*) FROM gone), 'product')
