-- Coupon templates by id.
SELECT template_id, name, discount_type, discount_value, quantity, issued, issue_from, issue_until,
       valid_days, min_total, version
FROM coupon_template
WHERE template_id = ANY ($1::bigint[])
