-- An order stands as its latest event left it, on the terms that were told last.
with told as (
    select (e.data ->> 'order_id')::uuid as order_id, e.type, e.version, e.data,
           row_number() over (partition by e.data ->> 'order_id' order by e.version desc) as back,
           count(*) over (partition by e.data ->> 'order_id') as events
      from journal_event e
     where e.command_type in ('order.place', 'order.cancel', 'order.change', 'order.ship',
                              'order.expire', 'payment.settle')
       and e.type like 'order.%'
), latest as (
    select order_id, version, events, data,
           case type when 'order.placed' then 'pending_payment'
                     when 'order.paid' then 'paid'
                     when 'order.changed' then 'paid'
                     when 'order.failed' then 'failed'
                     when 'order.cancelled' then 'cancelled'
                     when 'order.shipped'
                     then case when (data ->> 'complete')::boolean
                               then 'shipped' else 'partly_shipped' end
           end as status
      from told
     where back = 1
), terms as (
    select distinct on (order_id) order_id, data, data -> 'payment' as payment
      from told
     where data ? 'total'
     order by order_id, version desc
)
select coalesce(o.order_id, l.order_id) as order_id, o.status, l.status as status_told, o.version,
       l.version as version_told, l.events, o.total, o.discount, o.paid, o.from_balance,
       o.refunded, t.data - 'lines' - 'previous' as terms_told
  from orders o
  full join latest l on l.order_id = o.order_id
  left join terms t on t.order_id = l.order_id
 where o.status is distinct from l.status
    or o.version is distinct from l.version
    or l.version is distinct from l.events
    or o.user_id is distinct from (t.data ->> 'user_id')::bigint
    or o.key is distinct from t.data ->> 'key'
    or o.total is distinct from (t.data ->> 'total')::bigint
    or o.discount is distinct from (t.data ->> 'discount')::bigint
    or o.paid is distinct from (t.data ->> 'paid')::bigint
    or o.coupon_id is distinct from (t.data ->> 'coupon_id')::uuid
    or o.payment_method is distinct from t.payment ->> 'method'
    or o.from_balance is distinct from coalesce((t.payment ->> 'from_balance')::bigint, 0)
    or o.transfer_rate is distinct from coalesce((t.payment ->> 'transfer_rate')::integer, 0)
    or o.transfer_discount is distinct from coalesce((t.payment ->> 'transfer_discount')::bigint, 0)
    or o.ordered_at is distinct from (t.data ->> 'ordered_at')::timestamptz
    or o.paid_at is distinct from (t.data ->> 'paid_at')::timestamptz
    or o.expires_at is distinct from case when l.status = 'pending_payment'
                                          then (l.data ->> 'expires_at')::timestamptz end
    or o.failure is distinct from case when l.status = 'failed' then l.data ->> 'failure' end
    or o.refunded is distinct from coalesce((l.data ->> 'refunded')::bigint, 0)
