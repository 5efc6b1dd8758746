-- What the five shops need beyond the first schema: holds, payments elsewhere, shipments, returned
-- and expired coupons, statistics by option and category, closed days, the clock's memory. Only
-- adds, so that programs of before go on beside programs of now.

alter table wallet
    add column held bigint not null default 0, -- of the balance, for payments under way
    add constraint held_is_there check (held between 0 and balance);

alter table orders
    add column from_balance      bigint not null default 0,
    add column transfer_rate     integer not null default 0, -- in basis points
    add column transfer_discount bigint not null default 0,
    add column refunded          bigint not null default 0,
    add column expires_at        timestamptz, -- while its payment is under way
    add column failure           text check (failure in ('declined', 'timed_out', 'expired')),
    add constraint transfer_rate_is_a_rate check (transfer_rate between 0 and 10000),
    add constraint from_balance_in_paid check (from_balance between 0 and paid),
    add constraint transfer_discount_in_discount check (transfer_discount between 0 and discount),
    add constraint refunded_is_cancelled check (refunded = 0 or status = 'cancelled'),
    add constraint failed_has_its_reason check ((status = 'failed') = (failure is not null)),
    add constraint pending_has_its_end
        check ((status = 'pending_payment') = (expires_at is not null));
create index orders_due on orders (expires_at) where status = 'pending_payment';

alter table order_line
    add column shipped  integer not null default 0,
    add column category text not null default '', -- the product's when it was sold
    add constraint shipped_in_quantity check (shipped between 0 and quantity);

-- Coupons whose time will come. The welcome coupon is of no template: template_id 0, position 1.
create index coupon_due on coupon (expires_at) where status = 'available';

-- Searching names. The extension may stand in any schema, and stays there for others.
do $$
begin
    if not exists (select from pg_extension where extname = 'pg_trgm') then
        create extension pg_trgm with schema public;
    end if;
    execute format('create index product_name_trigram on product using gin (name %s.gin_trgm_ops)',
                   (select extnamespace::regnamespace
                    from pg_extension where extname = 'pg_trgm'));
end
$$;
create index product_price on product (price, product_id);

-- Cancellations count on the day of the order that is cancelled, so that what is left of a day is
-- the difference.
alter table sales_daily
    add column cancelled_orders   bigint not null default 0,
    add column cancelled_quantity bigint not null default 0,
    add column cancelled_revenue  bigint not null default 0;

create table sales_option_daily (
    day                date not null,
    product_id         bigint not null,
    option_id          bigint not null,
    orders             bigint not null,
    quantity           bigint not null,
    revenue            bigint not null,
    cancelled_orders   bigint not null default 0,
    cancelled_quantity bigint not null default 0,
    cancelled_revenue  bigint not null default 0,
    primary key (day, option_id)
) with (fillfactor = 50);

create table sales_category_daily (
    day                date not null,
    category           text not null, -- '' for products without one
    orders             bigint not null,
    quantity           bigint not null,
    revenue            bigint not null,
    cancelled_orders   bigint not null default 0,
    cancelled_quantity bigint not null default 0,
    cancelled_revenue  bigint not null default 0,
    primary key (day, category)
) with (fillfactor = 50);

-- The counters as they stood when the last day was closed: what a ranking that is refreshed once a
-- day reads. Each closing copies the days of the last month anew.
create table sales_closed (
    day        date not null,
    product_id bigint not null,
    orders     bigint not null, -- without what was cancelled
    quantity   bigint not null,
    revenue    bigint not null,
    primary key (day, product_id)
);

create table day_closed (
    day       date primary key,
    closed_at timestamptz not null
);

-- Instants that a schedule of the clock has seen to, so that missed ones are known.
create table schedule_run (
    schedule text not null,
    due_at   timestamptz not null,
    commands bigint not null,
    ran_at   timestamptz not null default now(),
    primary key (schedule, due_at)
);

-- Every change of a balance, from the journal. Holds leave the balance alone.
create or replace view wallet_history as
select j.seq,
       j.user_id,
       j.decided_at as at,
       case e.value ->> 'type'
           when 'wallet.charged' then 'charge'
           when 'wallet.used' then 'use'
           when 'wallet.refunded' then 'refund'
       end as kind,
       (e.value -> 'data' ->> 'amount')::bigint as amount,
       (e.value -> 'data' ->> 'balance')::bigint as balance,
       (e.value ->> 'version')::bigint as version,
       j.command_id
from journal j
cross join lateral jsonb_array_elements(j.events::jsonb) as e (value)
where j.events is not null
      and e.value ->> 'type' in ('wallet.charged', 'wallet.used', 'wallet.refunded');

