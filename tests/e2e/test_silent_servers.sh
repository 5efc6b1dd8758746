#!/usr/bin/env bash
# A broker and a database that are there and say nothing: frozen, so that connections are taken and
# nothing is answered, the worst there is for whoever waits. The ingress goes on: what does not need
# the one that is silent is answered as ever, what does is refused at once, not after a time-out;
# also while it connects anew, and when it is asked to stop. The same under the broker's alarm.
# ctest: alone
# ctest: long
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/ask.sh
. "$(dirname "$0")/ask.sh"

# An answer at once, on a machine that has other things to do as well.
readonly AT_ONCE_MS=1000
# How long those wait that were under way when the silence began.
readonly FIRST_MS=8000

charge() { ask POST /v1/users/7/charges "${ANN[@]}" "${JSON[@]}" -d '{"amount":5}'; }
read_products() { ask GET /v1/products; }
is_alive() { ask GET /livez; }

# timed COMMAND…: sets STATUS and MS.
timed() {
    local since=${EPOCHREALTIME/./}
    "$@"
    MS=$(((${EPOCHREALTIME/./} - since) / 1000))
}

# stays SECONDS STATUS COMMAND…: asked again and again it is this, and always at once.
stays() {
    local end=$((SECONDS + $1)) wanted=$2 longest=0 count=0
    shift 2
    while ((SECONDS < end)); do
        timed "$@"
        [[ $STATUS == "$wanted" ]] || fail "$*: $STATUS after $count times $wanted: $BODY"
        ((MS <= longest)) || longest=$MS
        count=$((count + 1))
    done
    within "$*: $count times $wanted, ms of the longest" "$longest" 0 "$AT_ONCE_MS"
}

# first_is STATUS COMMAND…: one that may have been under way.
first_is() {
    timed "${@:2}"
    is "the first: ${*:2}" "$STATUS" "$1"
    within "its ms" "$MS" 0 "$FIRST_MS"
}

becomes() { "${@:2}" && [[ $STATUS == "$1" ]]; }
ready_is() { [[ $(curl -s --max-time 5 "$URL/readyz" | jq -r ".$1") == "$2" ]]; }

broker_is_silent() {
    strike STOP rabbitmq
    first_is 503 charge
    stays 3 503 charge
    stays 1 200 read_products
    stays 1 200 is_alive
    wait_for 30 "the broker to be given up" ready_is broker disconnected
    # Now it connects anew, in vain.
    stays "$(long 8 30)" 503 charge
    stays 1 200 read_products
    is "Retry-After" "$(charge && header Retry-After)" 1
    stops_quickly
    strike CONT rabbitmq
    wait_for 60 "commands to be taken" becomes 202 charge
}

# Although a connection is in the making.
stops_quickly() {
    local old since=$SECONDS
    old=$(pid_of ingress-1)
    strike TERM ingress-1
    wait_for 10 "the ingress to be gone" is_gone "$old"
    within "seconds until it was gone" $((SECONDS - since)) 0 5
}

is_gone() { ! kill -0 "$1" 2>/dev/null; }

# postgresql SIGNAL: the server and every process of it.
postgresql() {
    local pid
    pid=$(pid_of postgresql)
    kill -s "$1" "$pid"
    pkill "-$1" -P "$pid"
    say "postgresql and its processes got SIG$1"
}

database_is_silent() {
    wait_for 30 "the ingress to be ready" ready_is ready true
    postgresql STOP
    # Those that are under way make it known.
    curl -s --max-time 60 -o "$WORK/waiting" -w '%{http_code}' "$URL/v1/products" \
        >"$WORK/waiting.status" &
    CHILDREN+=($!)
    wait_for 10 "reads to be refused" becomes 503 timeout_read
    stays 3 503 read_products
    stays 1 202 charge
    stays 1 200 is_alive
    wait_for 30 "the database to be given up" ready_is database disconnected
    wait "${CHILDREN[-1]}"
    CHILDREN=()
    is "the one that waited" "$(<"$WORK/waiting.status")" 503
    stays "$(long 5 30)" 503 read_products
    stays 1 202 charge
    postgresql CONT
    wait_for 60 "reads to be answered" becomes 200 read_products
}

# One that is under way is not waited for.
timeout_read() { ask GET /v1/products --max-time 1; }

broker_is_blocked() {
    timeout 60 "$STATE/bin/rabbitmqctl" -q set_vm_memory_high_watermark 0.0000001
    timed charge
    is "the first under the alarm" "$STATUS" 503
    within "its ms" "$MS" 0 2000
    stays 3 503 charge
    stays 1 200 read_products
    timeout 60 "$STATE/bin/rabbitmqctl" -q set_vm_memory_high_watermark absolute 1GB
    wait_for 20 "commands to be taken" becomes 202 charge
}

stack_up shop --ingress 1 --coupon-workers 0 --order-workers 0 --stats-workers 0 \
    --payment-workers 0 --platform-workers 0 --clocks 0 --set FIRSTCOME_WAIT_MAX_MS=0
charge
is "a charge" "$STATUS" 202
broker_is_blocked
broker_is_silent
database_is_silent
