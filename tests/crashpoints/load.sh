# shellcheck shell=bash
# Sourced after lib.sh: clients that keep every job of an installation busy, with a history of all
# that they see; and what they were promised, checked against the tables and the other parties.

# shellcheck source=tests/e2e/clients.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/clients.sh"

# A gateway that is waited for not too long, orders that expire, a clock that looks often: so that
# each of the gateway's calls is made, payments are put off, and sweeps find something.
# shellcheck disable=SC2034 # the test gives them to stack_up
LOAD_OPTIONS=(
    --set FIRSTCOME_PAYMENT_TOTAL_MS=200 --set FIRSTCOME_PAYMENT_PAUSE_MIN_MS=20
    --set FIRSTCOME_PAYMENT_PAUSE_MAX_MS=100 --set FIRSTCOME_PAYMENT_MARGIN_MS=300
    --set FIRSTCOME_PAYMENT_PATIENCE_MS=200 --set FIRSTCOME_PAYMENT_BREAKER_OPEN_MS=100
    --set FIRSTCOME_CLOCK_ORDER_EXPIRY_S=1 --set FIRSTCOME_CLOCK_COUPON_EXPIRY_S=1)
readonly EXPIRES_S=8 CLIENTS=3
# Of each client: requests a second, so many users, what they ask for, how long it waits at its end.
RATE=40 USERS=1:300 MIX=coupon=40,order=30,charge=25,cancel=5 DRAIN_S=60
CLIENT_PIDS=() LOADS=0

# chaos_client NAME OPTION…: becomes a client, with $WORK/history.NAME.
chaos_client() {
    trap - ERR EXIT
    set -a
    # shellcheck source=/dev/null
    . "$STATE/env"
    exec "$BUILD/bin/chaos_client" --history "$WORK/history.$1" --urls "$URL" --products 1:24 \
        "${@:2}" >"$WORK/client.$1" 2>&1
}

# shop_make: once, before the first load.
shop_make() {
    jq ".payment.transfer_expires_s = $EXPIRES_S" "$REPO/deploy/policies/event-sourced.json" \
        >"$WORK/policy.json"
    fc policy apply "$WORK/policy.json" >"$WORK/policy" 2>&1 ||
        fail "policy apply: $(<"$WORK/policy")"
    (chaos_client setup --setup --seed 1 --users "$USERS" --templates "1:$((10 * CLIENTS))" \
        --quantity 1000) ||
        fail "chaos_client --setup: $(<"$WORK/client.setup")"
    moods &
    MOODS=$!
    CHILDREN+=("$MOODS")
}

# moods: the gateway hangs, cuts lines, declines; now and then it takes so long to decide that
# orders expire.
moods() {
    local pending=0
    trap - ERR EXIT
    while :; do
        pending=$((12000 - pending))
        behave "{\"delay_ms\":10,\"drop_rate\":10,\"hang_rate\":10,\"decline_rate\":10,
            \"pending_ms\":$pending}" || true
        sleep 2 # sleep: a mood lasts
    done
}

# behave JSON: how the gateway is from now on.
behave() {
    curl -sf -o "$WORK/mood" --max-time 10 -X PUT --data-binary "$1" \
        "http://127.0.0.1:${PORT_OF[standin-gateway]}/behaviour"
}

# load_start: the clients, each with templates of its own.
load_start() {
    local number
    LOADS=$((LOADS + 1))
    for ((number = 1; number <= CLIENTS; number++)); do
        chaos_client "$LOADS-$number" --seed $((100 * LOADS + number)) --users "$USERS" \
            --templates "$((10 * number - 9)):10" --rate "$RATE" --mix "$MIX" --transfers 30 \
            --seconds 0 --drain-seconds "$DRAIN_S" &
        CLIENT_PIDS+=($!)
        CHILDREN+=($!)
    done
    load_grows 20
}

# load_accepted: the ids of all commands that clients of this load have got a 202 for.
load_accepted() {
    # At first there are no files.
    { cat -- "$WORK"/history."$LOADS"-* 2>/dev/null || true; } | accepted_ids
}

accepted_ids() {
    sed -n 's/.*"what":"answered","status":202,"id":"\([0-9a-f-]*\)".*/\1/p' | sort -u
}

load_has() { (($(load_accepted | wc -l) >= $1)); }

# load_grows COUNT: so many more are accepted, soon.
load_grows() {
    local before
    before=$(load_accepted | wc -l)
    wait_for 60 "$1 more commands to be accepted" load_has $((before + $1))
}

# load_is_served NAME: what was accepted by now is decided soon; NAME remembers how far it looked.
declare -A SERVED
load_is_served() {
    local file from size
    for file in "$WORK"/history."$LOADS"-*; do
        from=${SERVED[$1 $file]:-0}
        size=$(stat -c %s "$file")
        tail -c "+$((from + 1))" "$file"
        # The last line may have been written in part: once more, from before it.
        SERVED[$1 $file]=$((size > 4096 ? size - 4096 : 0))
    done >"$WORK/served.$1"
    accepted_ids <"$WORK/served.$1" >"$WORK/accepted.$1"
    wait_for 60 "the verdicts of what is accepted by now" all_decided "$WORK/accepted.$1"
}

# load_stop: clients make no new wishes and wait for what they were promised. Fails when they wait
# in vain.
load_stop() {
    local client rc=0
    for client in "${CLIENT_PIDS[@]}"; do
        kill "$client"
        wait "$client" || rc=1
    done
    CLIENT_PIDS=()
    return "$rc"
}

# load_ends: nothing is under way any more, neither here nor at the other parties.
load_ends() {
    kill "$MOODS"
    behave '{}' || fail "the gateway does not listen"
    wait_for 60 "all payments to end" nothing_pends
}

nothing_pends() {
    [[ $(sql "SELECT count(*) FROM orders WHERE status = 'pending_payment'") == 0 ]]
}

# load_check: what every client saw against the journal, the tables and the other parties. Fails
# when something is violated; the lines are in $WORK/check.
load_check() {
    curl -sf -o "$WORK/ledger" --max-time 10 \
        "http://127.0.0.1:${PORT_OF[standin-gateway]}/ledger" || fail "the gateway has no ledger"
    (
        set -a
        # shellcheck source=/dev/null
        . "$STATE/env"
        exec "$BUILD/bin/history_check" --history "$WORK"/history.* --gateway "$WORK/ledger" \
            --platform "$STATE/standins/platform.ndjson"
    ) >"$WORK/check" 2>&1
}
