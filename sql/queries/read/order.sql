-- One order with its lines, in the columns of user_orders.
-- $1 uuid: order id
select o.order_id, o.user_id, o.status, o.total, o.discount, o.paid, o.coupon_id,
       o.payment_method, o.from_balance, o.transfer_discount, o.refunded, o.failure,
       o.ordered_at, o.paid_at, o.expires_at,
       l.option_id, l.product_id, l.quantity, l.unit_price, l.shipped, 1::bigint as fetched
  from orders o
  left join order_line l on l.order_id = o.order_id
 where o.order_id = $1::uuid
 order by l.option_id
