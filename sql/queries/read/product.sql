-- One product with its options, in the columns of the product lists.
-- $1 bigint: product id
select p.product_id, p.name, p.price, p.category, p.status, p.first_come, p.created_at,
       o.option_id, o.name as option_name, o.surcharge, o.total - o.reserved as available
  from product p
  left join product_option o on o.product_id = p.product_id
 where p.product_id = $1::bigint
 order by o.option_id
