-- What order.paid tells of an order is what stands in its row, and the wallet paid just that.
with told as (
    select j.command_id,
           max(case when e.value ->> 'type' = 'order.paid'
                    then (e.value -> 'data' ->> 'total')::bigint end) as total,
           max(case when e.value ->> 'type' = 'order.paid'
                    then (e.value -> 'data' ->> 'discount')::bigint end) as discount,
           max(case when e.value ->> 'type' = 'order.paid'
                    then (e.value -> 'data' ->> 'paid')::bigint end) as paid,
           count(*) filter (where e.value ->> 'type' = 'order.paid') as events,
           coalesce(sum((e.value -> 'data' ->> 'amount')::bigint)
                        filter (where e.value ->> 'type' = 'wallet.used'), 0) as used
      from journal j
     cross join lateral jsonb_array_elements(j.events::jsonb) as e (value)
     where j.events is not null
       and j.type = 'order.place'
     group by j.command_id
)
select o.order_id, o.total, t.total as total_told, o.discount, t.discount as discount_told, o.paid,
       t.paid as paid_told, t.used as taken_from_wallet, t.events
  from orders o
  left join told t on t.command_id = o.order_id
 where o.paid_at is not null
   and (t.events is distinct from 1
        or o.total is distinct from t.total
        or o.discount is distinct from t.discount
        or o.paid is distinct from t.paid
        or (o.payment_method = 'balance' and o.paid is distinct from t.used))
