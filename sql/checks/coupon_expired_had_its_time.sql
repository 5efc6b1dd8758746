-- A coupon expired only when its time had come.
select c.coupon_id, c.template_id, c.user_id, c.expires_at, j.accepted_at, j.type, j.command_id
  from journal_event e
  join journal j on j.command_id = e.command_id
  join coupon c on c.coupon_id = (e.data ->> 'coupon_id')::uuid
 where e.command_type in ('coupon.expire', 'order.cancel', 'order.expire', 'payment.settle')
   and e.type = 'coupon.expired'
   and (c.expires_at is null or c.expires_at > j.accepted_at)
