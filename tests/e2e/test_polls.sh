#!/usr/bin/env bash
# Asking for a command's status again and again: what is decided is answered from the ingress'
# memory, and is the same as the database tells; what is not final never is; nobody is shown a
# stranger's; and nothing of what was read before is told once the database was another.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/ask.sh
. "$(dirname "$0")/ask.sh"

readonly BEN=(-H 'X-User-Id: 8' -H 'X-Role: user')

from_memory() { metric 'firstcome_ingress_polls_total{from="memory"}'; }

# state_is ID STATE [curl option…]: Ann's own question, unless the options name somebody else.
state_is() {
    local who=("${@:3}")
    ((${#who[@]} > 0)) || who=("${ANN[@]}")
    ask GET "/v1/commands/$1" "${who[@]}"
    is "the status" "$STATUS $(jq -r .state <<<"$BODY")" "200 $2"
}
state_becomes() {
    ask GET "/v1/commands/$1" "${ANN[@]}"
    [[ $(jq -r .state <<<"$BODY") == "$2" ]]
}

# Sets ID to that of a command of Ann's that nobody decides yet.
command_put() {
    ask POST "$1" "${ANN[@]}" "${JSON[@]}" "${@:3}" -d "$2"
    is "$1" "$STATUS" 202
    ID=$(jq -r .command_id <<<"$BODY")
}

# Accepted, then set aside, then put back: each may become something else, and is asked for anew.
not_final() {
    state_is "$1" accepted
    state_is "$1" accepted
    ask GET "/v1/commands/$1" "${ANN[@]}" -H 'Prefer: wait=1'
    is "accepted still" "$(jq -r .state <<<"$BODY")" accepted
    sql "INSERT INTO parked (queue, command_id, reason, bytes, delivery_count, worker)
         VALUES ('order.0', '$1', 'a test', 'a', 1, 'nobody')" >"$WORK/sql"
    state_is "$1" parked
    state_is "$1" parked
    state_is "$1" parked "${BEN[@]}"
    sql "UPDATE parked SET resolved_at = now(), resolution = 'requeued'
          WHERE command_id = '$1'" >"$WORK/sql"
    state_is "$1" accepted
    is "told from memory before anything is final" "$(from_memory)" 0
}

# The same twice, once out of the database: document and headers, but for the request's id.
same_twice() {
    local id=$1 wanted=$2 first before
    ask GET "/v1/commands/$id" "${ANN[@]}" -H 'X-Request-Id: one'
    first=$(grep -v '^Date' <<<"$HEAD")$BODY
    is "its state" "$(jq -r .state <<<"$BODY")" "$wanted"
    before=$(from_memory)
    ask GET "/v1/commands/$id" "${ANN[@]}" -H 'X-Request-Id: one'
    [[ "$(grep -v '^Date' <<<"$HEAD")$BODY" == "$first" ]] || fail "$first is now $HEAD$BODY"
    is "told from memory" "$(from_memory)" $((before + 1))
    ask GET "/v1/commands/$id" "${ANN[@]}" -H 'Prefer: wait=9'
    is "who would wait" "$(jq -r .state <<<"$BODY") $(header Preference-Applied)" "$wanted wait=9"
    ask GET "/v1/commands/$id/events" "${ANN[@]}"
    says "as events" "$BODY" "^event: $wanted"
}

# What Ann has put into memory, and what is in the database alone.
strangers() {
    local id before
    before=$(from_memory)
    for id in "$@"; do
        expect 403 forbidden GET "/v1/commands/$id" "${BEN[@]}"
        expect 403 forbidden GET "/v1/commands/$id" "${BEN[@]}"
        expect 403 forbidden GET "/v1/commands/$id" "${BEN[@]}" -H 'Prefer: wait=9'
        expect 401 unauthenticated GET "/v1/commands/$id"
        state_is "$id" succeeded "${ADMIN[@]}"
        state_is "$id" succeeded
    done
    ((before < $(from_memory))) || fail "none of it was told from memory"
    expect 404 unknown_command GET "/v1/commands/$NOBODYS" "${ANN[@]}"
}

# An administrator's charge: who sent it may see it, and whose wallet it is.
both_of_them() {
    ask POST /v1/users/7/charges "${ADMIN[@]}" "${JSON[@]}" -H 'Prefer: wait=20' -d '{"amount":5}'
    is "an administrator's charge" "$STATUS" 200
    ID=$(jq -r .command_id <<<"$BODY")
    state_is "$ID" succeeded -H 'X-User-Id: 1' -H 'X-Role: user'
    strangers "$ID"
}

connection_ended() {
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name LIKE 'firstcome-ingress%'" >"$WORK/sql"
}
told_from_database() {
    ask GET "/v1/commands/$1" "${ANN[@]}"
    [[ $STATUS == 200 && $(jq -r .state <<<"$BODY") == accepted ]]
}

# The row is gone as it would be behind a restored backup: the old connection's word counts no more.
another_database() {
    state_is "$1" succeeded
    sql "DELETE FROM journal WHERE command_id = '$1'" >"$WORK/sql"
    state_is "$1" succeeded
    connection_ended
    wait_for 20 "what the database says now" told_from_database "$1"
    state_is "$1" accepted
}

main() {
    local charge refused
    # Nobody decides, and that is no reason to refuse here.
    stack_up one --ingress 1 --coupon-workers 0 --order-workers 0 --stats-workers 0 --clocks 0 \
        --set FIRSTCOME_WAIT_MAX_MS=0
    command_put /v1/users '{"user_id":7}'
    command_put /v1/users/7/charges '{"amount":5}' -H 'Idempotency-Key: "one"'
    charge=$ID
    command_put /v1/orders '{"user_id":7,"lines":[{"option_id":1,"quantity":1}]}'
    refused=$ID
    not_final "$charge"
    stack_change --order-workers 1
    wait_for 30 "the verdict" state_becomes "$charge" succeeded
    wait_for 30 "the refusal" state_becomes "$refused" refused
    same_twice "$charge" succeeded
    same_twice "$refused" refused
    command_put /v1/users/7/charges '{"amount":5}' -H 'Idempotency-Key: "one"'
    wait_for 30 "the replay's verdict" state_becomes "$ID" succeeded
    same_twice "$ID" succeeded
    ask GET "/v1/commands/$ID" "${ANN[@]}"
    is "a replay" "$(header Idempotency-Replayed)" true
    strangers "$charge" "$ID"
    both_of_them
    audit_is_clean
    another_database "$charge"
}

main "$@"
