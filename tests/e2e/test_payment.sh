#!/usr/bin/env bash
# Orders paid by bank transfer, at a gateway of all manners: it approves, declines, hangs, cuts the
# line, says yes long after nobody waits any more, answers twice, is away for longer than an order
# waits; while the worker that asks it is killed and frozen. Whatever happens, money, stock and
# coupon are right in the end, no order is paid for twice, and the gateway keeps the money of
# exactly the orders that are paid.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

readonly USER=7 PRICE=1000 STOCK=1000 MONEY=1000000 EXPIRES_S=20
ORDER='' COUPON='' HOLDER='' NOW=''

# behave JSON: how the gateway is from now on.
behave() {
    curl -sf -o "$WORK/behaviour" --max-time 10 -X PUT --data-binary "$1" \
        "http://127.0.0.1:$GATEWAY/behaviour" || fail "the stand-in does not take $1"
    say "the gateway: $1"
}

ledger() { curl -sf --max-time 10 "http://127.0.0.1:$GATEWAY/ledger"; }

# entry ORDER FILTER: what stands in the gateway's books about it.
entry() { ledger | jq -r --arg id "$1" ".payments[] | select(.order_id == \$id) | $2"; }
entry_is() { [[ $(entry "$1" .status) == "$2" ]]; }

shop_make() {
    jq ".payment.transfer_expires_s = $EXPIRES_S" "$REPO/deploy/policies/event-sourced.json" \
        >"$WORK/policy.json"
    fc policy apply "$WORK/policy.json" >"$WORK/policy" 2>&1 ||
        fail "policy apply: $(<"$WORK/policy")"
    http_ok PUT /v1/products/1 admin "{\"name\":\"tea\",\"price\":$PRICE,\"status\":\"on_sale\",
        \"first_come\":false,\"options\":[{\"option_id\":1,\"name\":\"one\",\"surcharge\":0,
        \"stock\":$STOCK}]}"
    http_ok POST /v1/users $USER "{\"user_id\":$USER}"
    http_ok POST /v1/users/$USER/charges $USER "{\"user_id\":$USER,\"amount\":$MONEY}"
    http_ok POST /v1/coupon-templates admin "{\"template_id\":1,\"name\":\"off\",\"quantity\":9,
        \"discount\":{\"type\":\"amount\",\"value\":300},\"issue_from\":\"2020-01-01T00:00:00Z\",
        \"issue_until\":\"2999-01-01T00:00:00Z\"}"
    http_ok POST /v1/coupon-templates/1/issues $USER "{\"user_id\":$USER}"
    COUPON=$(jq -r .result.coupon_id <<<"$BODY")
}

# transfer [FROM_BALANCE [MEMBERS]]: an order of two pieces by transfer; ORDER is its id.
transfer() {
    http_ok POST /v1/orders $USER "{\"user_id\":$USER,\"lines\":[{\"option_id\":1,\"quantity\":2}],
        \"payment\":{\"method\":\"bank_transfer\",\"from_balance\":${1:-0}}${2:-}}"
    is "an order" "$(jq -r '"\(.result.status) \(.result.paid)"' <<<"$BODY")" 'pending_payment 0'
    ORDER=$(jq -r .result.order_id <<<"$BODY")
}

order_read() { http_ok GET "/v1/orders/$1" $USER; }
order_is() { order_read "$1" && [[ $(jq -r .status <<<"$BODY") == "$2" ]]; }

