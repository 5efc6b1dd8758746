-- Placed orders.
insert into orders (order_id, user_id, key, status, total, discount, paid, coupon_id,
                    payment_method, ordered_at, paid_at, version, from_balance, transfer_rate,
                    transfer_discount, refunded, expires_at, failure)
select unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::text[]), unnest($4::text[]),
       unnest($5::bigint[]), unnest($6::bigint[]), unnest($7::bigint[]), unnest($8::uuid[]),
       unnest($9::text[]), unnest($10::timestamptz[]), unnest($11::timestamptz[]),
       unnest($12::bigint[]), unnest($13::bigint[]), unnest($14::integer[]),
       unnest($15::bigint[]), unnest($16::bigint[]), unnest($17::timestamptz[]),
       unnest($18::text[])