-- The whole shop: an order of two products or categories is one order. What was sold before these
-- counters were there comes into them by `firstcome stats rebuild`.
create table sales_total_daily (
    day                date primary key,
    orders             bigint not null,
    quantity           bigint not null,
    revenue            bigint not null,
    cancelled_orders   bigint not null default 0,
    cancelled_quantity bigint not null default 0,
    cancelled_revenue  bigint not null default 0
) with (fillfactor = 50);

-- A change moves counters down, and PostgreSQL checks the row that would be inserted before it sees
-- that there is one to be added to. sql/checks hold the counters against their events.
alter table sales_daily
    drop constraint sales_daily_orders_check,
    drop constraint sales_daily_quantity_check,
    drop constraint sales_daily_revenue_check;

-- Every event, a row each: what the journal tells of a thing is found by its data. `place` counts
-- within the command.
create view journal_event as
select j.seq,
       e.place,
       j.command_id,
       j.type as command_type,
       j.user_id,
       e.value ->> 'type' as type,
       (e.value ->> 'version')::bigint as version,
       e.value -> 'data' as data
from journal j
cross join lateral jsonb_array_elements(j.events::jsonb) with ordinality as e (value, place)
where j.events is not null;

-- What order events tell of sales, a row a line, on the day of the order: sign 1: sold; -1: no
-- longer sold, as it was before a change; 0: cancelled.
create view sales_told as
select t.command_id,
       (t.data ->> 'day')::date as day,
       t.sign,
       (l.value ->> 'product_id')::bigint as product_id,
       (l.value ->> 'option_id')::bigint as option_id,
       coalesce(l.value ->> 'category', '') as category,
       (l.value ->> 'quantity')::bigint as quantity,
       (l.value ->> 'quantity')::bigint * (l.value ->> 'unit_price')::bigint as revenue
from (
    select e.command_id, e.data, e.data -> 'lines' as lines,
           case e.type when 'order.cancelled' then 0 else 1 end as sign
    from journal_event e
    where e.command_type in ('order.place', 'order.cancel', 'order.change', 'payment.settle')
          and e.type in ('order.paid', 'order.cancelled', 'order.changed')
    union all
    select e.command_id, e.data, e.data -> 'previous', -1
    from journal_event e
    where e.command_type = 'order.change' and e.type = 'order.changed'
) t
cross join lateral jsonb_array_elements(t.lines) as l (value);

-- Each daily counter beside what the events of sales come to, and the most that it may have been on
-- the way there, as a change takes off again what an order had put on. Where nothing was counted or
-- nothing told, NULL.
create view sales_audit as
select coalesce(c.counter, t.counter) as counter,
       coalesce(c.day, t.day) as day,
       coalesce(c.thing, t.thing) as thing,
       c.orders,
       t.orders as orders_told,
       t.orders_most,
       c.quantity,
       t.quantity as quantity_told,
       t.quantity_most,
       c.revenue,
       t.revenue as revenue_told,
       t.revenue_most,
       c.cancelled_orders,
       t.cancelled_orders as cancelled_orders_told,
       c.cancelled_quantity,
       t.cancelled_quantity as cancelled_quantity_told,
       c.cancelled_revenue,
       t.cancelled_revenue as cancelled_revenue_told
from (
    select 'product' as counter, day, product_id::text as thing, orders, quantity, revenue,
           cancelled_orders, cancelled_quantity, cancelled_revenue
    from sales_daily
    union all
    select 'option', day, option_id::text, orders, quantity, revenue,
           cancelled_orders, cancelled_quantity, cancelled_revenue
    from sales_option_daily
    union all
    select 'category', day, category, orders, quantity, revenue,
           cancelled_orders, cancelled_quantity, cancelled_revenue
    from sales_category_daily
    union all
    select 'all', day, '', orders, quantity, revenue,
           cancelled_orders, cancelled_quantity, cancelled_revenue
    from sales_total_daily
) c
full join (
    select case grouping(product_id, option_id, category)
               when 3 then 'product' when 5 then 'option' when 6 then 'category' else 'all'
           end as counter,
           day,
           coalesce(product_id::text, option_id::text, category, '') as thing,
           count(distinct command_id) filter (where sign = 1)
               - count(distinct command_id) filter (where sign = -1) as orders,
           count(distinct command_id) filter (where sign = 1) as orders_most,
           sum(sign * quantity) as quantity,
           sum(quantity) filter (where sign = 1) as quantity_most,
           sum(sign * revenue) as revenue,
           sum(revenue) filter (where sign = 1) as revenue_most,
           count(distinct command_id) filter (where sign = 0) as cancelled_orders,
           coalesce(sum(quantity) filter (where sign = 0), 0) as cancelled_quantity,
           coalesce(sum(revenue) filter (where sign = 0), 0) as cancelled_revenue
    from sales_told
    group by grouping sets ((day, product_id), (day, option_id), (day, category), (day))
) t on t.counter = c.counter and t.day = c.day and t.thing = c.thing;
