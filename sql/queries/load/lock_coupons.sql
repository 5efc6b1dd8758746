-- Locks coupons ($1) and those of orders ($2) in the one global order.
select coupon_id
from coupon
where coupon_id in (select unnest($1::uuid[])
                    union
                    select coupon_id from orders where order_id = any ($2::uuid[]))
order by coupon_id
for no key update
