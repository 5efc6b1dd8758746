-- Placed orders.
insert into orders (order_id, user_id, key, status, total, discount, paid, coupon_id,
                    payment_method, ordered_at, paid_at, version, from_balance, transfer_rate,
                    transfer_discount, refunded, expires_at, failure)
select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[],
                     $7::bigint[], $8::uuid[], $9::text[], $10::timestamptz[], $11::timestamptz[],
                     $12::bigint[], $13::bigint[], $14::integer[], $15::bigint[], $16::bigint[],
                     $17::timestamptz[], $18::text[])
