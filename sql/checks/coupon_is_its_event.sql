-- Each coupon is what coupon.issued told of it, and each that was told of is there.
with told as (
    select (e.value -> 'data' ->> 'coupon_id')::uuid as coupon_id,
           (e.value -> 'data' ->> 'template_id')::bigint as template_id,
           (e.value -> 'data' ->> 'user_id')::bigint as user_id,
           (e.value -> 'data' ->> 'position')::bigint as position
      from journal j
     cross join lateral jsonb_array_elements(j.events::jsonb) as e (value)
     where j.events is not null
       and j.type not in ('order.place', 'wallet.charge', 'product.put')
       and e.value ->> 'type' = 'coupon.issued'
)
select coalesce(c.coupon_id, t.coupon_id) as coupon_id, c.template_id, c.user_id, c.position,
       t.template_id as template_told, t.user_id as user_told, t.position as position_told
  from coupon c
  full join told t on t.coupon_id = c.coupon_id
 where c.coupon_id is null
    or t.coupon_id is null
    or c.template_id <> t.template_id
    or c.user_id <> t.user_id
    or c.position <> t.position
