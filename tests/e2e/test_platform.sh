#!/usr/bin/env bash
# The data platform is told of every paid and every cancelled order: while it fails, hangs, cuts
# connections and takes half of what it gets; while the worker that tells it is killed; through an
# outage. Each order's events come in their order, signed; what it refuses is parked alone, with the
# reason, and goes through when it is put back.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

readonly USER=7
ORDERS=() STRANGERS=0

# platform METHOD PATH [BODY]: an answer of the stand-in.
platform() {
    curl -sf --max-time 10 -X "$1" ${3:+--data-binary "$3"} "http://127.0.0.1:$PLATFORM$2"
}

# behave JSON: how it is from now on.
behave() {
    platform PUT /behaviour "$1" >"$WORK/behaviour" || fail "the stand-in does not take $1"
    say "the data platform: $1"
}

number() { platform GET /stats | jq -r ".$1"; }

# order: places one, and appends its id to ORDERS.
order() {
    http_ok POST /v1/orders "$USER" \
        "{\"user_id\":$USER,\"lines\":[{\"option_id\":1,\"quantity\":1}]}"
    ORDERS+=("$(jq -r .result.order_id <<<"$BODY")")
}

orders() {
    local count
    for ((count = 0; count < $1; count++)); do order; done
}

cancel() { http_ok POST "/v1/orders/$1/cancel" "$USER" '{}'; }

# expected: "type order" of each event that the journal has for the data platform, sorted.
expected() {
    sql "SELECT e ->> 'type', e -> 'data' ->> 'order_id' FROM journal,
            jsonb_array_elements(events::jsonb) e
         WHERE e ->> 'type' IN ('order.paid', 'order.cancelled')" | sort
}

# told: the same of what the stand-in has kept, each once.
told() {
    jq -r '"\(.type)|\(.data.order_id)"' "$STATE/standins/platform.ndjson" | sort -u
}

everything_told() { [[ $(told) == "$(expected)" ]]; }

# all_told: nothing is missing, nothing is there that nobody did, no order's events were swapped.
all_told() {
    wait_for 60 "the data platform to know all" everything_told
    is "events out of their order's order" "$(number violations)" 0
    is "messages of ours that were not signed" "$(number unsigned)" "$STRANGERS"
    is "different events" "$(number distinct)" "$(expected | wc -l)"
}

parked_open() { sql "SELECT count(*) FROM parked WHERE resolved_at IS NULL"; }
parked_open_is() { [[ $(parked_open) == "$1" ]]; }

shop_make() {
    http_ok PUT /v1/products/1 admin '{"name":"tea","price":1000,"status":"on_sale",
        "first_come":false,"options":[{"option_id":1,"name":"one","surcharge":0,"stock":10000}]}'
    http_ok POST /v1/users $USER "{\"user_id\":$USER}"
    http_ok POST /v1/users/$USER/charges $USER "{\"user_id\":$USER,\"amount\":10000000}"
}

# An order is known by the time somebody looks; its events are there in their order.
told_at_once() {
    order
    cancel "${ORDERS[0]}"
    all_told
    is "events of an order, in their order" \
        "$(platform GET "/events?order_id=${ORDERS[0]}" | jq -c '[.[].type]')" \
        '["order.paid","order.cancelled"]'
}

# The stand-in looks at signatures: a message of somebody else's is not taken.
signed_only() {
    local status
    status=$(curl -s -o "$WORK/answer" -w '%{http_code}' --data-binary '{}' \
        -H "webhook-id: x" -H "webhook-timestamp: $(date +%s)" -H "webhook-signature: v1,AAAA" \
        "http://127.0.0.1:$PLATFORM/events")
    is "a message with another signature" "$status" 401
    STRANGERS=1
}

