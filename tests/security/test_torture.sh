#!/usr/bin/env bash
# HTTP as its enemies speak it: requests that are framed to deceive, floods, clients that drip,
# leave or hold connections open. Each is refused or cut in time and never misread: a request that
# was hidden in another takes no effect, no answer goes to another client, and memory stays flat.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"

SEED=${FIRSTCOME_TORTURE_SEED:-$RANDOM}
# What every hidden request wants to charge.
readonly EVIL=666000666

# act WORD…: a part of the torture, and the ingress bears it.
act() {
    say "torture: $*"
    timeout 600 "$BUILD/bin/torture" "${URL##*:}" "$@" </dev/null ||
        fail "torture $* (FIRSTCOME_TORTURE_SEED=$SEED)"
}

evil_charges() {
    sql "SELECT count(*) FROM journal j WHERE j.body::text LIKE '%$EVIL%'"
}

memory_kb() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$(pid_of ingress-1)/status"; }

users_exist() {
    local user
    for user in 7 {101..112}; do http_ok POST /v1/users "$user" "{\"user_id\":$user}"; done
}

stack_up torture --ingress 1 --order-workers 1 --coupon-workers 1 --stats-workers 1
users_exist
say "seed $SEED (FIRSTCOME_TORTURE_SEED)"
pid=$(pid_of ingress-1)

act crowd "$SEED"
before=$(memory_kb)
acting=()
for part in table drips floods "slowloris $(long 300 3000)"; do
    # shellcheck disable=SC2086 # a number may follow
    act $part &
    acting+=($!)
    CHILDREN+=($!)
done
for ((i = 1; i <= $(long 20 1000); i++)); do act crowd $((SEED + i)) >"$WORK/crowd"; done
for child in "${acting[@]}"; do wait "$child" || fail "a part of the torture, see above"; done
act crowd 0
within "KiB more than before" $(($(memory_kb) - before)) -100000 30000

is "the same ingress" "$(pid_of ingress-1)" "$pid"
# The hidden ones are looked for where an honest one is found.
http_ok POST /v1/users/101/charges 101 '{"amount":4711}'
is "an honest charge" "$(sql "SELECT count(*) FROM journal j WHERE j.body::text LIKE '%4711%'")" 1
is "charges that were hidden" "$(evil_charges)" 0
is "charges of user 7 above 1 won" \
    "$(sql "SELECT count(*) FROM wallet_history WHERE user_id = 7 AND amount > 1")" 0
audit_is_clean
stack_down
