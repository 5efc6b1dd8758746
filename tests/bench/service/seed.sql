-- Users with money, options with stock, coupon templates: ids from 1. Run by psql behind
-- schema.sql.
--
--   psql -v users=100000 -v balance=1000000000 -v options=1000 -v stock=1000000000 \
--        -v price=1000 -v templates=100 -v quantity=1000 -f seed.sql
\set ON_ERROR_STOP on
\if :{?users} \else \set users 100000 \endif
\if :{?balance} \else \set balance 1000000000 \endif
\if :{?options} \else \set options 1000 \endif
\if :{?stock} \else \set stock 1000000000 \endif
\if :{?price} \else \set price 1000 \endif
\if :{?templates} \else \set templates 100 \endif
\if :{?quantity} \else \set quantity 1000 \endif
set search_path = service;
set synchronous_commit = on;

begin;
insert into wallet (user_id, balance) select n, :balance from generate_series(1, :users) n;
-- What a wallet begins with was charged, or the check would miss it.
with charged as (
    insert into wallet_entry (user_id, kind, amount, balance, request_id)
    select n, 'charge', :balance, :balance, gen_random_uuid()
      from generate_series(1, :users) n
     where :balance > 0
    returning request_id, user_id, amount, balance
)
insert into request (request_id, user_id, fingerprint, kind, amount, result)
select request_id, user_id, 0, 'charge', amount, balance from charged;
insert into product (product_id, name, category)
select n, 'Product ' || n, 'Category ' || n % 10 from generate_series(1, :options) n;
insert into product_option (option_id, product_id, price, stock)
select n, n, :price, :stock from generate_series(1, :options) n;
insert into coupon_template (template_id, name, quantity)
select n, 'Coupon ' || n, :quantity from generate_series(1, :templates) n;
create table seeded as select option_id, stock from product_option;
commit;
vacuum (analyze) wallet, wallet_entry, request, product, product_option, coupon_template, orders,
    order_line, payment, coupon, outbox;
