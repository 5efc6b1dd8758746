-- A page of products with their options, dearest first: walks the index of that order.
-- $1 bigint, $2 bigint: least and highest price or NULL; $3 boolean: leave out what is sold out;
-- $4 bigint, $5 bigint: price and id of the last one seen, or NULL; $6 bigint: how many
select p.product_id, p.name, p.price, p.category, p.status, p.first_come, p.created_at,
       o.option_id, o.name as option_name, o.surcharge, o.total - o.reserved as available
  from (select x.product_id, x.name, x.price, x.category, x.status, x.first_come, x.created_at
          from product x
         where x.price >= coalesce($1::bigint, 0)
           and x.price <= coalesce($2::bigint, 9223372036854775807)
           and (not $3::boolean or x.status <> 'on_sale'
                or (select bool_or(s.reserved < s.total)
                      from product_option s
                     where s.product_id = x.product_id))
           and (x.price, x.product_id)
               < (coalesce($4::bigint, 9223372036854775807), coalesce($5::bigint, 0))
         order by x.price desc, x.product_id desc
         limit $6::bigint) p
  left join product_option o on o.product_id = p.product_id
 order by p.price desc, p.product_id desc, o.option_id
