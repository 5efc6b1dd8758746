-- The next ids of coupons, behind $1.
select coupon_id from coupon where coupon_id > $1::uuid order by coupon_id limit 500
