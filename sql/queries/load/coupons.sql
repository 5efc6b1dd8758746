-- Coupons by id, and those that users hold of templates (the two last arrays are pairs).
SELECT coupon_id, template_id, user_id, position, status, discount_type, discount_value, min_total,
       issued_at, expires_at, order_id, version
FROM coupon
WHERE coupon_id = ANY ($1::uuid[])
UNION
SELECT c.coupon_id, c.template_id, c.user_id, c.position, c.status, c.discount_type,
       c.discount_value, c.min_total, c.issued_at, c.expires_at, c.order_id, c.version
FROM unnest($2::bigint[], $3::bigint[]) AS held (template_id, user_id)
JOIN coupon c ON c.user_id = held.user_id AND c.template_id = held.template_id
