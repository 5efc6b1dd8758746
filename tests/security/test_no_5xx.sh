#!/usr/bin/env bash
# Whatever a request is, its answer is one of the contract's, and never an error of the server:
# thousands of requests that mean well or are spoiled in some way, from several clients at once,
# against a system that is whole. FIRSTCOME_WILD_SEED repeats a run.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"

SEED=${FIRSTCOME_WILD_SEED:-$RANDOM}
readonly CLIENTS=3

wild() { # SEED
    timeout 7200 "$BUILD/bin/wild" "${URL##*:}" "$REPO/docs/openapi.json" "$(long 15 900)" "$1" \
        </dev/null >"$WORK/wild.$1" 2>&1
}

# What the requests are about: each exists, and some of it will be changed or deleted.
seed_shop() {
    local id
    for id in {1..6}; do
        http_ok POST /v1/users "$id" "{\"user_id\":$id}"
        http_ok POST "/v1/users/$id/charges" "$id" '{"amount":1000000}'
        http_ok POST /v1/products admin "{\"product_id\":$id,\"name\":\"first $id\",\"price\":1000,
            \"options\":[{\"option_id\":$id,\"name\":\"a\",\"surcharge\":0,\"stock\":1000}]}"
        http_ok POST /v1/coupon-templates admin "{\"template_id\":$id,\"name\":\"first $id\",
            \"discount\":{\"type\":\"amount\",\"value\":100},\"quantity\":100,
            \"issue_from\":\"2020-01-01T00:00:00Z\",\"issue_until\":\"2090-01-01T00:00:00Z\"}"
    done
}

stack_up wild --ingress 1 --order-workers 1 --coupon-workers 1 --stats-workers 1
seed_shop
pid=$(pid_of ingress-1)
say "seed $SEED (FIRSTCOME_WILD_SEED)"
asking=()
for ((i = 0; i < CLIENTS; i++)); do
    wild $((SEED + i)) &
    asking+=($!)
    CHILDREN+=($!)
done
failed=0
for child in "${asking[@]}"; do wait "$child" || failed=1; done
cat -- "$WORK"/wild.*
((failed == 0)) || fail "an answer that may not be (FIRSTCOME_WILD_SEED=$SEED)"
within "answers" "$(sed -n 's/^seed.*: \([0-9]*\) answers.*, \([0-9]*\) of 4xx$/\1 \2/p' \
    "$WORK"/wild.* | awk '{ n += $1 + $2 } END { print n + 0 }')" 1000 1000000000
is "the same ingress" "$(pid_of ingress-1)" "$pid"
# Not only refusals: all kinds of commands were decided, and nothing was parked.
within "kinds of commands that succeeded" \
    "$(sql 'SELECT count(DISTINCT type) FROM journal WHERE verdict IS NULL')" 6 20
is "parked" "$(sql 'SELECT count(*) FROM parked')" 0
audit_is_clean
stack_down
