-- The options of all first-come products: known before the first order asks for them.
select o.option_id, p.product_id
  from product p
  join product_option o on o.product_id = p.product_id
 where p.first_come
