#!/usr/bin/env bash
# What comes after an order, as the ingress takes it: cancelling, changing, shipping, its history,
# payments under way and failed, coupons revoked; of orders that are not decided yet, too. Each
# answer it makes by itself, and each that it passes on. And that the contract it serves is true.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/ask.sh
. "$(dirname "$0")/ask.sh"

readonly BEN=(-H 'X-User-Id: 8' -H 'X-Role: user')
readonly WAIT=(-H 'Prefer: wait=20')
TRANSFER='{"method":"bank_transfer","from_balance":1000}'

# get FILTER: of BODY.
get() { jq -r "$1" <<<"$BODY"; }

# order [MEMBERS]: of user 7, two of option 31; ID is its id.
order() {
    ask POST /v1/orders "${ANN[@]}" "${JSON[@]}" "${WAIT[@]}" \
        -d "{\"user_id\":7,\"lines\":[{\"option_id\":31,\"quantity\":2}]${1:-}}"
    ID=$(get .result.order_id)
}

# tell METHOD PATH BODY [curl option…]: of user 7, waiting for the verdict.
tell() { ask "$1" "$2" "${ANN[@]}" "${JSON[@]}" "${WAIT[@]}" -d "$3" "${@:4}"; }

# told METHOD PATH BODY: the same of an administrator.
told() { ask "$1" "$2" "${ADMIN[@]}" "${JSON[@]}" "${WAIT[@]}" -d "$3"; }

refused() { is "$1" "$STATUS $(get .code)" "$2"; }

policy() {
    jq "${2:-.}" "$REPO/deploy/policies/$1.json" >"$WORK/policy.json"
    fc policy apply "$WORK/policy.json" >"$WORK/policy" 2>&1 || fail "policy: $(<"$WORK/policy")"
}

# gateway JSON: how the payment gateway's stand-in behaves from now on.
gateway() {
    curl -sf --max-time 10 -X PUT --data-binary "$1" -o "$WORK/behaviour" \
        "http://127.0.0.1:${PORT_OF[standin-gateway]}/behaviour" ||
        fail "the stand-in does not take $1"
}

order_is() {
    ask GET "/v1/orders/$ID" "${ANN[@]}"
    [[ $(get .status) == "$1" ]]
}

open_shop() {
    local user
    policy event-sourced
    for user in 7 8; do
        http_ok POST /v1/users "$user" "{\"user_id\":$user}"
        http_ok POST "/v1/users/$user/charges" "$user" '{"amount":100000}'
    done
    told PUT /v1/products/3 '{"name":"Mug","price":1000,"status":"on_sale","first_come":false,
        "options":[{"option_id":31,"name":"red","surcharge":0,"stock":100},
                   {"option_id":32,"name":"blue","surcharge":500,"stock":1}]}'
    is "a product" "$STATUS" 200
    told PUT /v1/products/4 '{"name":"Rush","price":1000,"status":"on_sale","first_come":true,
        "options":[{"option_id":41,"name":"one","surcharge":0,"stock":100}]}'
    is "a first-come product" "$STATUS" 200
}

# ---- what was placed a moment ago and is not decided