# ends ORDER paid|failed [PROBLEM]: that is what becomes of it, soon.
ends() {
    wait_for 60 "order $1 to be $2" order_is "$1" "$2"
    is "order" "$(jq -r '"\(.status) \(.problem.code // "")"' <<<"$BODY")" "$2 ${3:-}"
}

coupon_is() {
    http_ok GET "/v1/coupons/$COUPON" $USER
    is "the coupon" "$(jq -r .status <<<"$BODY")" "$1"
}

# holds_of: what the shop holds: balance, held part of it, stock, reserved part of it.
holds_of() {
    sql "SELECT balance, held, total, reserved FROM wallet, product_option
         WHERE user_id = $USER AND option_id = 1"
}

holds_are() { is "balance, held, stock, reserved" "$(holds_of)" "$1"; }

# unchanged COMMAND…: afterwards the shop holds what it held before.
unchanged() {
    local before
    before=$(holds_of)
    "$@"
    holds_are "$before"
}

approved() {
    transfer 500
    ends "$ORDER" paid
    # 5% off the 1,500 that were transferred.
    is "terms" "$(jq -r '"\(.total) \(.discount) \(.paid)"' <<<"$BODY")" '2000 75 1925'
    is "at the gateway" "$(entry "$ORDER" '"\(.status) \(.amount) \(.approvals)"')" \
        'approved 1425 1'
    holds_are "$((MONEY - 500))|0|$((STOCK - 2))|0"
}

declined() {
    behave '{"mode":"decline"}'
    transfer 500 ",\"coupon_id\":\"$COUPON\""
    ends "$ORDER" failed payment_declined
    is "at the gateway" "$(entry "$ORDER" .status)" declined
    coupon_is available
}

# While it is under way, money and pieces are held; the gateway has it and does not know yet.
pending() {
    local held
    behave '{"pending_ms":2000}'
    held=$(holds_of)
    transfer 700
    IFS='|' read -r balance _ stock _ <<<"$held"
    holds_are "$balance|700|$stock|2"
    ends "$ORDER" paid
    holds_are "$((balance - 700))|0|$((stock - 2))|0"
}

# One that the gateway leaves undecided keeps nobody waiting who came behind it.
undecided() {
    local first
    behave '{"pending_ms":9000}'
    transfer
    first=$ORDER
    wait_for 30 "the gateway to have it" entry_is "$first" pending
    behave '{}'
    transfer
    ends "$ORDER" paid
    order_read "$first"
    is "the first" "$(jq -r .status <<<"$BODY")" pending_payment
    ORDER=$first
    ends "$ORDER" paid
    is "at the gateway" "$(entry "$ORDER" '"\(.status) \(.approvals) \(.asked)"')" 'approved 1 1'
}

# It took the payment and never said so: it is asked for.
hanging() {
    behave '{"mode":"hang","only":"ask"}'
    transfer
    ends "$ORDER" paid
    is "at the gateway" "$(entry "$ORDER" '"\(.status) \(.approvals) \(.voids)"')" 'approved 1 0'
    within "asked" "$(entry "$ORDER" .asked)" 3 3
    within "looked after" "$(entry "$ORDER" .looked)" 1 9
}

cutting() {
    behave '{"mode":"drop","first":1}'
    transfer
    ends "$ORDER" paid
    is "at the gateway" "$(entry "$ORDER" '"\(.status) \(.approvals)"')" 'approved 1'
    behave '{"fail_rate":100,"first":2,"fail_status":503,"retry_after_s":1,"twice":true}'
    transfer
    ends "$ORDER" paid
}

# Yes, after nobody waits any more: what was taken goes back, and so does all that was held.
late() {
    behave '{"mode":"answer_late","late_ms":8000}'
    transfer 300 ",\"coupon_id\":\"$COUPON\""
    ends "$ORDER" failed payment_timed_out
    coupon_is available
    is "at the gateway" "$(entry "$ORDER" '"\(.status) \(.approvals)"')" 'voided 0'
    wait_for 30 "the gateway to say yes" entry_is "$ORDER" refunded
    is "taken, and given back" "$(entry "$ORDER" .approvals)" 1
}

# The same order again: paid for once.
coupon_once_more() {
    transfer 0 ",\"coupon_id\":\"$COUPON\""
    ends "$ORDER" paid
    is "terms" "$(jq -r '"\(.total) \(.discount) \(.paid)"' <<<"$BODY")" '2000 385 1615'
    coupon_is used
}

standin_away() { s6-svc -d "$STATE/service/standin-gateway"; }
standin_back() {
    s6-svc -u "$STATE/service/standin-gateway"
    wait_for 30 "the gateway" is_up standin-gateway
    behave '{}'
}

payment_metric() {
    curl -s --max-time 5 "http://127.0.0.1:${PORT_OF[payment-1]}/metrics" \
        "http://127.0.0.1:${PORT_OF[payment-2]}/metrics" |
        awk -v name="$1" 'index($0, name) == 1 { sum += $2 } END { print sum + 0 }'
}
metric_above() { (($(payment_metric "$1") > $2)); }

# Nobody listens: nothing is given up, and afterwards all goes on.
outage() {
    local -a orders=()
    local count
    standin_away
    for ((count = 0; count < 5; count++)); do
        transfer
        orders+=("$ORDER")
    done
    wait_for 20 "the breaker to open" metric_above firstcome_payment_openings_total 0
    is "orders that wait" "$(pending_count)" 5
    standin_back
    for ORDER in "${orders[@]}"; do ends "$ORDER" paid; done
    is "state of the breaker" "$(payment_metric 'firstcome_payment_breaker{state="open"}')" 0
}

pending_count() { sql "SELECT count(*) FROM orders WHERE status = 'pending_payment'"; }
nothing_pends() { [[ $(pending_count) == 0 ]]; }

# Away for longer than an order waits: the clock ends it, and the gateway never takes it. The worker
# that waits outlives it with its connections, and keeps its place in the queue.
longer_outage() {
    local -a orders=()
    local count connects
    connects=$(payment_metric firstcome_worker_connects_total)
    standin_away
    for ((count = 0; count < 3; count++)); do
        transfer 100
        orders+=("$ORDER")
    done
    for ORDER in "${orders[@]}"; do ends "$ORDER" failed payment_timed_out; done
    standin_back
    for ORDER in "${orders[@]}"; do
        wait_for 30 "the payment to be void" entry_is "$ORDER" voided
    done
    is "connections of the workers" "$(payment_metric firstcome_worker_connects_total)" "$connects"
}

# orders_at_once COUNT: by transfer, and nobody waits for what becomes of them.
orders_at_once() {
    local count
    for ((count = 0; count < $1; count++)); do transfer 10; done
}

# holder: the payment worker that has the queue; empty while nobody has.
holder() {
    local name
    for name in payment-1 payment-2; do
        ! holds "$name" 1 1 || echo "$name"
    done
}
holder_is_other_than() {
    NOW=$(holder)
    [[ -n $NOW && $NOW != "$1" ]]
}

# holder_named: HOLDER is the worker that has the queue, as soon as one has it.
holder_named() {
    wait_for 30 "a worker to have the queue" holder_is_other_than nobody
    HOLDER=$NOW
}

# The worker dies, and another; then one sleeps until its queue is another's, and wakes.
dying() {
    local round
    behave '{"delay_ms":150,"fail_rate":20,"drop_rate":20}'
    for ((round = 0; round < 3; round++)); do
        orders_at_once 12
        holder_named
        strike KILL "$HOLDER"
        orders_at_once 4
    done
    orders_at_once 8
    holder_named
    strike STOP "$HOLDER"
    wait_for 60 "the other to have the queue" holder_is_other_than "$HOLDER"
    orders_at_once 4
    wait_for 60 "all payments to end" nothing_pends
    strike CONT "$HOLDER"
    orders_at_once 4
    wait_for 60 "all payments to end" nothing_pends
    say "none of $(sql "SELECT count(*) FROM orders WHERE from_balance = 10") is under way"
    behave '{}'
}

# Every order.placed there ever was is told again, long after its time.
told_again() {
    local id ended placed
    ended=$(payment_metric firstcome_payments_total)
    placed=$(sql "SELECT count(*) FROM orders WHERE payment_method = 'bank_transfer'")
    sql "INSERT INTO parked (queue, reason, bytes, delivery_count, worker)
         SELECT 'payment.0', 'again', convert_to(jsonb_agg(jsonb_build_object(
             'id', command_id, 'at', decided_at, 'command_id', command_id) || e)::text, 'UTF8'),
             0, 'test'
         FROM journal, jsonb_array_elements(events::jsonb) e WHERE e ->> 'type' = 'order.placed'
         GROUP BY substr(command_id::text, 36)"
    for id in $(sql "SELECT parked_id FROM parked WHERE reason = 'again'"); do
        fc parked requeue "$id" >"$WORK/requeue" || fail "parked requeue: $(<"$WORK/requeue")"
    done
    wait_for 60 "all of it to be done again" metric_above firstcome_payments_total \
        $((ended + placed - 1))
    within "orders told again" "$placed" 50 1000
}

# The gateway's books against the orders: both say the same of every payment there ever was.
agreement() {
    wait_for 60 "all payments to end" nothing_pends
    wait_for 30 "the books to agree" books_agree
    is "payments taken twice" "$(ledger | jq '[.payments[] | select(.approvals > 1)] | length')" 0
    within "orders paid" "$(wc -l <"$WORK/paid")" 20 1000
    is "money at the gateway" "$(ledger | jq .totals.approved.amount)" \
        "$(sql "SELECT sum(paid - from_balance) FROM orders
                WHERE payment_method = 'bank_transfer' AND status = 'paid'")"
}

books_agree() {
    sql "SELECT order_id, paid - from_balance FROM orders
         WHERE payment_method = 'bank_transfer' AND status = 'paid' ORDER BY 1" >"$WORK/paid"
    ledger | jq -r '.payments[] | select(.status == "approved") | "\(.order_id)|\(.amount)"' |
        sort >"$WORK/approved"
    cmp -s "$WORK/paid" "$WORK/approved"
}

stack_up shop --ingress 1 --coupon-workers 1 --order-workers 1 --payment-workers 2 \
    --set FIRSTCOME_PAYMENT_TOTAL_MS=500 --set FIRSTCOME_PAYMENT_PAUSE_MIN_MS=50 \
    --set FIRSTCOME_PAYMENT_PAUSE_MAX_MS=500 --set FIRSTCOME_PAYMENT_MARGIN_MS=1000 \
    --set FIRSTCOME_PAYMENT_BREAKER_OPEN_MS=300 --set FIRSTCOME_CLOCK_ORDER_EXPIRY_S=1
GATEWAY=${PORT_OF[standin-gateway]}
shop_make
approved
unchanged declined
pending
undecided
hanging
cutting
unchanged late
behave '{}'
coupon_once_more
outage
unchanged longer_outage
dying
agreement
told_again
agreement
is "messages set aside" "$(sql "SELECT count(*) FROM parked WHERE reason <> 'again'")" 0
audit_is_clean
