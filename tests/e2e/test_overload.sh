#!/usr/bin/env bash
# Three times as much comes in as can be decided, from clients that wait for nobody: what is
# accepted has its verdict within the bound, the rest is told at once to come again later, memory
# stays as it is, and when the rush is over so are the refusals, by themselves. What can be decided
# is found out in the run: the database is made slow, so that it is little and the same everywhere.
#
# ctest: alone
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

readonly BOUND_MS=3000
# How far a noisy machine may be off: the bound is an estimate, made of what was decided of late.
readonly MARGIN=2
readonly TEMPLATE=900
readonly USERS=100
readonly CALIBRATION_S=4
FLOOD_S=$(long 10 60)

# A millisecond and a bit for each decision, whatever the machine can do.
database_slow() {
    sql 'CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_sleep(0.001); RETURN NEW; END $$;
         CREATE TRIGGER slow BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION slow()'
}

database_fast() { sql 'DROP TRIGGER slow ON journal; DROP FUNCTION slow()'; }

users_register() {
    seq "$USERS" | awk -v url="$URL/v1/users" '{
        if (NR > 1) print "next"
        printf "url = \"%s\"\ndata = \"{\\\"user_id\\\":%d}\"\n", url, $1
        print "header = \"Content-Type: application/json\"\nheader = \"Prefer: wait=30\""
        print "header = \"X-User-Id: 1\"\nheader = \"X-Role: admin\"\nsilent"
        print "write-out = \"%{http_code}\\n\"\noutput = \"/dev/null\""
    }' >"$WORK/users"
    is "users registered" "$(curl -K "$WORK/users" | grep -c '^20[01]$')" "$USERS"
}

# flood RATE_OF_CHARGES RATE_OF_ISSUES SECONDS: both at once; their reports are in $WORK.
flood() {
    local charges issues
    "$BUILD/bin/flood_client" "$URL" charges 1 "$USERS" "$1" "$3" 10 >"$WORK/charges.json" &
    charges=$!
    CHILDREN+=("$charges")
    "$BUILD/bin/flood_client" "$URL" "$TEMPLATE" 1 1000000 "$2" "$3" 10 >"$WORK/issues.json" &
    issues=$!
    CHILDREN+=("$issues")
    wait "$charges" || fail "the flood of charges ended with $?"
    wait "$issues" || fail "the flood of issues ended with $?"
    CHILDREN=()
}

# report NAME MEMBER
report() { jq ".$2" "$WORK/$1.json"; }

# decided_a_second TYPE: over the middle of what was decided since the database is slow.
decided_a_second() {
    sql "SELECT (count(*) / greatest(extract(epoch FROM max(decided_at) - min(decided_at)),
                                     0.1))::int
         FROM journal WHERE type = '$1' AND seq > $SEQ"
}

longest_wait_ms() {
    sql "SELECT (extract(epoch FROM max(decided_at - accepted_at)) * 1000)::int
         FROM journal WHERE type = '$1' AND seq > $SEQ"
}

seq_now() { sql 'SELECT coalesce(max(seq), 0) FROM journal'; }
all_is_decided() { [[ $("$STATE/bin/rabbitmqctl" -q list_queues -p firstcome messages |
    awk '{ sum += $1 } END { print sum + 0 }') == 0 ]]; }

# memory NAME: what a process holds, in MiB.
memory() { awk '$1 == "VmRSS:" { print int($2 / 1024) }' "/proc/$(pid_of "$1")/status"; }

# memory_sample FILE: one line a process.
memory_sample() {
    local name
    for name in ingress-1 ingress-2 coupon-1 order-1 stats-1 rabbitmq; do
        echo "$name $(memory "$name")"
    done >"$1"
}

# What every process holds at the end of the flood is what it held in its first third, but for a
# little: a queue inside a process would have grown by then.
memory_is_flat() {
    local name before after
    while read -r name before after; do
        within "$name: MiB in the flood's first third, at its end: $before" "$after" \
            1 $((before + before / 3 + 32))
    done < <(join <(sort "$WORK/memory.early") <(sort "$WORK/memory.late"))
}

