-- The key under which commands on this order stand in line, and whose it is: NULLs when there is no
-- such order, and then whether a command of that id was decided.
-- $1 uuid: order id
select o.key, o.user_id, exists (select from journal j where j.command_id = $1::uuid) as decided
  from (values ($1::uuid)) as asked (order_id)
  left join orders o on o.order_id = asked.order_id
