-- A page of products with their options, by name: walks the index of that order.
-- $1 bigint, $2 bigint: least and highest price or NULL; $3 boolean: leave out what is sold out;
-- $4 text, $5 bigint: name and id of the last one seen, or NULL; $6 bigint: how many
select p.product_id, p.name, p.price, p.category, p.status, p.first_come, p.created_at,
       o.option_id, o.name as option_name, o.surcharge, o.total - o.reserved as available
  from (select x.product_id, x.name, x.price, x.category, x.status, x.first_come, x.created_at
          from product x
         where ($1::bigint is null or x.price >= $1::bigint)
           and ($2::bigint is null or x.price <= $2::bigint)
           and (not $3::boolean or x.status <> 'on_sale'
                or (select bool_or(s.reserved < s.total)
                      from product_option s
                     where s.product_id = x.product_id))
           and (x.name, x.product_id) > (coalesce($4::text, ''), coalesce($5::bigint, 0))
         order by x.name, x.product_id
         limit $6::bigint) p
  left join product_option o on o.product_id = p.product_id
 order by p.name, p.product_id, o.option_id
