-- Placed orders.
insert into orders (order_id, user_id, key, status, total, discount, paid, coupon_id,
                    payment_method, ordered_at, paid_at, version)
select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[],
                     $7::bigint[], $8::uuid[], $9::text[], $10::timestamptz[], $11::timestamptz[],
                     $12::bigint[])
