# shellcheck shell=bash
# What the rows of tests/bench/run ask for: shops on both sides that are alike, orders, issues, a
# queue that fills and empties, databases that change places.

# ---- shops: users with money and options with stock, enough of both for any run

SHOP=()

shops_prepare() {
    SHOP=(--users "$USERS" --options 1000 --lines 2)
    say shops "$USERS users, 1000 options on each side"
    shop_prepare
    service_prepare
}

shop_prepare() {
    load ours prepare --users "$USERS" --options 1000 --clients 256 \
        >"$WORK/said" 2>&1 </dev/null ||
        die "the shop cannot be prepared: $(tail -n 3 "$WORK/said")"
}

service_prepare() {
    database_make service
    { reference_sql service -f "$WORK/service/schema.sql" &&
        reference_sql service -v users="$USERS" -v balance=1000000000 -v options=1000 \
            -v stock=1000000000 -v templates=0 -f "$WORK/service/seed.sql"; } \
        >"$WORK/said" 2>&1 || die "the service's shop: $(tail -n 3 "$WORK/said")"
    reference_serve service $((PORT + 199)) /readyz \
        "$WORK/bin/service" -listen "127.0.0.1:$((PORT + 199))" -dsn "$(database_of service)"
}

# reference_sql NAME [option of psql…]
reference_sql() {
    as_reference psql -XAtq -v ON_ERROR_STOP=1 -d "$(database_of "$1")" "${@:2}"
}

# ---- orders

# orders_measure ROW SIDE ROUND [option of the load tool…]: warmed up first. The whole run is
# counted, so that the CPU time is that of the orders.
orders_measure() {
    local row=$1 side=$2 round=$3
    shift 3
    warm "$side" orders "${SHOP[@]}" "$@" --warm-up 0
    measure "$row" "$side" "$round" \
        load "$side" orders "${SHOP[@]}" "$@" --warm-up 0 --seconds "$MEASURE_S"
}

# ---- issues

NEXT_TEMPLATE=1000

# issues_measure ROW SIDE ROUND TEMPLATES QUANTITY: every user asks for each coupon once, ISSUES
# times in all, through 64 clients; new coupons every time.
issues_measure() {
    local row=$1 side=$2 round=$3 count=$4 quantity=$5
    local first=$NEXT_TEMPLATE prove=()
    NEXT_TEMPLATE=$((first + count))
    "templates_make_$side" "$first" "$count" "$quantity" >"$WORK/said" 2>&1 ||
        die "coupons for $side cannot be made: $(tail -n 3 "$WORK/said")"
    [[ $side != ours ]] || prove=(--prove)
    measure "$row" "$side" "$round" load "$side" issues --users $((ISSUES / count)) \
        --templates "$count" --first-template "$first" --clients 64 --requests "$ISSUES" \
        "${prove[@]}"
}

# templates_make_SIDE FIRST COUNT QUANTITY. (The tool makes a product as well, which nobody buys.)
templates_make_ours() {
    load ours prepare --users 1 --options 1 --first-option 1000001 --first-template "$1" \
        --templates "$2" --quantity "$3"
}
templates_make_service() {
    reference_sql service -c "INSERT INTO service.coupon_template (template_id, name, quantity)
        SELECT n, 'Coupon ' || n, $3 FROM generate_series($1, $1 + $2 - 1) n"
}

# ---- the workers alone

# queue_fill COUNT: so many orders into the queues while their workers stand still; then everybody
# else stands still as well.
queue_fill() {
    local -a others
    mapfile -t ORDER_WORKERS < <(programs_of order)
    mapfile -t others < <(programs_of ingress coupon stats payment platform clock)
    RESTING=("${others[@]}")
    programs_rest "${ORDER_WORKERS[@]}"
    load ours orders "${SHOP[@]}" --clients 256 --no-wait --requests "$1" \
        >"$WORK/said" 2>&1 </dev/null || die "the queues do not fill: $(tail -n 3 "$WORK/said")"
    programs_rest "${others[@]}"
}

# queue_drain COUNT: how fast they are decided, from the end of the first batch to the end of the
# last one, of those batches that began when each worker had its share of the queues: who starts
# first has them all until the next one comes.
queue_drain() {
    local before shared
    before=$(journal_last)
    for name in "${ORDER_WORKERS[@]}"; do service_start "$name"; done
    roots_read
    wait_until 60 queues_are_shared || die "the workers do not share the queues."
    shared=$(journal_last)
    wait_until 600 journal_reaches "$before" "$1" ||
        die "the workers have not decided $1 orders in 10 minutes."
    admin_sql firstcome "WITH batch AS (
            SELECT decided_at, count(*) AS orders FROM journal
             WHERE seq > $shared AND type = 'order.place' GROUP BY decided_at
        ), span AS (
            SELECT min(decided_at) AS began, max(decided_at) AS ended, sum(orders) AS orders,
                   count(*) AS batches
              FROM batch
        )
        SELECT json_build_object('name', 'drain', 'completed', s.orders, 'batches', s.batches,
            'seconds', round(extract(epoch FROM s.ended - s.began), 3),
            'per_s', round((s.orders - b.orders) / extract(epoch FROM s.ended - s.began)))
          FROM span s JOIN batch b ON b.decided_at = s.began"
}

