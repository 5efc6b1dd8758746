-- A past for a shop of shop.sql: bench.pairs pairs of commands, decided one behind the other over
-- the last month. In each a user charges what the next order costs, and orders one piece: balances
-- end where they began, versions run on, and stock goes down. Users and options take turns. Rows
-- are as the workers leave them, in the order of time; where they are many (bench.rebuild), the
-- indexes of the journal that are in another order are built anew behind them. The counters follow
-- by `firstcome stats rebuild`.

set enable_mergejoin = off; -- joins that keep the order

-- Ids as the ingress makes them: the milliseconds, a count, and chance.
create function pg_temp.id_of(us bigint, n bigint) returns uuid language sql as $$
    select (lpad(to_hex(us / 1000), 12, '0') || '8' || lpad(to_hex(n & 4095), 3, '0') || '8'
            || substr(md5(current_setting('bench.seed') || n), 1, 15))::uuid
$$;

begin;

create temp table past on commit drop as
select now() - interval '30 days' as began,
       30 * 86400 * 1000000::bigint / current_setting('bench.pairs')::bigint as step_us,
       (select count(*) from customer) as users,
       (select count(*) from product_option) as options,
       (select count(*) from journal) as before;

-- Pair n: round r of its user; the charge is command 2n, the order 2n + 1 half a step later.
create temp table pair on commit drop as
select n, o.r, o.user_id, o.option_id, p.product_id, p.price + po.surcharge as price, p.category,
       w.balance, w.version + 2 * o.r as version,
       pg_temp.id_of(o.us, 2 * (past.before + n)) as charge_id,
       pg_temp.id_of(o.us + past.step_us / 2, 2 * (past.before + n) + 1) as order_id,
       timestamptz 'epoch' + o.us * interval '1 microsecond' as charged_at,
       timestamptz 'epoch' + (o.us + past.step_us / 2) * interval '1 microsecond' as ordered_at
from past
cross join generate_series(0, current_setting('bench.pairs')::bigint - 1) as pairs (n)
cross join lateral (
    select n / past.users as r, n % past.users + 1 as user_id,
           (n * 7919 + n / past.users) % past.options + 1 as option_id,
           (extract(epoch from past.began) * 1000000)::bigint + n * past.step_us as us
) o
join product_option po on po.option_id = o.option_id
join product p on p.product_id = po.product_id
join wallet w on w.user_id = o.user_id;
analyze pair;

create temp table line_of on commit drop as
select user_id, partition, key from journal where type = 'user.register' and verdict is null;
create index on line_of (user_id);
analyze line_of;

create temp table rebuilt (name text, definition text) on commit drop;
insert into rebuilt
select indexrelid::regclass::text, pg_get_indexdef(indexrelid)
from pg_index
where indrelid = 'journal'::regclass and not indisprimary
      and current_setting('bench.rebuild')::boolean;
select format('drop index %s', name) from rebuilt \gexec

insert into journal (command_id, type, partition, key, actor_id, user_id, idempotency_key,
                     accepted_at, decided_at, body, result, events)
select command.*
from pair
join line_of line using (user_id)
cross join lateral (
    select charge_id, 'wallet.charge', line.partition, line.key, user_id, user_id,
           gen_random_uuid()::text, charged_at, charged_at,
           '{"user_id":' || user_id || ',"amount":' || price || '}',
           '{"user_id":' || user_id || ',"balance":' || balance + price || ',"amount":' || price
           || '}',
           '[{"type":"wallet.charged","subject":"' || line.key || '","version":' || version + 1
           || ',"data":{"user_id":' || user_id || ',"amount":' || price || ',"balance":'
           || balance + price || '}}]'
    union all
    select order_id, 'order.place', line.partition, line.key, user_id, user_id,
           gen_random_uuid()::text, ordered_at, ordered_at,
           '{"user_id":' || user_id || ',"lines":[{"option_id":' || option_id
           || ',"quantity":1}]}',
           '{"order_id":"' || order_id || '","status":"paid","total":' || price
           || ',"discount":0,"paid":' || price || ',"balance":' || balance || ',"paid_at":"'
           || at || '"}',
           '[{"type":"wallet.used","subject":"' || line.key || '","version":' || version + 2
           || ',"data":{"user_id":' || user_id || ',"amount":' || price || ',"balance":' || balance
           || ',"order_id":"' || order_id || e'"}},\n{"type":"stock.taken","subject":"order:'
           || order_id || '","version":0,"data":{"order_id":"' || order_id
           || '","lines":[{"option_id":' || option_id
           || e',"quantity":1}]}},\n{"type":"order.paid","subject":"order:' || order_id
           || '","version":1,"data":{"order_id":"' || order_id || '","user_id":' || user_id
           || ',"key":"' || line.key || '","total":' || price || ',"discount":0,"paid":' || price
           || ',"payment":{"method":"balance"},"ordered_at":"' || at || '","day":"'
           || (ordered_at at time zone 'Asia/Seoul')::date || '","paid_at":"' || at
           || '","lines":[{"option_id":' || option_id || ',"product_id":' || product_id
           || ',"quantity":1,"unit_price":' || price || ',"category":"' || category || '"}]}}]'
    from to_char(ordered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as told (at)
) command;

select format('%s', definition) from rebuilt \gexec

insert into orders (order_id, user_id, key, status, total, discount, paid, payment_method,
                    ordered_at, paid_at, version)
select order_id, user_id, 'user:' || user_id, 'paid', price, 0, price, 'balance', ordered_at,
       ordered_at, 1
from pair;

insert into order_line (order_id, option_id, product_id, quantity, unit_price, category)
select order_id, option_id, product_id, 1, price, category
from pair;

update wallet w
set version = w.version + 2 * p.rounds
from (select user_id, count(*) as rounds from pair group by user_id) p
where w.user_id = p.user_id;

update product_option o
set total = o.total - p.sold, ordered = true
from (select option_id, count(*) as sold from pair group by option_id) p
where o.option_id = p.option_id;

commit;
vacuum (analyze);
