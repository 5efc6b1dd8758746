-- The tables of the reference service, in a schema of their own; run by psql, as often as you
-- like: it begins anew. The same facts that firstcome keeps (ids ordered by time, money in whole
-- won, CHECKs, one idempotency row a command), in the tables that a synchronous service would have.
--
--   psql -v foreign_keys=1 -f schema.sql    firstcome has none on the path of orders and coupons,
--                                           so there are none here unless asked for
\set ON_ERROR_STOP on
\if :{?foreign_keys} \else \set foreign_keys 0 \endif
set client_min_messages = warning;
drop schema if exists service cascade;
create schema service;
set search_path = service;

create table wallet (
    user_id bigint primary key,
    balance bigint not null check (balance between 0 and 1000000000000000)
) with (fillfactor = 80);

create table product (
    product_id bigint primary key,
    name       text not null unique,
    category   text not null
);

create table product_option (
    option_id  bigint primary key,
    product_id bigint not null references product,
    price      bigint not null check (price between 0 and 1000000000),
    stock      bigint not null constraint stock_is_there check (stock >= 0)
) with (fillfactor = 50);

-- One row a command that succeeded: its id is the client's key or its own. What it answered, for
-- whoever repeats it.
create table request (
    request_id      uuid primary key,
    user_id         bigint not null,
    idempotency_key text,
    fingerprint     bigint not null, -- of the body
    kind            text not null check (kind in ('order', 'charge', 'coupon')),
    amount          bigint not null,
    result          bigint not null, -- the balance behind it; of a coupon its position
    created_at      timestamptz not null default now()
);
create unique index request_key on request (user_id, idempotency_key)
    where idempotency_key is not null;

create table wallet_entry (
    user_id    bigint not null,
    entry_id   bigint generated always as identity,
    kind       text not null check (kind in ('charge', 'use', 'refund')),
    amount     bigint not null check (amount > 0),
    balance    bigint not null check (balance >= 0), -- behind it
    request_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (user_id, entry_id)
);

create table orders (
    order_id   uuid primary key, -- the request's
    user_id    bigint not null,
    status     text not null check (status in ('paid', 'cancelled')),
    total      bigint not null check (total >= 0),
    paid       bigint not null check (paid between 0 and total),
    ordered_at timestamptz not null default now()
) with (fillfactor = 90);
create index orders_of_user on orders (user_id, order_id);

create table order_line (
    order_id   uuid not null,
    option_id  bigint not null,
    quantity   integer not null check (quantity > 0),
    unit_price bigint not null check (unit_price >= 0),
    primary key (order_id, option_id)
);

create table payment (
    order_id uuid primary key,
    method   text not null check (method in ('balance', 'bank_transfer')),
    amount   bigint not null check (amount >= 0),
    status   text not null check (status in ('approved', 'refunded')),
    paid_at  timestamptz not null default now()
);

create table coupon_template (
    template_id bigint primary key,
    name        text not null,
    quantity    bigint not null,
    issued      bigint not null default 0 check (issued >= 0),
    constraint never_more_than_quantity check (issued <= quantity)
) with (fillfactor = 50);

create table coupon (
    coupon_id   uuid primary key, -- the request's
    template_id bigint not null,
    user_id     bigint not null,
    position    bigint not null check (position > 0),
    status      text not null check (status in ('available', 'used', 'expired', 'cancelled')),
    issued_at   timestamptz not null default now(),
    expires_at  timestamptz not null,
    constraint one_a_user unique (user_id, template_id)
) with (fillfactor = 90);

-- Events that a relay would publish; none runs here, and what it would cost is not counted.
create table outbox (
    event_id   bigint generated always as identity primary key,
    type       text not null,
    request_id uuid not null,
    payload    json not null,
    created_at timestamptz not null default now()
);

\if :foreign_keys
alter table request add foreign key (user_id) references wallet;
alter table wallet_entry add foreign key (user_id) references wallet,
    add foreign key (request_id) references request;
alter table orders add foreign key (user_id) references wallet;
alter table order_line add foreign key (order_id) references orders,
    add foreign key (option_id) references product_option;
alter table payment add foreign key (order_id) references orders;
alter table coupon add foreign key (template_id) references coupon_template,
    add foreign key (user_id) references wallet;
\endif
\ir functions.sql