# The sequence, which costs nothing to ask: the journal's own index of it is a BRIN, so that max()
# would read ten million rows beside what is measured.
journal_last() { admin_sql firstcome "SELECT last_value FROM journal_seq_seq"; }

# queues_are_shared: no order worker has more than one queue more than another.
queues_are_shared() {
    local name held least='' most=0 sum=0
    for name in "${ORDER_WORKERS[@]}"; do
        held=$(queues_held "$(metrics_port "$name")") || return 1
        sum=$((sum + held))
        ((held <= most)) || most=$held
        [[ -n $least ]] && ((least <= held)) || least=$held
    done
    ((sum == $(operator_setting PARTITIONS) && most - least <= 1))
}

# queues_held PORT: how many the worker says that it has.
queues_held() {
    # shellcheck disable=SC2016 # expanded by the inner bash
    timeout 3 bash -c '
        exec 3<>"/dev/tcp/127.0.0.1/$1"
        printf "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n" >&3
        cat <&3' - "$1" 2>/dev/null | tail -n 1 | jq -e .partitions
}

# journal_reaches SEQ COUNT: the sequence, then the rows.
journal_reaches() {
    (($(journal_last) >= $1 + $2)) || return 1
    (($(admin_sql firstcome "SELECT count(*) FROM journal WHERE seq > $1") >= $2))
}

# stack_wake: who rested goes on, and catches up before anything else is measured.
stack_wake() {
    programs_wake "${RESTING[@]}"
    wait_until 300 workers_are_still || die "the workers do not come to rest."
}

# ---- references that are programs of their own

# store_loop PROCESSES BATCH [--bare]: the batch loop, see bench_store.c.
store_loop() {
    on_founded store "$WORK/bin/bench_store" --processes "$1" --batch "$2" \
        --seconds "$MEASURE_S" "${@:3}"
}

# pgbench_orders CLIENTS [--call]: see pgbench/orders.
pgbench_orders() {
    on_founded pgbench "$WORK/pgbench/orders" --clients "$1" --seconds "$MEASURE_S" "${@:2}"
}

# broker_publish: a message an order, each confirmed; see bench_broker.c.
broker_publish() {
    FIRSTCOME_BROKER=$(operator_setting BROKER) "$WORK/bin/bench_broker" --seconds "$MEASURE_S"
}

# founded_make NAME: once, a database with this project's schema and a shop in it.
founded_make() {
    ! database_is_there "bench_$1" || return 0
    database_make "$1"
    { on_founded "$1" "$STATE/program/firstcome" migrate &&
        on_founded "$1" "$WORK/history/fill" --users "$USERS" --options 1000 &&
        { [[ $1 != pgbench ]] || on_founded pgbench "$WORK/pgbench/orders" --setup; }; } \
        >"$WORK/said" 2>&1 || die "the shop of $1: $(tail -n 3 "$WORK/said")"
}

# on_founded NAME COMMAND…
on_founded() {
    as_reference env FIRSTCOME_DATABASE="$(database_of "$1")" "${@:2}"
}

# operator_setting NAME: of what the command line of the installation is told.
operator_setting() { sed -n "s/^FIRSTCOME_$1=//p" "$STATE/environment/operator"; }

# ---- databases that change places

# The database that is named firstcome just now.
DATABASE=shop

# shop_make NAME [option of history/fill…]: another shop. The programs stand still while it is
# founded: a clock would have something to say in it.
shop_make() {
    say shop "$*"
    database_leave
    admin_sql postgres "CREATE DATABASE firstcome OWNER firstcome"
    DATABASE=$1
    { "$STATE/bin/firstcome" migrate &&
        FIRSTCOME_DATABASE=$(operator_setting DATABASE) \
            FIRSTCOME_PARTITIONS=$(operator_setting PARTITIONS) "$HERE/history/fill" \
            --options 1000 "${@:2}"; } \
        >"$WORK/said" 2>&1 </dev/null || die "history/fill: $(tail -n 3 "$WORK/said")"
}

# shop_prove: the tables of the one that is open; its founding was made up, which the statistics
# never heard of.
shop_prove() {
    "$STATE/bin/firstcome" stats rebuild >"$WORK/said" 2>&1 </dev/null
    audit
}

# database_enter NAME: the programs go on with that one.
database_enter() {
    if [[ $DATABASE != "$1" ]]; then
        database_leave
        admin_sql postgres "ALTER DATABASE $1 RENAME TO firstcome"
        DATABASE=$1
    fi
    stack_change
}

# database_leave: the programs stop, and theirs gets its own name.
database_leave() {
    local -a names
    mapfile -t names < <(programs_of ingress coupon order stats payment platform clock)
    programs_rest "${names[@]}"
    admin_sql postgres "ALTER DATABASE firstcome RENAME TO $DATABASE"
}
