-- A coupon is used if and only if one living order of its owner was paid with it.
select coalesce(c.coupon_id, o.coupon_id) as coupon_id, c.status, c.user_id, c.order_id,
       o.order_id as found_in, o.user_id as order_of
  from (select coupon_id, status, user_id, order_id from coupon where status = 'used') c
  full join (select coupon_id, order_id, user_id
               from orders
              where coupon_id is not null
                and status not in ('cancelled', 'failed')) o on o.coupon_id = c.coupon_id
 where c.coupon_id is null
    or o.coupon_id is null
    or c.order_id <> o.order_id
    or c.user_id <> o.user_id
