-- New coupon templates.
insert into coupon_template (template_id, name, discount_type, discount_value, quantity, issued,
                             issue_from, issue_until, valid_days, min_total, version)
select * from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[],
                     $7::timestamptz[], $8::timestamptz[], $9::integer[], $10::bigint[],
                     $11::bigint[])
