-- Issued coupons.
insert into coupon (coupon_id, template_id, user_id, position, status, discount_type,
                    discount_value, min_total, issued_at, expires_at, order_id, version)
select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[],
                     $7::bigint[], $8::bigint[], $9::timestamptz[], $10::timestamptz[],
                     $11::uuid[], $12::bigint[])
