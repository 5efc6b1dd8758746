-- Orders by id, each followed by its lines by option: one statement, so that an order and its lines
-- are of one moment. An order's row has no option_id.
select o.order_id, null::bigint as option_id, o.user_id as user_or_product,
       o.key as key_or_category, o.total as total_or_quantity, o.paid as paid_or_unit_price,
       o.refunded as refunded_or_shipped, o.discount, o.status, o.coupon_id, o.payment_method,
       o.from_balance, o.transfer_rate, o.transfer_discount, o.ordered_at, o.paid_at, o.expires_at,
       o.failure, o.version
from orders o
where o.order_id = any ($1::uuid[])
union all
select l.order_id, l.option_id, l.product_id, l.category, l.quantity, l.unit_price, l.shipped,
       null, null, null, null, null, null, null, null, null, null, null, null
from order_line l
where l.order_id = any ($1::uuid[])
order by order_id, option_id nulls first
