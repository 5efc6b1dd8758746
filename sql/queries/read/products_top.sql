-- The products that sold most on some days, less what was cancelled; the smaller id first among
-- equals. What is not said the newest policy says: what counts, how many days, and whether the
-- counters are today's or those of the days that were closed. One row at least, with what it came
-- to: the first and the last day, and what counts; product_id is NULL when nothing was sold.
-- $1 date: today; $2 date, $3 date: first and last day or NULL; $4 bigint: how many days up to the
-- last, or NULL; $5 bigint: 0 by quantity, 1 by orders, 2 by revenue, or NULL; $6 text: category
-- (that the product is in now) or NULL; $7 bigint: how many
with newest as (
    select p.document -> 'ranking' as ranking from policy p order by p.version desc limit 1
),
rules as (
    select coalesce($5::bigint, case n.ranking ->> 'by' when 'orders' then 1 when 'revenue' then 2
                                     else 0 end) as by,
           coalesce(n.ranking ->> 'refresh' = 'daily', false) as closed,
           coalesce($4::bigint, (n.ranking ->> 'days')::bigint, 3) as days
      from (select) one
      left join newest n on true
),
last_day as (
    select coalesce($3::date,
                    case when r.closed
                         then coalesce((select max(d.day) from day_closed d), $1::date - 1)
                         else $1::date end) as day
      from rules r
),
period as (
    select r.by, r.closed, l.day as last,
           coalesce($2::date, greatest(l.day - r.days::integer + 1, date '0001-01-01')) as first
      from rules r
     cross join last_day l
),
counted as (
    select d.product_id, d.orders - d.cancelled_orders as orders,
           d.quantity - d.cancelled_quantity as quantity, d.revenue - d.cancelled_revenue as revenue
      from period p
      join sales_daily d on d.day between p.first and p.last
     where not p.closed
     union all
    select c.product_id, c.orders, c.quantity, c.revenue
      from period p
      join sales_closed c on c.day between p.first and p.last
     where p.closed
),
summed as (
    select c.product_id, sum(c.quantity)::bigint as quantity, sum(c.orders)::bigint as orders,
           sum(c.revenue)::bigint as revenue
      from counted c
     group by c.product_id
),
ranked as (
    select s.product_id, n.name, s.quantity, s.orders, s.revenue,
           case p.by when 0 then s.quantity when 1 then s.orders else s.revenue end as value
      from summed s
     cross join period p
      join product n on n.product_id = s.product_id
     where s.orders > 0
       and ($6::text is null or n.category = $6::text)
     order by value desc, s.product_id
     limit $7::bigint
)
select p.first, p.last, p.by, r.product_id, r.name, r.quantity, r.orders, r.revenue
  from period p
  left join ranked r on true
 order by r.value desc, r.product_id
