-- The next ids of products, behind $1.
select product_id from product where product_id > $1::bigint order by product_id limit 500
