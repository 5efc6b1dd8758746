-- What was sold day by day, week by week (ISO: from Monday) or month by month, and how much of it
-- was cancelled; a period without sales too. One that the first or the last day cuts counts the
-- days within.
-- $1 bigint: 0 days, 1 weeks, 2 months; $2 date, $3 date: first and last day; of these one at most:
-- $4 bigint: product, $5 bigint: option, $6 text: category (that it was sold in), or NULL
with days as (
    select $2::date + since.days as day from generate_series(0, $3::date - $2::date) as since (days)
),
counters as (
    select d.day, 0 as orders, 0 as quantity, 0 as revenue, 0 as cancelled_orders,
           0 as cancelled_quantity, 0 as cancelled_revenue
      from days d
     union all
    select s.day, s.orders, s.quantity, s.revenue, s.cancelled_orders, s.cancelled_quantity,
           s.cancelled_revenue
      from sales_total_daily s
     where s.day between $2::date and $3::date
       and $4::bigint is null and $5::bigint is null and $6::text is null
     union all
    select s.day, s.orders, s.quantity, s.revenue, s.cancelled_orders, s.cancelled_quantity,
           s.cancelled_revenue
      from sales_daily s
     where s.day = any (array(select d.day from days d)) and s.product_id = $4::bigint
     union all
    select s.day, s.orders, s.quantity, s.revenue, s.cancelled_orders, s.cancelled_quantity,
           s.cancelled_revenue
      from sales_option_daily s
     where s.day = any (array(select d.day from days d)) and s.option_id = $5::bigint
     union all
    select s.day, s.orders, s.quantity, s.revenue, s.cancelled_orders, s.cancelled_quantity,
           s.cancelled_revenue
      from sales_category_daily s
     where s.day = any (array(select d.day from days d)) and s.category = $6::text
)
select to_char(p.begins, case $1::bigint when 0 then 'YYYY-MM-DD' when 1 then 'IYYY-"W"IW'
                                         else 'YYYY-MM' end) as period,
       min(c.day) as first, max(c.day) as last,
       sum(c.orders)::bigint as orders, sum(c.quantity)::bigint as quantity,
       sum(c.revenue)::bigint as revenue, sum(c.cancelled_orders)::bigint as cancelled_orders,
       sum(c.cancelled_quantity)::bigint as cancelled_quantity,
       sum(c.cancelled_revenue)::bigint as cancelled_revenue
  from counters c
 cross join lateral (
    select date_trunc(case $1::bigint when 0 then 'day' when 1 then 'week' else 'month' end,
                      c.day::timestamp) as begins
 ) p
 group by p.begins
 order by p.begins
