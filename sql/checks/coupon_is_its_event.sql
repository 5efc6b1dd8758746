-- Each coupon is what was told of it last, and each that was told of is there.
with told as (
    select (e.data ->> 'coupon_id')::uuid as coupon_id, e.type, e.version, e.data,
           row_number() over (partition by e.data ->> 'coupon_id' order by e.version desc) as back,
           count(*) over (partition by e.data ->> 'coupon_id') as events
      from journal_event e
     where e.command_type not in ('wallet.charge', 'product.put', 'option.restock', 'order.ship')
       and e.type like 'coupon.%'
), latest as (
    select coupon_id, version, events, (data ->> 'user_id')::bigint as user_id,
           case type when 'coupon.used' then (data ->> 'order_id')::uuid end as order_id,
           case type when 'coupon.issued' then 'available'
                     when 'coupon.used' then 'used'
                     when 'coupon.returned' then 'available'
                     when 'coupon.expired' then 'expired'
                     when 'coupon.revoked' then 'cancelled' end as status
      from told
     where back = 1
)
select coalesce(c.coupon_id, l.coupon_id) as coupon_id, c.status, l.status as status_told,
       c.version, l.version as version_told, l.events, c.template_id, c.user_id, c.position,
       c.order_id, l.order_id as order_told, i.data as issued
  from coupon c
  full join latest l on l.coupon_id = c.coupon_id
  left join told i on i.coupon_id = l.coupon_id and i.type = 'coupon.issued'
 where c.status is distinct from l.status
    or c.order_id is distinct from l.order_id
    or c.version is distinct from l.version
    or l.version is distinct from l.events
    or l.user_id is distinct from c.user_id
    or c.template_id is distinct from coalesce((i.data ->> 'template_id')::bigint, 0)
    or c.user_id is distinct from (i.data ->> 'user_id')::bigint
    or c.position is distinct from (i.data ->> 'position')::bigint
    or c.expires_at is distinct from (i.data ->> 'expires_at')::timestamptz
    or c.discount_type is distinct from i.data -> 'discount' ->> 'type'
    or c.discount_value is distinct from (i.data -> 'discount' ->> 'value')::bigint
