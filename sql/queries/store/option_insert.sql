-- New options.
insert into product_option (option_id, product_id, name, surcharge, total, reserved, ordered)
select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[],
                     $6::bigint[], $7::boolean[])
