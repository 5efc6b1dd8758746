-- Lines of placed orders.
insert into order_line (order_id, option_id, product_id, quantity, unit_price)
select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::integer[], $5::bigint[])
