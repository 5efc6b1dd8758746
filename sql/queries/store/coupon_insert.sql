-- Issued coupons.
insert into coupon (coupon_id, template_id, user_id, position, status, discount_type,
                    discount_value, min_total, issued_at, expires_at, order_id, version)
select unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::bigint[]),
       unnest($5::text[]), unnest($6::text[]), unnest($7::bigint[]), unnest($8::bigint[]),
       unnest($9::timestamptz[]), unnest($10::timestamptz[]), unnest($11::uuid[]),
       unnest($12::bigint[])
