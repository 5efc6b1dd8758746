-- Coupons of a user, newest first. No row: no such user; a row of NULLs: none (left).
-- One without a template is the policy's own, for a new user.
-- One that is available and past its end reads as expired before the clock has made it so.
-- $1 bigint: user id; $2 text: status or NULL; $3 uuid: the last one seen, or NULL;
-- $4 bigint: how many
select k.coupon_id, k.template_id, k.user_id, k.position, k.now_status, k.discount_type,
       k.discount_value, k.min_total, k.issued_at, k.expires_at, k.order_id
  from customer c
  left join lateral (
       select x.coupon_id, x.template_id, x.user_id, x.position, x.now_status, x.discount_type,
              x.discount_value, x.min_total, x.issued_at, x.expires_at, x.order_id
         from (select u.coupon_id, nullif(u.template_id, 0) as template_id, u.user_id,
                      u.position,
                      case when u.status = 'available' and u.expires_at <= now() then 'expired'
                           else u.status end as now_status,
                      u.discount_type, u.discount_value, u.min_total, u.issued_at, u.expires_at,
                      u.order_id
                 from coupon u
                where u.user_id = c.user_id) x
        where ($2::text is null or x.now_status = $2::text)
          and ($3::uuid is null or x.coupon_id < $3::uuid)
        order by x.coupon_id desc
        limit $4::bigint) k on true
 where c.user_id = $1::bigint
 order by k.coupon_id desc
