-- Lines of placed orders, and of those whose lines are written anew.
insert into order_line (order_id, option_id, product_id, quantity, unit_price, shipped, category)
select unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::integer[]),
       unnest($5::bigint[]), unnest($6::integer[]), unnest($7::text[])
