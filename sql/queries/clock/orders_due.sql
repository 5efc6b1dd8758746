-- The next orders in the order of their end whose payment was not settled by then.
-- $1 timestamptz: it ended before
-- $2 timestamptz, $3 uuid: end and id behind which to go on
-- $4 integer: so many at most
select o.key, o.order_id, o.expires_at
  from orders o
 where o.status = 'pending_payment'
   and o.expires_at < $1::timestamptz
   and (o.expires_at, o.order_id) > ($2::timestamptz, $3::uuid)
 order by o.expires_at, o.order_id
 limit $4::integer
