#!/usr/bin/env bash
# Ten thousand clients that keep their connections and ask for nothing: they cost an ingress less
# than 100 MiB, slow nobody down, and do not keep others out: above its bound the ingress closes the
# one that has been idle for longest. All are closed after a while (looked at in the long form), and
# when the ingress stops.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/ask.sh
. "$(dirname "$0")/ask.sh"

readonly IDLE=10000
ROOM_MIB=100
# The address sanitizer's own books of each piece of memory are no cost of ours.
! grep -q __asan_init "$BUILD/bin/firstcome-ingress" || ROOM_MIB=200
# The settings of the second part: the least there may be.
readonly FEW=64

memory_kib() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$(pid_of ingress-1)/status"; }

# idle_start COUNT: clients that hold as many connections; idle_count is what they still have.
idle_start() {
    coproc IDLERS { exec "$BUILD/bin/idle_client" "$URL" "$1" 2>"$WORK/idle.log"; }
    CHILDREN+=("$IDLERS_PID")
    read -r -t 120 -u "${IDLERS[0]}" _ OPEN || fail "idle clients: $(<"$WORK/idle.log")"
}

idle_count() {
    echo >&"${IDLERS[1]}"
    read -r -t 30 -u "${IDLERS[0]}" _ OPEN || fail "idle clients: $(<"$WORK/idle.log")"
}

idle_end() {
    local pid=$IDLERS_PID
    eval "exec ${IDLERS[1]}>&-"
    wait "$pid" || fail "idle clients: $(<"$WORK/idle.log")"
    CHILDREN=()
}

none_is_open() { idle_count && ((OPEN == 0)); }

# fresh_ms: how long a new client waits for its answer, in ms; the middle of nine.
fresh_ms() {
    for _ in 1 2 3 4 5 6 7 8 9; do
        curl -s --max-time 20 -o "$WORK/fresh" -w '%{time_total} %{http_code}\n' "$URL/v1/products"
    done | awk '$2 == 200 { print int($1 * 1000) }' | sort -n | sed -n 5p
}

ten_thousand() {
    local before after alone
    alone=$(fresh_ms)
    before=$(memory_kib)
    idle_start "$IDLE"
    is "connections that are kept" "$OPEN" "$IDLE"
    after=$(memory_kib)
    within "KiB that $IDLE idle connections cost" $((after - before)) 1 $((ROOM_MIB * 1024))
    within "ms a new client waits for its answer; without them $alone" "$(fresh_ms)" \
        0 $((alone * 5 + 100))
    is "connections, as the ingress counts them" \
        "$(metric_at_least firstcome_ingress_connections "$IDLE")" yes
    # Half a minute.
    [[ $(long short long) == short ]] ||
        wait_for 60 "all of them to be closed for being idle" none_is_open
    idle_end
}

metric_at_least() { (($(metric "$1") >= $2)) && echo yes || echo no; }

# More than there may be: the ones that came first make room, whoever comes is answered.
too_many() {
    stack_change --set "FIRSTCOME_CONNECTIONS=$FEW"
    idle_start $((3 * FEW))
    within "connections that are kept" "$OPEN" $((FEW / 2)) "$FEW"
    ask GET /v1/products
    is "a new client among them" "$STATUS" 200
    within "connections closed to make room" \
        "$(metric firstcome_ingress_connections_cut_total)" $((2 * FEW)) $((3 * FEW + 5))
    stopped_quickly
    idle_end
}

# Whoever is idle does not keep the ingress from stopping.
stopped_quickly() {
    local old since=$SECONDS
    old=$(pid_of ingress-1)
    strike TERM ingress-1
    wait_for 20 "another ingress" is_another ingress-1 "$old"
    within "seconds until there was another ingress" $((SECONDS - since)) 0 10
    wait_for 10 "all of them to be closed" none_is_open
}

# More requests at once than there may be: each is answered, the last ones with 503.
too_many_at_once() {
    local statuses
    statuses=$(seq $((2 * FEW)) | xargs -P $((2 * FEW)) -I{} curl -s --max-time 30 -o /dev/null \
        -w '%{http_code}\n' -X POST "${ANN[@]}" "${JSON[@]}" -H 'Prefer: wait=3' \
        -d '{"amount":5}' "$URL/v1/users/7/charges" | sort | uniq -c | awk '{ print $2 "=" $1 }' |
        paste -sd' ')
    says "answers to $((2 * FEW)) clients at once: $statuses" "$statuses" '^202=[0-9]+ 503=[0-9]+$'
    say "answers to $((2 * FEW)) clients at once: $statuses"
}

[[ -x $BUILD/bin/idle_client ]] || fail "idle_client is not built"
(($(ulimit -Hn) > IDLE + 200)) || skip "only $(ulimit -Hn) descriptors are to be had"
stack_up shop --ingress 1 --coupon-workers 0 --order-workers 0 --stats-workers 0 \
    --payment-workers 0 --platform-workers 0 --clocks 0
ten_thousand
too_many
too_many_at_once