# Slow, failing, cutting, hanging and half-taking at once, and the worker killed in the middle.
nasty() {
    local pid round
    behave '{"delay_ms":20,"fail_rate":25,"drop_rate":20,"hang_rate":10,"half_rate":15}'
    for round in 1 2 3; do
        orders 15
        pid=$(pid_of platform-1)
        strike KILL platform-1
        orders 5
        cancel "${ORDERS[-1]}"
        cancel "${ORDERS[-12]}"
        wait_for 60 "the worker to be back" is_another platform-1 "$pid"
        say "round $round is over"
    done
    all_told
    within "events told again" "$(number repeats)" 1 100000
    behave '{"fail_rate":50,"fail_status":429,"retry_after_s":1}'
    orders 10
    all_told
    is "messages set aside" "$(parked_open)" 0
}

# It is gone for a while; nothing waits for it but what it is to be told. The session of the worker
# that waits outlives it, and so does its place in the queue.
outage() {
    local pid before
    pid=$(pid_of platform-1)
    before=$(number distinct)
    strike STOP standin-platform
    orders 30
    cancel "${ORDERS[-3]}"
    sleep 8 # sleep: the worker has to wait for longer than a silent session lives (5 s)
    is "the worker that waits" "$(pid_of platform-1)" "$pid"
    holds platform-1 1 1 || fail "the worker that waits has lost its queue"
    strike CONT standin-platform
    all_told
    within "different events since" $(($(number distinct) - before)) 31 31
}

# What says nothing about the events parks none of them.
wrong_address() {
    local status before
    for status in 401 404 410; do
        behave "{\"fail_rate\":100,\"fail_status\":$status}"
        before=$(number requests)
        orders 2
        wait_for 30 "three requests" requests_above $((before + 3))
        behave '{}'
        all_told
    done
    is "messages set aside" "$(parked_open)" 0
}

requests_above() { (($(number requests) >= $1)); }

# Events of three orders are refused: they are parked, alone; all others go through.
refused() {
    local from=${#ORDERS[@]} list id error='an event of an order that is refused'
    behave '{"down":true}'
    orders 40
    list=$(printf '"%s",' "${ORDERS[@]:from+3:1}" "${ORDERS[@]:from+17:1}" "${ORDERS[@]:from+39:1}")
    behave "{\"refuse_status\":422,\"refuse_orders\":[${list%,}]}"
    wait_for 60 "three events to be parked" parked_open_is 3
    is "what is parked" \
        "$(sql "SELECT DISTINCT queue || ': ' || reason FROM parked WHERE resolved_at IS NULL")" \
        "platform.0: the data platform answered 422: {\"error\":\"$error\"}"
    wait_for 30 "the others" all_but 3
    behave '{}'
    for id in $(sql "SELECT parked_id FROM parked WHERE resolved_at IS NULL ORDER BY parked_id"); do
        fc parked requeue "$id" >"$WORK/requeue" || fail "parked requeue: $(<"$WORK/requeue")"
    done
    all_told
    is "messages set aside" "$(parked_open)" 0
}

all_but() { (($(told | wc -l) == $(expected | wc -l) - $1)); }

# Restarted, the stand-in knows what it knew: the numbers of the test are true.
standin_remembers() {
    local pid before
    before=$(platform GET /stats | jq -c '[.events, .distinct, .repeats, .orders, .violations]')
    pid=$(pid_of standin-platform)
    strike KILL standin-platform
    wait_for 30 "the stand-in to be back" is_another standin-platform "$pid"
    is "what the stand-in knows" \
        "$(platform GET /stats | jq -c '[.events, .distinct, .repeats, .orders, .violations]')" \
        "$before"
}

stack_up shop --ingress 1 --coupon-workers 1 --order-workers 1 \
    --set FIRSTCOME_PLATFORM_TOTAL_MS=500
PLATFORM=${PORT_OF[standin-platform]}
shop_make
told_at_once
signed_only
behave '{}'
nasty
outage
refused
wrong_address
standin_remembers
audit_is_clean
