-- Coupon templates that are deleted, each guarded by the version it was decided on.
WITH gone AS (
    DELETE FROM coupon_template t
    USING unnest($1::bigint[], $2::bigint[]) AS old (template_id, version_loaded)
    WHERE t.template_id = old.template_id AND t.version = old.version_loaded
    RETURNING 1
)
SELECT must_touch(cardinality($1::bigint[]), (SELECT count(*) FROM gone), 'coupon_template')
