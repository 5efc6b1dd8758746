-- Where these options and products belong, and which of them are first-come.
-- $1 bigint[]: option ids; $2 bigint[]: product ids
select o.option_id, p.product_id, p.first_come
  from product_option o
  join product p on p.product_id = o.product_id
 where o.option_id = any ($1::bigint[])
union all
select null, p.product_id, p.first_come
  from product p
 where p.product_id = any ($2::bigint[])
