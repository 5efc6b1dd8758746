-- The first schema. CHECK constraints repeat what the core asserts; foreign keys stand where rows
-- are seldom written, not on the hot path of orders and coupons (measured: a third of an order's
-- cost), where `firstcome audit` proves the same.

-- Raises serialization_failure when a guarded write did not touch what was decided on: somebody
-- else changed it in between, and the whole batch is decided again. Stands in the statement that
-- writes, so that the COMMIT behind it in the same pipeline cannot go through.
create function must_touch(expected bigint, touched bigint, what text) returns void
language plpgsql as $$
begin
    if expected is distinct from touched then
        raise exception '% rows of % expected, % touched', expected, what, touched
            using errcode = 'serialization_failure';
    end if;
end
$$;

create table customer (
    user_id       bigint primary key check (user_id between 1 and 9007199254740991),
    registered_at timestamptz not null
);

create table wallet (
    user_id bigint primary key references customer,
    balance bigint not null check (balance between 0 and 1000000000000000),
    version bigint not null check (version > 0)
) with (fillfactor = 80);

create table product (
    product_id bigint primary key check (product_id between 1 and 9007199254740991),
    name       text not null check (name <> ''),
    price      bigint not null check (price between 0 and 1000000000),
    category   text not null,
    status     text not null check (status in ('on_sale', 'stopped')),
    first_come boolean not null,
    version    bigint not null check (version > 0),
    created_at timestamptz not null,
    -- Deferred: two products may swap their names within one batch.
    constraint product_name_unique unique (name) deferrable initially deferred
);
create index product_category on product (category, product_id);

create table product_option (
    option_id  bigint primary key check (option_id between 1 and 9007199254740991),
    product_id bigint not null references product,
    name       text not null check (name <> ''),
    surcharge  bigint not null,
    total      bigint not null check (total <= 1000000000),
    reserved   bigint not null,
    ordered    boolean not null,
    constraint stock_is_there check (reserved >= 0 and reserved <= total),
    constraint option_name_unique unique (product_id, name) deferrable initially deferred
) with (fillfactor = 50);

create table coupon_template (
    template_id    bigint primary key check (template_id between 1 and 9007199254740991),
    name           text not null,
    discount_type  text not null check (discount_type in ('amount', 'rate')),
    discount_value bigint not null check (discount_value > 0),
    quantity       bigint check (quantity >= 0), -- NULL: unlimited
    issued         bigint not null check (issued >= 0),
    issue_from     timestamptz not null,
    issue_until    timestamptz not null,
    valid_days     integer check (valid_days > 0), -- NULL: the policy's
    min_total      bigint not null check (min_total >= 0),
    version        bigint not null check (version > 0),
    constraint rate_is_a_rate check (discount_type <> 'rate' or discount_value <= 10000),
    constraint never_more_than_quantity check (issued <= quantity),
    constraint window_opens_first check (issue_from < issue_until)
) with (fillfactor = 50);

create table coupon (
    coupon_id      uuid primary key,
    template_id    bigint not null,
    user_id        bigint not null,
    position       bigint not null check (position > 0),
    status         text not null check (status in ('available', 'used', 'expired', 'cancelled')),
    discount_type  text not null check (discount_type in ('amount', 'rate')),
    discount_value bigint not null check (discount_value > 0),
    min_total      bigint not null check (min_total >= 0),
    issued_at      timestamptz not null,
    expires_at     timestamptz, -- NULL: never
    order_id       uuid,
    version        bigint not null check (version > 0),
    constraint used_in_an_order check ((status = 'used') = (order_id is not null)),
    constraint one_a_user unique (user_id, template_id)
) with (fillfactor = 90);

create table orders (
    order_id       uuid primary key, -- the id of the command that placed it
    user_id        bigint not null,
    key            text not null,    -- the key under which it was placed: later commands use it too
    status         text not null check (status in ('pending_payment', 'paid', 'partly_shipped',
                                                   'shipped', 'cancelled', 'failed')),
    total          bigint not null check (total between 0 and 1000000000000000),
    discount       bigint not null,
    paid           bigint not null,
    coupon_id      uuid,
    payment_method text not null check (payment_method in ('balance', 'bank_transfer')),
    ordered_at     timestamptz not null,
    paid_at        timestamptz,
    version        bigint not null check (version > 0),
    constraint discount_in_total check (discount between 0 and total),
    constraint paid_is_the_rest check (paid = total - discount)
) with (fillfactor = 90);
create index orders_of_user on orders (user_id, order_id);

create table order_line (
    order_id   uuid not null,
    option_id  bigint not null,
    product_id bigint not null,
    quantity   integer not null check (quantity > 0),
    unit_price bigint not null check (unit_price >= 0),
    primary key (order_id, option_id)
);

-- The command log: what was asked, what was decided, which events came of it. Inbox, idempotency
-- record, outbox, audit trail and event store are this one row; histories are views over it.
create table journal (
    seq             bigint generated always as identity, -- order of decision within a key
    command_id      uuid primary key,
    type            text not null,
    partition       smallint not null,
    key             text not null,
    actor_id        bigint, -- who asked: the scope of idempotency keys
    user_id         bigint, -- whose history it belongs to
    idempotency_key text,   -- set on the row that owns the key
    accepted_at     timestamptz not null,
    decided_at      timestamptz not null,
    verdict         text,   -- NULL: succeeded; else the problem's code
    body            text not null, -- canonical JSON of what was asked
    result          text not null, -- JSON: the result or the problem
    events          text,   -- JSON array of events in short form, a newline behind each comma
    traceparent     text,
    replay_of       uuid    -- the command whose idempotency key this one repeated
);
create unique index journal_idempotency on journal (actor_id, idempotency_key)
    where idempotency_key is not null;
create index journal_of_user on journal (user_id, seq) where user_id is not null;
create index journal_seq on journal using brin (seq) with (pages_per_range = 16);

-- Bytes that are no command, and commands that killed their workers.
create table parked (
    parked_id      bigint generated always as identity primary key,
    parked_at      timestamptz not null default now(),
    queue          text not null,
    command_id     uuid,  -- when the bytes named one
    reason         text not null,
    bytes          bytea not null,
    digest         bytea not null generated always as (sha256(bytes)) stored,
    delivery_count bigint not null,
    worker         text not null,
    times          bigint not null default 1, -- the same bytes again, a redelivery mostly
    resolved_at    timestamptz,
    resolution     text check (resolution in ('requeued', 'dropped')),
    check ((resolved_at is null) = (resolution is null))
);
create unique index parked_once on parked (queue, digest) where resolved_at is null;
create index parked_command on parked (command_id) where command_id is not null;

-- A command that is tried alone because deliveries of it ended in a worker's death.
create table poison_attempt (
    command_id uuid primary key,
    attempts   integer not null,
    first_at   timestamptz not null default now(),
    last_at    timestamptz not null default now(),
    workers    text not null
);

create table counted_event (
    event_id uuid primary key
);

create table sales_daily (
    day        date not null, -- in Asia/Seoul
    product_id bigint not null,
    orders     bigint not null check (orders >= 0),
    quantity   bigint not null check (quantity >= 0),
    revenue    bigint not null check (revenue >= 0),
    primary key (day, product_id)
) with (fillfactor = 50);

create table policy (
    version    integer primary key,
    document   jsonb not null,
    applied_at timestamptz not null default now()
);

-- Every change of a wallet, from the journal.
create view wallet_history as
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
where j.events is not null and e.value ->> 'type' like 'wallet.%';
