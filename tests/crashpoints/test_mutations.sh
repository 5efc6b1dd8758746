#!/usr/bin/env bash
# Tests of the tests: two builds that are wrong on purpose, and whether the proof finds them out.
# One gives a batch back by nack and requeue instead of closing the channel, which breaks the order;
# the other acknowledges a batch before it is committed, which loses it when the worker dies. The
# same clients, the same faults, the same checks: clean without a mutation, and with one caught by
# the check that it is about.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/crashpoints/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/crashpoints/load.sh
. "$(dirname "$0")/load.sh"

readonly ROUNDS_MAX=4

# mutate NAME: what the programs do wrong from now on.
mutate() {
    stack_change --set "FIRSTCOME_MUTATION=$1"
    say "the programs are wrong on purpose: $1"
}

# killed JOB: a worker dies with a batch in hand.
killed() {
    arm "$1" commit.before
    wait_for 60 "$1 to die with a batch in hand" is_disarmed "$1"
    wait_for 60 "$1 to be back" all_up "$1"
}

# Sessions of order workers that wait for a wallet, in the middle of a batch.
readonly HELD="SELECT pid FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND application_name LIKE 'order-%'"

# others_are_held: one that was not ended before.
others_are_held() {
    sql "$HELD" >"$WORK/held"
    grep -qvxFf "$WORK/ended" "$WORK/held"
}

# end_held: workers lose their sessions with a batch in hand, while more has come behind it.
end_held() {
    wait_for 60 "a worker to wait for a wallet" others_are_held
    load_grows "$1"
    sql "SELECT pid FROM ($HELD) held WHERE pg_terminate_backend(pid)" >>"$WORK/ended"
}

# troubled: somebody sits on all wallets. The first batch is what came by chance, the second all
# that has come meanwhile.
troubled() {
    local holder
    mkfifo -- "$WORK/hold"
    "$STATE/bin/psql" -XAtq <"$WORK/hold" >"$WORK/hold.log" 2>&1 &
    holder=$!
    exec {HOLD}>"$WORK/hold"
    echo 'BEGIN; LOCK TABLE wallet IN ACCESS EXCLUSIVE MODE;' >&"$HOLD"
    : >"$WORK/ended"
    end_held 50
    end_held 100
    exec {HOLD}>&-
    wait "$holder"
    rm -- "$WORK/hold"
    say "sessions ended with a batch in hand: $(wc -l <"$WORK/ended")"
}

# suffer: clients at work, and the faults of a round.
suffer() {
    load_start
    killed order
    troubled
    killed coupon
    killed order
}

# is_violated CHECK
is_violated() { grep -q "^VIOLATED *$1 " "$WORK/check"; }

# caught MUTATION CHECK: the proof finds it out, by that check.
caught() {
    local round
    mutate "$1"
    for ((round = 1; round <= ROUNDS_MAX; round++)); do
        suffer
        load_stop || say "clients wait in vain"
        load_check || true
        if is_violated "$2"; then
            grep -A 2 "^VIOLATED *$2 " "$WORK/check" | cut -c1-300
            say "$1 is caught by $2 in round $round"
            return
        fi
    done
    fail "$1 was not caught by $2 in $ROUNDS_MAX rounds: $(<"$WORK/check")"
}

# Few users, so that many commands stand in one line.
USERS=1:8 MIX=coupon=30,order=25,charge=45
crash_prepare
stack_up shop --ingress 1 --coupon-workers 1 --order-workers 2 --payment-workers 1 \
    --stats-workers 1 --platform-workers 1 --clocks 1 "${CRASH_OPTIONS[@]}" "${LOAD_OPTIONS[@]}"
shop_make
suffer
load_stop || fail "clients waited in vain: $(tail -n 3 "$WORK"/client.*)"
audit_is_clean
load_check || fail "nothing is wrong, and something is found: $(<"$WORK/check")"
say "as it is: clean"
DRAIN_S=5
caught ack-first accepted_is_decided
! is_violated decided_in_order || fail "and the order is wrong: $(<"$WORK/check")"
caught nack-requeue decided_in_order
