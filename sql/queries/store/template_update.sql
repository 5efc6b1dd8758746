-- Coupon templates that changed, each guarded by the version it was decided on.
WITH changed AS (
    UPDATE coupon_template t
    SET name = new.name, discount_type = new.discount_type, discount_value = new.discount_value,
        quantity = new.quantity, issued = new.issued, issue_from = new.issue_from,
        issue_until = new.issue_until, valid_days = new.valid_days, min_total = new.min_total,
        version = new.version
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[],
                $7::timestamptz[], $8::timestamptz[], $9::integer[], $10::bigint[], $11::bigint[],
                $12::bigint[])
        AS new (template_id, name, discount_type, discount_value, quantity, issued, issue_from,
                issue_until, valid_days, min_total, version, version_loaded)
    WHERE t.template_id = new.template_id AND t.version = new.version_loaded
    RETURNING 1
)
SELECT must_touch(cardinality($1::bigint[]), (SELECT count(*) FROM changed), 'coupon_template')
