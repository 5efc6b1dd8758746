-- What a command did to a user or an order stands in the history of just that one.
select e.command_id, e.command_type, e.type, j.user_id, e.data ->> 'user_id' as user_told,
       j.order_id, e.data ->> 'order_id' as order_told
  from journal_event e
  join journal j on j.command_id = e.command_id
 where (e.command_type in ('user.register', 'wallet.charge', 'coupon.issue', 'order.place',
                           'order.cancel', 'order.change', 'order.ship', 'order.expire',
                           'payment.settle')
        and e.data ? 'user_id'
        and (e.data ->> 'user_id')::bigint is distinct from j.user_id)
    or (e.type like 'order.%'
        and (e.data ->> 'order_id')::uuid is distinct from coalesce(j.order_id, j.command_id))
