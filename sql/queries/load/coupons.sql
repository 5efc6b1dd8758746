-- Coupons by id ($1), those that users hold of templates ($2 and $3 are pairs), and those of orders
-- ($4).
select coupon_id, template_id, user_id, position, status, discount_type, discount_value, min_total,
       issued_at, expires_at, order_id, version
from coupon
where coupon_id = any ($1::uuid[])
union
select c.coupon_id, c.template_id, c.user_id, c.position, c.status, c.discount_type,
       c.discount_value, c.min_total, c.issued_at, c.expires_at, c.order_id, c.version
from unnest($2::bigint[], $3::bigint[]) as held (template_id, user_id)
join coupon c on c.user_id = held.user_id and c.template_id = held.template_id
union
select c.coupon_id, c.template_id, c.user_id, c.position, c.status, c.discount_type,
       c.discount_value, c.min_total, c.issued_at, c.expires_at, c.order_id, c.version
from orders o
join coupon c on c.coupon_id = o.coupon_id
where o.order_id = any ($4::uuid[])
