#!/usr/bin/env bash
# The policy's life in a running shop: a file is checked, applied through the queue, shown and
# compared; every worker decides by it from its next batch on; one that nobody can read stops them
# all with its reason, and they go on where they were once it is gone.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

readonly POLICIES=$REPO/deploy/policies
# So many users have their lines in the queues of both workers.
readonly USERS=(11 12 13 14 15 16 17 18)

# leaves CODE PATTERN WORD…: how the command line ends, and what it says on either stream.
leaves() {
    local code=$1 pattern=$2 rc=0 words
    shift 2
    words=$(fc "$@" 2>&1) || rc=$?
    [[ $rc == "$code" ]] || fail "firstcome $* ended with $rc, not with $code: $words"
    says "firstcome $*" "$words" "$pattern"
}

# charges AMOUNT CODE: what every user's charge is answered.
charges() {
    local user
    for user in "${USERS[@]}"; do
        http POST "/v1/users/$user/charges" "$user" "{\"amount\":$1}"
        [[ $STATUS == 200 ]] || STATUS=$(jq -r .code <<<"$BODY")
        [[ $STATUS == "$2" ]] || fail "user $user charged $1: $STATUS, not $2: $BODY"
    done
    say "charges of $1: $2"
}

files() {
    local file
    for file in "$POLICIES"/*.json; do
        [[ $file == *schema* ]] || leaves 0 'valid +yes' policy check "$file"
    done
    echo '{"balance":{"charge_min":2,"charge_max":1},"weather":{}}' >"$WORK/bad.json"
    leaves 1 '/balance/charge_min +must not be above charge_max' policy check "$WORK/bad.json"
    leaves 1 '/weather +is no member' policy apply "$WORK/bad.json"
    leaves 1 'No such file' policy check "$WORK/nothing.json"
    leaves 2 'it needs FILE' policy apply
    is "policies so far" "$(sql 'SELECT count(*) FROM policy')" 0
}

# Without a worker a policy waits in its queue; asked for again it is still one.
undecided() {
    strike STOP order-1
    strike STOP order-2
    leaves 111 'not decided in time' policy apply "$POLICIES/idempotent-rush.json" --wait 1
    leaves 111 'not decided in time' policy apply "$POLICIES/idempotent-rush.json" --wait 1
    strike CONT order-1
    strike CONT order-2
    leaves 0 'version +1' policy apply "$POLICIES/idempotent-rush.json"
    wait_for 30 "the earlier ones' verdicts" decided_are 2
    is "policies" "$(sql 'SELECT version FROM policy')" 1
}

decided_are() {
    (($(sql "SELECT count(*) FROM journal WHERE type = 'policy.apply' AND verdict IS NULL") >= $1))
}

applied() {
    charges 999 charge_not_allowed
    charges 1000 200
    leaves 0 'in force already' policy apply "$POLICIES/idempotent-rush.json"
    leaves 1 '^/balance/charge_min: 1000 → 10000$' policy diff "$POLICIES/option-stock.json"
    leaves 0 'version +2' policy apply "$POLICIES/option-stock.json"
    charges 1000 charge_not_allowed
    charges 10000 200
    leaves 1 '^/ranking/by: "quantity" → "orders"$' policy diff 2 1
    leaves 0 'are the same' policy diff 2 "$POLICIES/option-stock.json"
    fc policy show >"$WORK/shown.json" 2>/dev/null
    leaves 0 'same' policy diff "$WORK/shown.json"
    leaves 0 '"name": "idempotent-rush"' policy show --version 1
    leaves 1 'there is no version 3' policy show --version 3
    is "what was charged before" "$(sql 'SELECT DISTINCT balance FROM wallet')" 11000
}

# A row by another hand than a worker's.
unreadable() {
    sql "INSERT INTO policy VALUES (3, '{\"weather\":1}')"
    # Not waited for: nobody will decide it.
    STATUS=$(curl -s --max-time 60 -o "$WORK/answer" -w '%{http_code}' -H "X-User-Id: ${USERS[0]}" \
        -H 'X-Role: user' -H 'Content-Type: application/json' --data-binary '{"amount":50000}' \
        "$URL/v1/users/${USERS[0]}/charges")
    is "a charge meanwhile" "$STATUS" 202
    wait_for 60 "every worker stopped by it" all_failed
    says "why" "$(cat "$STATE"/log/order-[12]/current)" \
        'version 3 cannot be decided by: /weather is no member of this object'
    leaves 1 '/weather +is no member' policy show
    sql 'DELETE FROM policy WHERE version = 3'
    stack_change
    wait_for 60 "the charge behind it" charged_50000
}

all_failed() {
    deploy status --json >"$WORK/status" || true
    # A queue that nobody takes goes from one worker to the next, until the last has seen it.
    [[ $(jq -r '.processes[] | select(.name | startswith("order-")).state' "$WORK/status" |
        sort -u) == failed ]]
}

charged_50000() {
    [[ $(sql "SELECT balance FROM wallet WHERE user_id = ${USERS[0]}") == 61000 ]]
}

stack_up shop --ingress 1 --coupon-workers 1 --order-workers 2
for user in "${USERS[@]}"; do
    http_ok POST /v1/users "$user" "{\"user_id\":$user}"
done
charges 0 charge_not_allowed
files
undecided
applied
unreadable
audit_is_clean
