-- The key under which commands on this coupon stand in line, and whose it is, in the columns of
-- order_key.
-- $1 uuid: coupon id
select 'template:' || u.template_id as key, u.user_id,
       exists (select from journal j where j.command_id = $1::uuid) as decided
  from (values ($1::uuid)) as asked (coupon_id)
  left join coupon u on u.coupon_id = asked.coupon_id
