-- Orders of a user with their lines, newest first. No row: no such user; a row of NULLs: none
-- (left). A page ends early when its lines become many; `fetched` tells how many orders there
-- were to choose from.
-- $1 bigint: user id; $2 uuid: the last one seen, or NULL; $3 bigint: how many;
-- $4 bigint: lines from which a page ends
select o.order_id, o.user_id, o.status, o.total, o.discount, o.paid, o.coupon_id,
       o.payment_method, o.from_balance, o.transfer_discount, o.refunded, o.failure,
       o.ordered_at, o.paid_at, o.expires_at,
       l.option_id, l.product_id, l.quantity, l.unit_price, l.shipped, k.fetched
  from customer c
  left join lateral (
       select y.order_id, y.fetched
         from (select x.order_id, count(*) over () as fetched,
                      sum(x.line_count) over (order by x.order_id desc)
                      - x.line_count as lines_before
                 from (select z.order_id,
                              (select count(*) from order_line n
                                where n.order_id = z.order_id) as line_count
                         from orders z
                        where z.user_id = c.user_id
                          and z.order_id < coalesce($2::uuid,
                                                    'ffffffff-ffff-ffff-ffff-ffffffffffff')
                        order by z.order_id desc
                        limit $3::bigint) x) y
        where y.lines_before < $4::bigint) k on true
  left join orders o on o.order_id = k.order_id
  left join order_line l on l.order_id = k.order_id
 where c.user_id = $1::bigint
 order by o.order_id desc, l.option_id
