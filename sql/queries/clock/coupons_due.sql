-- The next coupons in the order of their expiry that are available and past it; those of a template
-- stand together.
-- $1 timestamptz: they expired before it
-- $2 timestamptz, $3 uuid: expiry and id behind which to go on
-- $4 integer: so many at most
with page as (
    select c.template_id, c.coupon_id, c.expires_at
      from coupon c
     where c.status = 'available'
       and c.expires_at < $1::timestamptz
       and (c.expires_at, c.coupon_id) > ($2::timestamptz, $3::uuid)
     order by c.expires_at, c.coupon_id
     limit $4::integer
)
select p.template_id, p.coupon_id, p.expires_at
  from page p
 order by p.template_id, p.expires_at, p.coupon_id
