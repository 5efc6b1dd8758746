-- An order's user paid what it costs and got back what was cancelled, neither more nor less.
-- From the balance comes all that was not transferred from elsewhere.
with moved as (
    select (e.data ->> 'order_id')::uuid as order_id,
           sum(case e.type when 'wallet.used' then (e.data ->> 'amount')::bigint
                           when 'wallet.refunded' then -(e.data ->> 'amount')::bigint
                           else 0 end) as used,
           sum(case when e.type = 'wallet.held' then (e.data ->> 'amount')::bigint
                    when e.type = 'wallet.released' or (e.data ->> 'from_held')::boolean
                    then -(e.data ->> 'amount')::bigint
                    else 0 end) as held,
           count(distinct e.data ->> 'user_id') as users, min(e.data ->> 'user_id') as user_id
      from journal_event e
     where e.command_type in ('order.place', 'order.cancel', 'order.change', 'order.ship',
                              'order.expire', 'payment.settle')
       and e.type like 'wallet.%'
       and e.data ? 'order_id'
     group by 1
), transferred as (
    select (e.data ->> 'order_id')::uuid as order_id,
           (e.data ->> 'paid')::bigint
               - (e.data -> 'payment' ->> 'from_balance')::bigint as transferred
      from journal_event e
     where e.command_type in ('order.place', 'payment.settle')
       and e.type = 'order.paid'
       and e.data -> 'payment' ->> 'method' = 'bank_transfer'
)
select coalesce(o.order_id, m.order_id) as order_id, o.status, o.paid, o.refunded, t.transferred,
       m.used as taken_from_wallet, o.from_balance, m.held, o.user_id, m.user_id as user_of_wallet
  from orders o
  full join moved m on m.order_id = o.order_id
  left join transferred t on t.order_id = o.order_id
 where o.order_id is null
    or coalesce(m.used, 0) <> case when o.paid_at is null then 0
                                   else o.paid - coalesce(t.transferred, 0) - o.refunded end
    or coalesce(m.held, 0) <> case when o.status = 'pending_payment' then o.from_balance else 0 end
    or m.users > 1
    or m.user_id <> o.user_id::text
    or o.refunded <> case when o.status = 'cancelled' then o.paid else 0 end