undecided() {
    local order coupon child
    told POST /v1/coupon-templates '{"template_id":5,"name":"t","quantity":9,
        "discount":{"type":"amount","value":1},"issue_from":"2020-01-01T00:00:00Z",
        "issue_until":"2099-01-01T00:00:00Z"}'
    is "a template" "$STATUS" 201
    stack_change --order-workers 0 --coupon-workers 0
    ask POST /v1/orders "${ANN[@]}" "${JSON[@]}" \
        -d '{"user_id":7,"lines":[{"option_id":41,"quantity":1}]}'
    order=$(get .order_id)
    ask POST /v1/coupon-templates/5/issues "${ANN[@]}" "${JSON[@]}" -d '{"user_id":7}'
    coupon=$(get .command_id)
    expect 404 unknown_order POST "/v1/orders/$order/cancel" "${ANN[@]}"
    says "why not" "$BODY" 'not decided yet'
    expect 404 unknown_order POST "/v1/orders/$order/cancel" "${ANN[@]}" -H 'Prefer: wait=1'
    says "why not, though it waited" "$BODY" 'not decided yet'
    expect 404 unknown_coupon POST "/v1/coupons/$coupon/revoke" "${ADMIN[@]}"
    curl -s --max-time 60 -X POST "${ANN[@]}" -H 'Prefer: wait=30' -w '%{http_code}' \
        -o "$WORK/cancel" "$URL/v1/orders/$order/cancel" >"$WORK/cancel.status" &
    child=$!
    CHILDREN+=("$child")
    curl -s --max-time 60 -X POST "${ADMIN[@]}" -H 'Prefer: wait=30' -w '%{http_code}' \
        -o "$WORK/revoke" "$URL/v1/coupons/$coupon/revoke" >"$WORK/revoke.status" &
    CHILDREN+=($!)
    wait_for 10 "two who wait" metric_is firstcome_ingress_waiting 2
    # One who leaves meanwhile is forgotten.
    timeout 2 curl -s -X POST "${ANN[@]}" -H 'Prefer: wait=30' -o "$WORK/left" \
        "$URL/v1/orders/$order/cancel" || true
    wait_for 10 "two who wait again" metric_is firstcome_ingress_waiting 2
    stack_change --order-workers 1 --coupon-workers 1
    wait "$child" "$!" || fail "those who waited were cut off"
    is "cancelled as soon as it was placed" \
        "$(<"$WORK/cancel.status") $(jq -r .result.status "$WORK/cancel")" '200 cancelled'
    is "its line" "$(sql "SELECT DISTINCT key FROM journal WHERE order_id = '$order'")" product:4
    is "revoked as soon as it was issued" \
        "$(<"$WORK/revoke.status") $(jq -r .result.status "$WORK/revoke")" '200 cancelled'
    expect 404 unknown_order POST "/v1/orders/$coupon/cancel" "${ANN[@]}" "${WAIT[@]}"
    says "another command's id" "$BODY" 'Nothing is known'
}

# ---- orders that are paid

cancels() {
    order
    ask POST "/v1/orders/$ID/cancel" "${BEN[@]}" "${WAIT[@]}"
    refused "another's order" '403 forbidden'
    ask POST "/v1/orders/$ID/cancel" "${ANN[@]}"
    is "cancelled, without a body" "$STATUS" 202
    wait_for 20 "the order to be cancelled" order_is cancelled
    is "what it tells" "$(get '"\(.paid) \(.refunded)"')" '2000 2000'
    tell POST "/v1/orders/$ID/cancel" '{}'
    refused "twice" '409 order_not_cancellable'
    order
    tell POST "/v1/orders/$ID/cancel" '{"reason":"too red"}' -H 'Idempotency-Key: "c1"'
    is "cancelled with a reason" "$STATUS $(get .result.refunded) $(header Preference-Applied)" \
        '200 2000 wait=20'
    is "no Location" "$(header Location)" ''
    tell POST "/v1/orders/$ID/cancel" '{"reason":"too red"}' -H 'Idempotency-Key: "c1"'
    is "the same again" "$STATUS $(header Idempotency-Replayed) $(get .result.refunded)" \
        '200 true 2000'
    tell POST "/v1/orders/$ID/cancel" '{"reason":"too blue"}' -H 'Idempotency-Key: "c1"'
    refused "another body" '422 idempotency_key_reused'
    ask GET "/v1/orders/$ID/history" "${ANN[@]}"
    is "its history" "$(get '[.items[].type] | join(" ")')" \
        'wallet.used stock.taken order.paid wallet.refunded stock.returned order.cancelled'
    is "the reason in it" "$(get '.items[-1].data.reason')" 'too red'
    ask GET "/v1/orders/$ID/history" "${BEN[@]}"
    refused "another's history" '403 forbidden'
}

changes() {
    order
    tell PATCH "/v1/orders/$ID" \
        '{"lines":[{"option_id":31,"quantity":1},{"option_id":32,"quantity":1}]}'
    is "changed" "$STATUS $(get '.result | "\(.difference) \(.paid) \(.status)"')" \
        '200 500 2500 paid'
    tell PATCH "/v1/orders/$ID" '{"lines":[{"option_id":32,"quantity":2}]}'
    refused "more than there is" '409 insufficient_stock'
    tell PATCH "/v1/orders/$ID" '{"lines":[{"option_id":99,"quantity":2}]}'
    refused "an option that is none" '404 unknown_option'
    ask PATCH "/v1/orders/$ID" "${BEN[@]}" "${JSON[@]}" \
        -d '{"lines":[{"option_id":31,"quantity":1}]}'
    refused "another's order" '403 forbidden'
    ask GET "/v1/orders/$ID" "${ANN[@]}"
    is "as it stands" "$(get '[.lines[] | "\(.option_id):\(.quantity):\(.shipped)"] | join(" ")')" \
        '31:1:0 32:1:0'
}

