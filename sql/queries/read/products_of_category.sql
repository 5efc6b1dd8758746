-- A page of products with their options, of one category: few enough to be sorted.
-- $1 text: category;
-- $2 bigint, $3 bigint: least and highest price or NULL; $4 boolean: leave out what is sold out;
-- $5 bigint: 0 newest first, 1 cheapest first, 2 dearest first, 3 by name; $6 bigint: id of the
-- last one seen, or NULL; $7 timestamptz, $8 bigint, $9 text: its created_at, price or name;
-- $10 bigint: how many; $11 text: pattern of the name, or NULL
select p.product_id, p.name, p.price, p.category, p.status, p.first_come, p.created_at,
       o.option_id, o.name as option_name, o.surcharge, o.total - o.reserved as available
  from (select x.product_id, x.name, x.price, x.category, x.status, x.first_come, x.created_at
          from product x
         where x.category = $1::text
           and ($11::text is null or x.name ilike $11::text)
           and ($2::bigint is null or x.price >= $2::bigint)
           and ($3::bigint is null or x.price <= $3::bigint)
           and (not $4::boolean or x.status <> 'on_sale'
                or (select bool_or(s.reserved < s.total)
                      from product_option s
                     where s.product_id = x.product_id))
           and ($6::bigint is null
                or case $5::bigint
                   when 0 then (x.created_at, x.product_id) < ($7::timestamptz, $6::bigint)
                   when 1 then (x.price, x.product_id) > ($8::bigint, $6::bigint)
                   when 2 then (x.price, x.product_id) < ($8::bigint, $6::bigint)
                   else (x.name, x.product_id) > ($9::text, $6::bigint) end)
         order by case when $5::bigint = 0 then x.created_at end desc,
                  case $5::bigint when 1 then x.price when 2 then -x.price end,
                  case when $5::bigint = 3 then x.name end,
                  case when $5::bigint in (0, 2) then -x.product_id else x.product_id end
         limit $10::bigint) p
  left join product_option o on o.product_id = p.product_id
 order by case when $5::bigint = 0 then p.created_at end desc,
          case $5::bigint when 1 then p.price when 2 then -p.price end,
          case when $5::bigint = 3 then p.name end,
          case when $5::bigint in (0, 2) then -p.product_id else p.product_id end, o.option_id
