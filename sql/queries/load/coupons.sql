-- Coupons by id, and those that users hold of templates (the two last arrays are pairs).
select coupon_id, template_id, user_id, position, status, discount_type, discount_value, min_total,
       issued_at, expires_at, order_id, version
from coupon
where coupon_id = any ($1::uuid[])
union
select c.coupon_id, c.template_id, c.user_id, c.position, c.status, c.discount_type,
       c.discount_value, c.min_total, c.issued_at, c.expires_at, c.order_id, c.version
from unnest($2::bigint[], $3::bigint[]) as held (template_id, user_id)
join coupon c on c.user_id = held.user_id and c.template_id = held.template_id
