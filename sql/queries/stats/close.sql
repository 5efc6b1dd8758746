-- Keeps the counters, without what was cancelled, as they stand when days are closed: those of each
-- such day and the 30 before it, as events may be told late. A closing counts once for ever, so
-- that one told again does not copy what was sold since.
-- $1 uuid[], $2 date[], $3 timestamptz[]: the events, the days they close, and when that was.
with told as (
    select distinct on (t.event_id) t.event_id, t.day, t.closed_at
      from unnest($1::uuid[], $2::date[], $3::timestamptz[]) as t (event_id, day, closed_at)
     order by t.event_id
),
fresh as (
    insert into counted_event (event_id)
    select t.event_id from told t
     order by t.event_id
    on conflict do nothing
    returning event_id
),
closing as (
    select t.day, max(t.closed_at) as closed_at
      from fresh f
      join told t on t.event_id = f.event_id
     group by t.day
),
noted as (
    insert into day_closed as d (day, closed_at)
    select c.day, c.closed_at from closing c
     order by c.day
    on conflict (day) do update
    set closed_at = greatest(d.closed_at, excluded.closed_at)
),
days as (
    select distinct c.day - back.n as day
      from closing c
     cross join generate_series(0, 30) as back (n)
),
-- Each row is looked up by itself, and the days are an array: whatever the planner thinks of tables
-- that were empty when it looked, it has one way to go.
gone as (
    delete from sales_closed c
     where c.day = any (array(select d.day from days d))
       and (select s.day from sales_daily s
             where s.day = c.day and s.product_id = c.product_id) is null
)
insert into sales_closed (day, product_id, orders, quantity, revenue)
select s.day, s.product_id, s.orders - s.cancelled_orders, s.quantity - s.cancelled_quantity,
       s.revenue - s.cancelled_revenue
  from sales_daily s
  left join lateral (
    select k.orders, k.quantity, k.revenue
      from sales_closed k
     where k.day = s.day and k.product_id = s.product_id
    offset 0
  ) k on true
 where s.day = any (array(select d.day from days d))
   -- Most days are as they were when the day before was closed.
   and (k.orders, k.quantity, k.revenue) is distinct from
       (s.orders - s.cancelled_orders, s.quantity - s.cancelled_quantity,
        s.revenue - s.cancelled_revenue)
 order by s.day, s.product_id
on conflict (day, product_id) do update
set orders = excluded.orders, quantity = excluded.quantity, revenue = excluded.revenue
