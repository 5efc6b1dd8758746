-- Folds order events into daily counters, each event once however often it is told: the arrays are
-- one row a line of an order; an event that was counted before adds nothing. No two events of the
-- arrays may have one id.
with fresh as (
    insert into counted_event (event_id)
    select distinct event_id from unnest($1::uuid[]) as told (event_id)
    on conflict do nothing
    returning event_id
)
insert into sales_daily as s (day, product_id, orders, quantity, revenue)
select line.day, line.product_id, count(distinct line.event_id), sum(line.quantity),
       sum(line.revenue)
from fresh
join unnest($1::uuid[], $2::date[], $3::bigint[], $4::bigint[], $5::bigint[])
    as line (event_id, day, product_id, quantity, revenue) using (event_id)
group by line.day, line.product_id
order by line.day, line.product_id
on conflict (day, product_id) do update
set orders = s.orders + excluded.orders, quantity = s.quantity + excluded.quantity,
    revenue = s.revenue + excluded.revenue
