-- One coupon template with what was issued of it.
-- $1 bigint: template id
select template_id, name, discount_type, discount_value, quantity, issue_from, issue_until,
       valid_days, min_total, issued
  from coupon_template
 where template_id = $1::bigint