calibrate() {
    SEQ=$(seq_now)
    flood 1500 1500 "$CALIBRATION_S"
    wait_for 60 "the calibration to be decided" all_is_decided
    CHARGES=$(decided_a_second wallet.charge)
    ISSUES=$(decided_a_second coupon.issue)
    within "charges decided a second" "$CHARGES" 50 5000
    within "issues decided a second" "$ISSUES" 50 5000
}

overload() {
    local sampler
    SEQ=$(seq_now)
    (
        trap - ERR EXIT
        sleep $((FLOOD_S / 3)) # sleep: memory is looked at at two moments of the flood
        memory_sample "$WORK/memory.early"
        sleep $((FLOOD_S * 2 / 3 - 1)) # sleep: as above
        memory_sample "$WORK/memory.late"
    ) &
    sampler=$!
    flood $((3 * CHARGES)) $((3 * ISSUES)) "$FLOOD_S"
    wait "$sampler"
    for kind in charges issues; do say "$kind: $(<"$WORK/$kind.json")"; done
}

# kind_is_bounded KIND TYPE DECIDED_A_SECOND
kind_is_bounded() {
    local least=$(($3 * FLOOD_S / 2))
    within "$1 accepted" "$(($(report "$1" accepted) + $(report "$1" decided)))" "$least" 10000000
    within "$1 refused" "$(report "$1" refused)" "$least" 10000000
    is "$1 refused without Retry-After" "$(report "$1" without_retry_after)" 0
    is "$1 with any other answer, or none" "$(report "$1" others)" 0
    within "$1 refused: ms, 99 of 100" "$(report "$1" refused_ms.p99)" 0 1000
    within "$1 accepted: ms to the 202, 99 of 100" "$(report "$1" accepted_ms.p99)" 0 2000
    within "$1 accepted: ms to the verdict, as clients saw it, the longest" \
        "$(report "$1" decided_ms.max)" 1 $((MARGIN * BOUND_MS))
    within "$1 accepted: ms to the verdict, of all, the longest" "$(longest_wait_ms "$2")" \
        1 $((MARGIN * BOUND_MS))
}

refused_for_backlog() {
    local port
    for port in "${PORT_OF[ingress-1]}" "${PORT_OF[ingress-2]}"; do
        curl -s --max-time 5 "http://127.0.0.1:$port/metrics"
    done | awk '$1 == "firstcome_ingress_refused_total{reason=\"backlog\"}" { sum += $2 }
                END { print sum + 0 }'
}

charge_is_decided() {
    http POST /v1/users/7/charges 7 '{"amount":1}'
    [[ $STATUS == 200 ]]
}

recovered() {
    local since=$SECONDS refused
    wait_for 20 "a charge to be decided" charge_is_decided
    within "seconds until a charge is decided" $((SECONDS - since)) 0 20
    wait_for 30 "the queues to be empty" all_is_decided
    refused=$(refused_for_backlog)
    for _ in $(seq 20); do http_ok POST /v1/users/7/charges 7 '{"amount":1}'; done
    http_ok POST /v1/users 2000000 '{"user_id":2000000}'
    http_ok POST "/v1/coupon-templates/$TEMPLATE/issues" 2000000 '{"user_id":2000000}'
    is "refusals since the flood is over" "$(($(refused_for_backlog) - refused))" 0
}

[[ -x $BUILD/bin/flood_client ]] || fail "flood_client is not built"
stack_up shop --ingress 2 --coupon-workers 1 --order-workers 1 --payment-workers 0 --clocks 0 \
    --set "FIRSTCOME_WAIT_MAX_MS=$BOUND_MS"
users_register
http_ok POST /v1/coupon-templates admin "{\"template_id\":$TEMPLATE,\"name\":\"rush\",
    \"discount\":{\"type\":\"amount\",\"value\":5000},\"quantity\":null,
    \"issue_from\":\"2020-01-01T00:00:00Z\",\"issue_until\":\"2120-01-01T00:00:00Z\"}"
database_slow
calibrate
overload
recovered
kind_is_bounded charges wallet.charge "$CHARGES"
kind_is_bounded issues coupon.issue "$ISSUES"
memory_is_flat
database_fast
audit_is_clean
