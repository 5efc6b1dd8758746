#!/usr/bin/env bash
# The load tool against an installation: what it says it did is what the shop did, in a closed and
# an open loop, and it ends by itself.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

# load WHAT [option…]: its figures are in $WORK/load.json.
load() {
    fc load "$@" --json >"$WORK/load.json" 2>"$WORK/load.log" ||
        fail "load $*: $(<"$WORK/load.log") $(<"$WORK/load.json")"
    say "load $*: $(jq -c '[.per_s, .cpu_us_each, .latency_us.p50?]' "$WORK/load.json")"
}

# load_refuses EXIT PATTERN WHAT [option…]: it leaves with that, and says so.
load_refuses() {
    local rc=0
    fc load "${@:3}" --json >"$WORK/load.json" 2>"$WORK/load.log" || rc=$?
    is "load ${*:3} ends with" "$rc" "$1"
    says "load ${*:3}" "$(<"$WORK/load.log")" "$2"
}

figure() { jq -r "$1" "$WORK/load.json"; }

# adds_up: what was answered is the sum over its statuses, and no request is lost in between.
adds_up() {
    is "completed, and the sum of its statuses" \
        "$(figure '"\(.completed) \([.statuses[]] | add // 0)"')" \
        "$(figure '"\(.completed) \(.completed)"')"
    is "sent, answered, and the sum of their statuses" \
        "$(figure '.all | "\(.sent) \(.answered) \([.statuses[]] | add // 0)"')" \
        "$(figure '.all | "\(.sent) \(.sent) \(.sent)"')"
    is "without an answer" "$(figure '[.failures[]] | add // 0')" 0
}

# decided TYPE: commands of it in the journal.
decided() { sql "SELECT count(*) FROM journal WHERE type = '$1'"; }

decided_are() { (($(decided "$1") == $2)); }

# decides TYPE WHAT [option…]: each request is one decided command of that type.
decides() {
    local before
    before=$(decided "$1")
    load "${@:2}"
    adds_up
    is "$1 in the journal" "$(($(decided "$1") - before))" "$(figure .all.sent)"
}

stack_up shop --ingress 2

load prepare --users 500 --options 50 --templates 2 --quantity 300
is "users, balances, products, templates made" \
    "$(figure '[.users.new, .balances.new, .products.new, .templates.new] | join(" ")')" \
    "500 500 50 2"
load prepare --users 500 --options 50 --templates 2 --quantity 300
is "users and balances made by a repeat" "$(figure '"\(.users.new) \(.balances.new)"')" "0 0"
is "balances that are not as prepared" \
    "$(sql 'SELECT count(*) FROM wallet WHERE balance <> 1000000000')" 0

# ---- a closed loop: so many requests, each with its verdict
decides order.place orders --users 500 --options 50 --requests 2000 --clients 32
is "completed, all created" "$(figure '"\(.completed) \(.statuses["201"])"')" "2000 2000"
is "orders in the shop" "$(sql 'SELECT count(*) FROM orders')" 2000
within "lines of 2,000 orders, of 1 or 2" "$(sql 'SELECT count(*) FROM order_line')" 2800 3200
within "options that were ordered" \
    "$(sql 'SELECT count(DISTINCT option_id) FROM order_line')" 50 50

# A repeat of the seed is the same load; with keys each request is another command all the same.
before=$(decided order.place)
load orders --users 500 --options 50 --requests 500 --hot --keys --no-wait
adds_up
is "over with their 202" "$(figure '.statuses["202"]')" 500
wait_for 30 "their verdicts" decided_are order.place $((before + 500))
is "idempotency keys of them" "$(sql "SELECT count(DISTINCT idempotency_key) FROM journal
    WHERE type = 'order.place' AND idempotency_key LIKE 'load-%'")" 500

# ---- by the time, with a warm-up that does not count
decides wallet.charge charges --users 500 --seconds 2 --clients 8
within "seconds that were measured" "$(figure '.seconds * 1000 | floor')" 2000 2000
[[ $(figure '.all.sent > .sent') == true ]] || fail "the warm-up was counted"

# ---- an open loop, and its files
decides order.place orders --users 500 --options 50 --rate 200 --seconds 3 --warm-up 0 \
    --clients 64 --histogram "$WORK/latency" --history "$WORK/history"
# The seed says how many instants there are within the time, whatever the machine did.
is "planned at 200 a second for 3 seconds" "$(figure '.all.sent + .unsent')" 576
is "requests in the history" "$(wc -l <"$WORK/history")" "$(figure .all.sent)"
is "of these sent before they were planned, or answered before they were sent" \
    "$(jq -c 'select(.sent_us < .planned_us or .answered_us < .sent_us)' "$WORK/history" | wc -l)" 0
is "requests in the histogram" "$(awk '/^ .*inf$/ { print $3 }' "$WORK/latency")" \
    "$(figure '.all.sent + .unsent')"

# ---- coupons: the first who ask
decides coupon.issue issues --users 500 --hot --requests 500 --clients 32 --prove
is "winners, losers, unfair" \
    "$(figure '.proof | "\(.winners) \(.losers) \(.violations + .orders_wrong)"')" "300 200 0"
is "the losers' code" "$(figure '.all.codes | tojson')" '{"coupon_sold_out":200}'
load_refuses 1 'were refused' issues --users 500 --hot --requests 500
load_refuses 1 'nothing was answered within' issues --users 20 --first-template 2
is "coupons in the shop" "$(sql 'SELECT count(*) FROM coupon')" 320

# ---- reads
load status --users 500 --ids 200 --requests 2000
adds_up
is "their states" "$(figure '.states | tojson')" '{"succeeded":2000}'
load get --path /v1/products/7 --requests 2000 --clients 16
adds_up

# ---- what does not go well is told
load_refuses 1 'were refused' get --path /v1/orders/nothing --requests 10
is "answers that nobody allowed" "$(figure '.all.statuses | keys | tojson')" '["404"]'
load get --path /v1/orders/nothing --requests 10 --allow any
load_refuses 2 'needs --path' get
load_refuses 2 'is of orders' nonsense
load_refuses 111 'refused' get --path / --url http://127.0.0.1:1

# ---- it ends in order when it is asked to
"$STATE/bin/firstcome" load orders --users 500 --options 50 --seconds 600 --json \
    >"$WORK/load.json" 2>"$WORK/load.log" &
CHILDREN+=($!)
flows 500
kill -INT "$!"
wait "$!" || fail "interrupted, it left with $?: $(<"$WORK/load.log")"
adds_up

audit_is_clean
