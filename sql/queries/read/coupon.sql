-- One coupon, in the columns of user_coupons.
-- $1 uuid: coupon id
select u.coupon_id, nullif(u.template_id, 0) as template_id, u.user_id, u.position,
       case when u.status = 'available' and u.expires_at <= now() then 'expired'
            else u.status end as now_status,
       u.discount_type, u.discount_value, u.min_total, u.issued_at, u.expires_at, u.order_id
  from coupon u
 where u.coupon_id = $1::uuid
