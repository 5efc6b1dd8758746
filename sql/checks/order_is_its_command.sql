-- Each order comes of one succeeded command of its id, and each such command made its order.
select coalesce(o.order_id, j.command_id) as order_id, o.user_id, o.key, j.key as command_key,
       j.verdict
  from orders o
  full join (select command_id, user_id, key, verdict
               from journal
              where type = 'order.place'
                and verdict is null
                and replay_of is null) j on j.command_id = o.order_id
 where o.order_id is null
    or j.command_id is null
    or o.user_id is distinct from j.user_id
    or o.key is distinct from j.key
