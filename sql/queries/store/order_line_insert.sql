-- Lines of placed orders, and of those whose lines are written anew.
insert into order_line (order_id, option_id, product_id, quantity, unit_price, shipped, category)
select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::integer[], $5::bigint[],
                     $6::integer[], $7::text[])
