-- Locks coupons in the one global order.
select coupon_id
from coupon
where coupon_id = any ($1::uuid[])
order by coupon_id
for no key update
