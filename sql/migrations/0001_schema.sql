-- The first schema. CHECK constraints repeat what the core asserts; foreign keys stand where rows
-- are seldom written, not on the hot path of orders and coupons (measured: a third of an order's
-- cost), where `firstcome audit` proves the same.

-- Raises serialization_failure when a guarded write did not touch what was decided on: somebody
-- else changed it in between, and the whole batch is decided again. Stands in the statement that
-- writes, so that the COMMIT behind it in the same pipeline cannot go through.
CREATE FUNCTION must_touch(expected bigint, touched bigint, what text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF expected IS DISTINCT FROM touched THEN
        RAISE EXCEPTION '% rows of % expected, % touched', expected, what, touched
            USING ERRCODE = 'serialization_failure';
    END IF;
END
$$;

CREATE TABLE customer (
    user_id       bigint PRIMARY KEY CHECK (user_id BETWEEN 1 AND 9007199254740991),
    registered_at timestamptz NOT NULL
);

CREATE TABLE wallet (
    user_id bigint PRIMARY KEY REFERENCES customer,
    balance bigint NOT NULL CHECK (balance BETWEEN 0 AND 1000000000000000),
    version bigint NOT NULL CHECK (version > 0)
) WITH (fillfactor = 80);

CREATE TABLE product (
    product_id bigint PRIMARY KEY CHECK (product_id BETWEEN 1 AND 9007199254740991),
    name       text NOT NULL CHECK (name <> ''),
    price      bigint NOT NULL CHECK (price BETWEEN 0 AND 1000000000),
    category   text NOT NULL,
    status     text NOT NULL CHECK (status IN ('on_sale', 'stopped')),
    first_come boolean NOT NULL,
    version    bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    -- Deferred: two products may swap their names within one batch.
    CONSTRAINT product_name_unique UNIQUE (name) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX product_category ON product (category, product_id);

CREATE TABLE product_option (
    option_id  bigint PRIMARY KEY CHECK (option_id BETWEEN 1 AND 9007199254740991),
    product_id bigint NOT NULL REFERENCES product,
    name       text NOT NULL CHECK (name <> ''),
    surcharge  bigint NOT NULL,
    total      bigint NOT NULL CHECK (total <= 1000000000),
    reserved   bigint NOT NULL,
    ordered    boolean NOT NULL,
    CONSTRAINT stock_is_there CHECK (reserved >= 0 AND reserved <= total),
    CONSTRAINT option_name_unique UNIQUE (product_id, name) DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 50);

CREATE TABLE coupon_template (
    template_id    bigint PRIMARY KEY CHECK (template_id BETWEEN 1 AND 9007199254740991),
    name           text NOT NULL,
    discount_type  text NOT NULL CHECK (discount_type IN ('amount', 'rate')),
    discount_value bigint NOT NULL CHECK (discount_value > 0),
    quantity       bigint CHECK (quantity >= 0), -- NULL: unlimited
    issued         bigint NOT NULL CHECK (issued >= 0),
    issue_from     timestamptz NOT NULL,
    issue_until    timestamptz NOT NULL,
    valid_days     integer CHECK (valid_days > 0), -- NULL: the policy's
    min_total      bigint NOT NULL CHECK (min_total >= 0),
    version        bigint NOT NULL CHECK (version > 0),
    CONSTRAINT rate_is_a_rate CHECK (discount_type <> 'rate' OR discount_value <= 10000),
    CONSTRAINT never_more_than_quantity CHECK (issued <= quantity),
    CONSTRAINT window_opens_first CHECK (issue_from < issue_until)
) WITH (fillfactor = 50);

CREATE TABLE coupon (
    coupon_id      uuid PRIMARY KEY,
    template_id    bigint NOT NULL,
    user_id        bigint NOT NULL,
    position       bigint NOT NULL CHECK (position > 0),
    status         text NOT NULL CHECK (status IN ('available', 'used', 'expired', 'cancelled')),
    discount_type  text NOT NULL CHECK (discount_type IN ('amount', 'rate')),
    discount_value bigint NOT NULL CHECK (discount_value > 0),
    min_total      bigint NOT NULL CHECK (min_total >= 0),
    issued_at      timestamptz NOT NULL,
    expires_at     timestamptz, -- NULL: never
    order_id       uuid,
    version        bigint NOT NULL CHECK (version > 0),
    CONSTRAINT used_in_an_order CHECK ((status = 'used') = (order_id IS NOT NULL)),
    CONSTRAINT one_a_user UNIQUE (user_id, template_id)
) WITH (fillfactor = 90);

CREATE TABLE orders (
    order_id       uuid PRIMARY KEY, -- the id of the command that placed it
    user_id        bigint NOT NULL,
    key            text NOT NULL,    -- the key under which it was placed: later commands use it too
    status         text NOT NULL CHECK (status IN ('pending_payment', 'paid', 'partly_shipped',
                                                   'shipped', 'cancelled', 'failed')),
    total          bigint NOT NULL CHECK (total BETWEEN 0 AND 1000000000000000),
    discount       bigint NOT NULL,
    paid           bigint NOT NULL,
    coupon_id      uuid,
    payment_method text NOT NULL CHECK (payment_method IN ('balance', 'bank_transfer')),
    ordered_at     timestamptz NOT NULL,
    paid_at        timestamptz,
    version        bigint NOT NULL CHECK (version > 0),
    CONSTRAINT discount_in_total CHECK (discount BETWEEN 0 AND total),
    CONSTRAINT paid_is_the_rest CHECK (paid = total - discount)
) WITH (fillfactor = 90);
CREATE INDEX orders_of_user ON orders (user_id, order_id);

CREATE TABLE order_line (
    order_id   uuid NOT NULL,
    option_id  bigint NOT NULL,
    product_id bigint NOT NULL,
    quantity   integer NOT NULL CHECK (quantity > 0),
    unit_price bigint NOT NULL CHECK (unit_price >= 0),
    PRIMARY KEY (order_id, option_id)
);

-- The command log: what was asked, what was decided, which events came of it. Inbox, idempotency
-- record, outbox, audit trail and event store are this one row; histories are views over it.
CREATE TABLE journal (
    seq             bigint GENERATED ALWAYS AS IDENTITY, -- order of decision within a key
    command_id      uuid PRIMARY KEY,
    type            text NOT NULL,
    partition       smallint NOT NULL,
    key             text NOT NULL,
    actor_id        bigint, -- who asked: the scope of idempotency keys
    user_id         bigint, -- whose history it belongs to
    idempotency_key text,   -- set on the row that owns the key
    accepted_at     timestamptz NOT NULL,
    decided_at      timestamptz NOT NULL,
    verdict         text,   -- NULL: succeeded; else the problem's code
    body            text NOT NULL, -- canonical JSON of what was asked
    result          text NOT NULL, -- JSON: the result or the problem
    events          text,   -- JSON array of events in short form, a newline behind each comma
    traceparent     text,
    replay_of       uuid    -- the command whose idempotency key this one repeated
);
CREATE UNIQUE INDEX journal_idempotency ON journal (actor_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX journal_of_user ON journal (user_id, seq) WHERE user_id IS NOT NULL;
CREATE INDEX journal_seq ON journal USING brin (seq) WITH (pages_per_range = 16);

-- Bytes that are no command, and commands that killed their workers.
CREATE TABLE parked (
    parked_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parked_at      timestamptz NOT NULL DEFAULT now(),
    queue          text NOT NULL,
    command_id     uuid,  -- when the bytes named one
    reason         text NOT NULL,
    bytes          bytea NOT NULL,
    digest         bytea NOT NULL GENERATED ALWAYS AS (sha256(bytes)) STORED,
    delivery_count bigint NOT NULL,
    worker         text NOT NULL,
    times          bigint NOT NULL DEFAULT 1, -- the same bytes again, a redelivery mostly
    resolved_at    timestamptz,
    resolution     text CHECK (resolution IN ('requeued', 'dropped')),
    CHECK ((resolved_at IS NULL) = (resolution IS NULL))
);
CREATE UNIQUE INDEX parked_once ON parked (queue, digest) WHERE resolved_at IS NULL;
CREATE INDEX parked_command ON parked (command_id) WHERE command_id IS NOT NULL;

-- A command that is tried alone because deliveries of it ended in a worker's death.
CREATE TABLE poison_attempt (
    command_id uuid PRIMARY KEY,
    attempts   integer NOT NULL,
    first_at   timestamptz NOT NULL DEFAULT now(),
    last_at    timestamptz NOT NULL DEFAULT now(),
    workers    text NOT NULL
);

CREATE TABLE counted_event (
    event_id uuid PRIMARY KEY
);

CREATE TABLE sales_daily (
    day        date NOT NULL, -- in Asia/Seoul
    product_id bigint NOT NULL,
    orders     bigint NOT NULL CHECK (orders >= 0),
    quantity   bigint NOT NULL CHECK (quantity >= 0),
    revenue    bigint NOT NULL CHECK (revenue >= 0),
    PRIMARY KEY (day, product_id)
) WITH (fillfactor = 50);

CREATE TABLE policy (
    version    integer PRIMARY KEY,
    document   jsonb NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- Every change of a wallet, from the journal.
CREATE VIEW wallet_history AS
SELECT j.seq,
       j.user_id,
       j.decided_at AS at,
       CASE e.value ->> 'type'
           WHEN 'wallet.charged' THEN 'charge'
           WHEN 'wallet.used' THEN 'use'
           WHEN 'wallet.refunded' THEN 'refund'
       END AS kind,
       (e.value -> 'data' ->> 'amount')::bigint AS amount,
       (e.value -> 'data' ->> 'balance')::bigint AS balance,
       (e.value ->> 'version')::bigint AS version,
       j.command_id
FROM journal j
CROSS JOIN LATERAL jsonb_array_elements(j.events::jsonb) AS e (value)
WHERE j.events IS NOT NULL AND e.value ->> 'type' LIKE 'wallet.%';
