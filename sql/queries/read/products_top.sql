-- The products that sold most on these days; the smaller id first among equals.
-- $1 date, $2 date: first and last day; $3 text: category or NULL;
-- $4 bigint: 0 by quantity, 1 by orders, 2 by revenue; $5 bigint: how many
select s.product_id, p.name, s.quantity, s.orders, s.revenue
  from (select d.product_id, sum(d.quantity)::bigint as quantity, sum(d.orders)::bigint as orders,
               sum(d.revenue)::bigint as revenue
          from sales_daily d
         where d.day between $1::date and $2::date
         group by d.product_id) s
  join product p on p.product_id = s.product_id
 where s.orders > 0
   and ($3::text is null or p.category = $3::text)
 order by case $4::bigint when 0 then s.quantity when 1 then s.orders else s.revenue end desc,
          s.product_id
 limit $5::bigint
