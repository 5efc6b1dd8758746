-- One order as one transaction of separate statements, a round trip each, as a service without
-- queue would write it: what pgbench measures with tests/bench/pgbench/orders. Wallets are locked
-- before options, and those in ascending order. Ids as in order_call.sql.
\set n :n + 1
\set head :epoch * 1048576 + :n
\set tail :client_id * 1099511627776 + random(0, 1099511627775)
\set asker random(1, :users)
\set a random(1, :options)
\set b random(1, :options)
\set b case when random(0, 1) = 0 then :a else :b end
\set one least(:a, :b)
\set other greatest(:a, :b)

begin;
select (lpad(to_hex(:head::bigint), 16, '0') || lpad(to_hex(:tail::bigint), 16, '0'))::uuid as id,
       'pgbench-' || :head::bigint || '-' || :tail::bigint as key,
       w.balance, w.version, line.partition, now() as at, bench.instant_text(now()) as told
from wallet w
join bench.line line using (user_id)
where w.user_id = :asker
for no key update of w \gset

select count(*) as known
from journal
where (actor_id = :asker and idempotency_key = :key) or command_id = :id::uuid \gset
\if :known
rollback;
\else
select sum(p.price + o.surcharge)::bigint as total,
       string_agg(bench.taken_of(o.option_id), ',' order by o.option_id) as taken,
       string_agg(bench.sold_of(o.option_id, o.product_id, p.price + o.surcharge, p.category), ','
                  order by o.option_id) as sold
from product_option o
join product p using (product_id)
where o.option_id in (:one, :other) \gset

insert into journal (command_id, type, partition, key, actor_id, user_id, idempotency_key,
                     accepted_at, decided_at, body, result, events)
values (:id::uuid, 'order.place', :partition, 'user:' || :asker::bigint, :asker, :asker, :key,
        :at, :at,
        bench.body_of(:asker, case when :one::bigint = :other::bigint then array[:one::bigint]
                                   else array[:one::bigint, :other::bigint] end),
        bench.result_of(:id::uuid, :total, :balance::bigint - :total::bigint, :told),
        bench.events_of(:id::uuid, :asker, :version::bigint + 1, :total,
                        :balance::bigint - :total::bigint, :told,
                        (:at::timestamptz at time zone 'Asia/Seoul')::date, :taken, :sold));
insert into orders (order_id, user_id, key, status, total, discount, paid, payment_method,
                    ordered_at, paid_at, version)
values (:id::uuid, :asker, 'user:' || :asker::bigint, 'paid', :total, 0, :total, 'balance', :at,
        :at, 1);
insert into order_line (order_id, option_id, product_id, quantity, unit_price, category)
select :id::uuid, o.option_id, o.product_id, 1, p.price + o.surcharge, p.category
from product_option o
join product p using (product_id)
where o.option_id in (:one, :other);
update wallet
set balance = balance - :total::bigint, version = version + 1
where user_id = :asker;
update product_option set total = total - 1, ordered = true where option_id = :one;
\if :one < :other
update product_option set total = total - 1, ordered = true where option_id = :other;
\endif
commit;
\endif
