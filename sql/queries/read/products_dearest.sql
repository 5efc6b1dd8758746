-- A page of products with their options, dearest first.
-- $1 text: part of the name or NULL; $2 text: category or NULL; $3 bigint, $4 bigint: least and
-- highest price or NULL; $5 boolean: leave out what is sold out; $6 bigint, $7 bigint: price and
-- id of the last one seen, or NULL; $8 bigint: how many
select p.product_id, p.name, p.price, p.category, p.status, p.first_come, p.created_at,
       o.option_id, o.name as option_name, o.surcharge, o.total - o.reserved as available
  from (select x.product_id, x.name, x.price, x.category, x.status, x.first_come, x.created_at
          from product x
         where ($1::text is null or position(lower($1::text) in lower(x.name)) > 0)
           and ($2::text is null or x.category = $2::text)
           and ($3::bigint is null or x.price >= $3::bigint)
           and ($4::bigint is null or x.price <= $4::bigint)
           and (not $5::boolean or x.status <> 'on_sale' or exists (
                select from product_option s
                 where s.product_id = x.product_id and s.reserved < s.total))
           and ($6::bigint is null or (x.price, x.product_id) < ($6::bigint, $7::bigint))
         order by x.price desc, x.product_id desc
         limit $8::bigint) p
  left join product_option o on o.product_id = p.product_id
 order by p.price desc, p.product_id desc, o.option_id
