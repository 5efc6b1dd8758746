-- Coupon templates by id.
select template_id, name, discount_type, discount_value, quantity, issued, issue_from, issue_until,
       valid_days, min_total, version
from coupon_template
where template_id = any ($1::bigint[])