# Of the order that changes() left.
ships() {
    told POST "/v1/orders/$ID/shipments" '{"lines":[{"option_id":31,"quantity":2}]}'
    refused "more than was ordered" '409 shipment_exceeds_order'
    told POST "/v1/orders/$ID/shipments" '{"lines":[{"option_id":31,"quantity":1}]}'
    is "a part" "$STATUS $(get '.result | "\(.status) \([.lines[].shipped])"')" \
        '200 partly_shipped [1,0]'
    tell PATCH "/v1/orders/$ID" '{"lines":[{"option_id":31,"quantity":1}]}'
    refused "changing what is shipped" '409 order_not_changeable'
    tell POST "/v1/orders/$ID/cancel" '{}'
    refused "cancelling what is shipped" '409 order_not_cancellable'
    told POST "/v1/orders/$ID/shipments" '{"lines":[{"option_id":32,"quantity":1}]}'
    is "the rest" "$STATUS $(get .result.status)" '200 shipped'
    ask GET "/v1/users/7/orders?limit=1" "${ANN[@]}"
    is "in the list" "$(get '.items[0] | "\(.order_id) \(.status)"')" "$ID shipped"
    ask GET "/v1/orders/$ID/history?limit=4" "${ANN[@]}"
    is "its first page" "$(get '[.items[].type] | join(" ")')" \
        'wallet.used stock.taken order.paid wallet.used'
    ask GET "/v1/orders/$ID/history?limit=9&cursor=$(get .next_cursor)" "${ADMIN[@]}"
    is "its last" "$(get '[.items[].type] | join(" ")') $(get .next_cursor)" \
        'stock.taken stock.returned order.changed order.shipped order.shipped null'
}

# ---- coupons

coupons() {
    local welcome
    ask POST /v1/users -H 'X-User-Id: 9' "${JSON[@]}" "${WAIT[@]}" -d '{"user_id":9}'
    welcome=$(get .result.coupon.coupon_id)
    is "a welcome" "$STATUS $(get '.result.coupon | "\(.template_id) \(.discount.value)"')" \
        '201 null 500'
    told POST "/v1/coupons/$welcome/revoke" ''
    is "revoked" "$STATUS $(get '.result | "\(.status) \(.coupon_id)"')" "200 cancelled $welcome"
    is "its line" "$(sql "SELECT key FROM journal WHERE type = 'coupon.revoke' AND
        result LIKE '%$welcome%'")" template:0
    told POST "/v1/coupons/$welcome/revoke" '{}'
    refused "twice" '409 coupon_revoked'
    ask GET '/v1/users/9/coupons?status=cancelled' -H 'X-User-Id: 9'
    is "in the list" "$(get '.items[0] | "\(.coupon_id) \(.status)"')" "$welcome cancelled"
    ask GET '/v1/users/7/coupons?status=available' "${ANN[@]}"
    welcome=$(get '.items[0].coupon_id')
    order ",\"coupon_id\":\"$welcome\""
    is "used" "$STATUS $(get .result.discount)" '201 100'
    told POST "/v1/coupons/$welcome/revoke" ''
    refused "one that is used" '409 coupon_used'
    tell POST "/v1/orders/$ID/cancel" ''
    is "given back" "$STATUS" 200
    ask GET "/v1/coupons/$welcome" "${ANN[@]}"
    is "available again" "$(get .status)" available
    policy option-stock
    told POST /v1/coupon-templates '{"name":"r","quantity":9,
        "discount":{"type":"rate","value":100},"issue_from":"2020-01-01T00:00:00Z",
        "issue_until":"2099-01-01T00:00:00Z"}'
    refused "a discount that the shop has not" '422 discount_not_allowed'
}

