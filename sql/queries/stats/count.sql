-- Folds order events into the daily counters, each event once for ever, however often it is told:
-- here, in another message, to another worker. What one event moves commutes with what others move,
-- so that a counter may be below zero for as long as a change is told before its order.
-- $1 uuid[], $2 date[]: the events, and the days of their orders.
-- Over all lines of all events: $3 integer[]: which event, from 1; $4 smallint[]: 1 sold,
-- -1 no longer sold (as it was before a change), 0 cancelled; $5 bigint[], $6 bigint[], $7 text[]:
-- product, option, category; $8 bigint[], $9 bigint[]: quantity, revenue.
with told as (
    select t.event_id, t.n, row_number() over (partition by t.event_id order by t.n) = 1 as first
      from unnest($1::uuid[]) with ordinality as t (event_id, n)
),
fresh as (
    insert into counted_event (event_id)
    select t.event_id from told t where t.first
     order by t.event_id
    on conflict do nothing
    returning event_id
),
-- By the events' places, and by sorting: for a join, whether of these two or with the lines, the
-- planner would go through the one for each row of the other, since it believes both to be short.
news as (
    select array_agg(b.first and b.is_fresh order by b.n) filter (where b.n is not null) as is_new
      from (
        select a.n, a.first, bool_or(a.n is null) over (partition by a.event_id) as is_fresh
          from (
            select t.event_id, t.n, t.first from told t
            union all
            select f.event_id, null, null from fresh f
          ) a
      ) b
),
moved as (
    select l.event, ($2::date[])[l.event] as day, l.sign, l.product_id, l.option_id, l.category,
           l.quantity, l.revenue
      from unnest($3::integer[], $4::smallint[], $5::bigint[], $6::bigint[], $7::text[],
                  $8::bigint[], $9::bigint[])
               as l (event, sign, product_id, option_id, category, quantity, revenue)
     where ((select n.is_new from news n))[l.event]
),
-- An order is one order of a product, of however many of its lines that is; so of a category.
per_order as (
    select m.day, m.sign, m.product_id, m.option_id, m.category,
           min(m.product_id) as product_of_option,
           grouping(m.product_id, m.option_id, m.category) as key,
           sum(m.quantity) as quantity, sum(m.revenue) as revenue
      from moved m
     group by grouping sets ((m.event, m.day, m.sign, m.product_id),
                             (m.event, m.day, m.sign, m.option_id),
                             (m.event, m.day, m.sign, m.category),
                             (m.event, m.day, m.sign))
),
sums as (
    select o.key, o.day, o.product_id, o.option_id, o.category,
           min(o.product_of_option) as product_of_option,
           sum(o.sign) as orders, sum(o.sign * o.quantity) as quantity,
           sum(o.sign * o.revenue) as revenue,
           count(*) filter (where o.sign = 0) as cancelled_orders,
           coalesce(sum(o.quantity) filter (where o.sign = 0), 0) as cancelled_quantity,
           coalesce(sum(o.revenue) filter (where o.sign = 0), 0) as cancelled_revenue
      from per_order o
     group by o.key, o.day, o.product_id, o.option_id, o.category
),
by_product as (
    insert into sales_daily as s
        (day, product_id, orders, quantity, revenue, cancelled_orders,
         cancelled_quantity, cancelled_revenue)
    select c.day, c.product_id, c.orders, c.quantity, c.revenue,
           c.cancelled_orders, c.cancelled_quantity, c.cancelled_revenue
      from sums c
     where c.key = 3
     order by c.day, c.product_id
    on conflict (day, product_id) do update
    set orders = s.orders + excluded.orders, quantity = s.quantity + excluded.quantity,
        revenue = s.revenue + excluded.revenue,
        cancelled_orders = s.cancelled_orders + excluded.cancelled_orders,
        cancelled_quantity = s.cancelled_quantity + excluded.cancelled_quantity,
        cancelled_revenue = s.cancelled_revenue + excluded.cancelled_revenue
),
by_option as (
    insert into sales_option_daily as s
        (day, product_id, option_id, orders, quantity, revenue, cancelled_orders,
         cancelled_quantity, cancelled_revenue)
    select c.day, c.product_of_option, c.option_id, c.orders, c.quantity, c.revenue,
           c.cancelled_orders, c.cancelled_quantity, c.cancelled_revenue
      from sums c
     where c.key = 5
     order by c.day, c.option_id
    on conflict (day, option_id) do update
    set orders = s.orders + excluded.orders, quantity = s.quantity + excluded.quantity,
        revenue = s.revenue + excluded.revenue,
        cancelled_orders = s.cancelled_orders + excluded.cancelled_orders,
        cancelled_quantity = s.cancelled_quantity + excluded.cancelled_quantity,
        cancelled_revenue = s.cancelled_revenue + excluded.cancelled_revenue
),
by_category as (
    insert into sales_category_daily as s
        (day, category, orders, quantity, revenue, cancelled_orders,
         cancelled_quantity, cancelled_revenue)
    select c.day, c.category, c.orders, c.quantity, c.revenue,
           c.cancelled_orders, c.cancelled_quantity, c.cancelled_revenue
      from sums c
     where c.key = 6
     order by c.day, c.category
    on conflict (day, category) do update
    set orders = s.orders + excluded.orders, quantity = s.quantity + excluded.quantity,
        revenue = s.revenue + excluded.revenue,
        cancelled_orders = s.cancelled_orders + excluded.cancelled_orders,
        cancelled_quantity = s.cancelled_quantity + excluded.cancelled_quantity,
        cancelled_revenue = s.cancelled_revenue + excluded.cancelled_revenue
)
insert into sales_total_daily as s
    (day, orders, quantity, revenue, cancelled_orders,
     cancelled_quantity, cancelled_revenue)
select c.day, c.orders, c.quantity, c.revenue,
       c.cancelled_orders, c.cancelled_quantity, c.cancelled_revenue
  from sums c
 where c.key = 7
 order by c.day
on conflict (day) do update
set orders = s.orders + excluded.orders, quantity = s.quantity + excluded.quantity,
    revenue = s.revenue + excluded.revenue,
    cancelled_orders = s.cancelled_orders + excluded.cancelled_orders,
    cancelled_quantity = s.cancelled_quantity + excluded.cancelled_quantity,
    cancelled_revenue = s.cancelled_revenue + excluded.cancelled_revenue