# What is cached is never what is left.
stock_is_not_cached() {
    local tag
    ask GET '/v1/products?q=mUG'
    tag=$(header ETag)
    ask GET '/v1/products?q=mUG' -H "If-None-Match: $tag"
    is "the same still" "$STATUS" 304
    order
    ask GET '/v1/products?q=mUG' -H "If-None-Match: $tag"
    is "two pieces fewer" "$STATUS" 200
}

# ---- orders that are paid elsewhere

transfers() {
    policy event-sourced
    gateway '{"pending_ms":5000}'
    order ",\"payment\":$TRANSFER"
    is "waiting for its payment" "$STATUS $(header Location)" "201 /v1/orders/$ID"
    is "its verdict" "$(get '.result | "\(.status) \(.paid) \(.paid_at)"')" 'pending_payment 0 null'
    is "the parts of it" "$(get '.result.payment | "\(.from_balance) \(.transfer) \(.discount)"')" \
        '1000 950 50'
    ask GET "/v1/orders/$ID" "${ANN[@]}"
    is "its document" "$(get '"\(.status) \(.paid) \(has("expires_at")) \(has("paid_at"))"')" \
        'pending_payment 0 true false'
    is "the parts in it" "$(get '.payment | "\(.from_balance) \(.transfer) \(.discount)"')" \
        '1000 950 50'
    ask GET /v1/users/7/balance "${ANN[@]}"
    is "what is held" "$(get .held)" 1000
    tell POST "/v1/orders/$ID/cancel" '{}'
    refused "cancelling what is not paid" '409 order_not_cancellable'
    wait_for 60 "a payment that is approved" order_is paid
    is "paid" "$(get '"\(.paid) \(has("expires_at"))"')" '1950 false'
    tell POST "/v1/orders/$ID/cancel" '{}'
    is "all of it comes back" "$(get .result.refunded)" 1950
    gateway '{"decline_rate":100}'
    order ",\"payment\":$TRANSFER"
    wait_for 30 "a payment that is declined" order_is failed
    is "why" "$(get '"\(.paid) \(.problem.code) \(.problem.status)"')" '0 payment_declined 422'
    gateway '{}'
    order ',"payment":{"method":"bank_transfer","from_balance":2001}'
    refused "more from the balance than it costs" '400 invalid_request'
    order ',"payment":{"method":"balance","from_balance":1}'
    refused "a part of a payment that has none" '400 invalid_request'
}

expired() {
    policy event-sourced '.payment.transfer_expires_s = 1'
    gateway '{"pending_ms":3600000}'
    order ",\"payment\":{\"method\":\"bank_transfer\"}"
    wait_for 90 "the clock to end what nobody paid" order_is failed
    is "why" "$(get '"\(.paid) \(.problem.code)"')" '0 payment_timed_out'
    gateway '{}'
    policy event-sourced '.payment.methods = ["balance"] | .payment.transfer_discount = 0'
    order ",\"payment\":$TRANSFER"
    refused "where there is none" '422 payment_method_not_allowed'
}

# The contract is served, and each of its operations is there for the one it is for.
contract() {
    local operation method path
    ask GET /openapi.json
    is "the contract" "$STATUS $(jq -r .openapi <<<"$BODY")" '200 3.1.0'
    jq -r '.paths | to_entries[] | .key as $path | .value | keys[] | "\(.) \($path)"' <<<"$BODY" \
        >"$WORK/operations"
    ask GET /openapi.json -H "If-None-Match: $(header ETag)"
    is "nothing new in it" "$STATUS" 304
    within "operations" "$(wc -l <"$WORK/operations")" 30 100
    while read -r operation; do
        path=${operation#* }
        path=${path//'{'@(order|coupon|command)_id'}'/$NOBODYS}
        path=${path//'{'*([a-z])_id'}'/5}
        method=${operation%% *}
        ask "${method^^}" "$path" "${ADMIN[@]}"
        [[ $STATUS != 405 && $(jq -r '.code?' <<<"$BODY" 2>"$WORK/jq") != not_found ]] ||
            fail "$operation: $STATUS $BODY"
    done <"$WORK/operations"
}

main() {
    stack_up one --ingress 1 --coupon-workers 1 --order-workers 1 --stats-workers 1 --clocks 1
    open_shop
    undecided
    cancels
    changes
    ships
    stock_is_not_cached
    coupons
    transfers
    expired
    contract
    audit_is_clean
}

main "$@"
