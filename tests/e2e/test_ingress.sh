#!/usr/bin/env bash
# The ingress as its clients meet it: every status and problem that it makes by itself, requests
# that are framed to deceive, clients that drip, leave or ask too much, a broker that is blocked or
# away, a database that is away, and an end that cuts nobody off.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/ask.sh
. "$(dirname "$0")/ask.sh"

readonly ORDER='{"user_id":7,"lines":[{"option_id":1,"quantity":1}]}'
readonly LINES='{"lines":[{"option_id":1,"quantity":1}]}'
readonly TRACE=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01

ready_says() { [[ $(curl -s --max-time 5 "$URL/readyz" | jq -r ".$1") == "$2" ]]; }
full_queues_are() {
    [[ $(rabbit list_queues -p firstcome name messages |
        awk '$2 ~ /^[1-9]/ { print $1 }') == "$1" ]]
}
rabbit() { timeout 60 "$STATE/bin/rabbitmqctl" -q "$@" </dev/null; }

# raw TEXT: what the server sends back on a connection of its own, until it closes or 3 s pass.
raw() {
    local host=${URL#http://}
    # It may have closed the connection before all is sent.
    trap '' PIPE
    exec 9<>"/dev/tcp/${host%:*}/${host#*:}"
    printf '%b' "$1" >&9 2>/dev/null || true
    timeout 3 cat <&9 || true
    exec 9<&-
}

# ---- what it says no to by itself

identities() {
    expect 401 unauthenticated GET /v1/users/7/balance
    expect 401 unauthenticated GET /v1/users/7/balance -H 'X-User-Id: seven'
    expect 401 unauthenticated GET /v1/users/7/balance -H 'X-User-Id: 7' -H 'X-User-Id: 8'
    expect 401 unauthenticated GET /v1/users/7/balance -H 'X-User-Id: 7' -H 'X-Role: root'
    expect 403 forbidden GET /v1/users/8/balance "${ANN[@]}"
    expect 403 forbidden POST /v1/products "${ANN[@]}" "${JSON[@]}" -d '{}'
    expect 403 forbidden POST /v1/users "${ANN[@]}" "${JSON[@]}" -d '{"user_id":8}'
    expect 403 forbidden POST /v1/users/8/charges "${ANN[@]}" "${JSON[@]}" -d '{"amount":1}'
    expect 403 forbidden POST /v1/orders "${ANN[@]}" "${JSON[@]}" \
        -d "${ORDER%\}},\"ordered_at\":\"2020-01-01T00:00:00Z\"}"
    expect 401 unauthenticated POST "/v1/orders/$NOBODYS/cancel"
    expect 401 unauthenticated PATCH "/v1/orders/$NOBODYS" "${JSON[@]}" -d "$LINES"
    expect 401 unauthenticated GET "/v1/orders/$NOBODYS/history"
    expect 403 forbidden POST "/v1/orders/$NOBODYS/shipments" "${ANN[@]}" "${JSON[@]}" -d "$LINES"
    expect 403 forbidden POST "/v1/coupons/$NOBODYS/revoke" "${ANN[@]}"
    expect 403 forbidden GET /v1/stats/sales "${ANN[@]}"
    ask GET /v1/products
    is "products without identity" "$STATUS" 200
    ask GET /v1/products/top
    is "ranking without identity" "$STATUS" 200
}

paths() {
    expect 404 not_found GET /v1/nothing "${ANN[@]}"
    expect 404 not_found GET "/v1/orders/$NOBODYS/pay" "${ANN[@]}"
    expect 404 unknown_command GET /v1/commands/x "${ANN[@]}"
    expect 404 unknown_command GET /v1/commands/$NOBODYS "${ANN[@]}"
    expect 404 unknown_user GET /v1/users/7/balance "${ANN[@]}"
    expect 404 unknown_product GET /v1/products/5
    expect 404 unknown_template GET /v1/coupon-templates/5 "${ANN[@]}"
    expect 404 unknown_coupon GET /v1/coupons/$NOBODYS "${ANN[@]}"
    expect 404 unknown_order GET /v1/orders/$NOBODYS "${ANN[@]}"
    expect 404 unknown_option POST /v1/options/5/restock "${ADMIN[@]}" "${JSON[@]}" \
        -d '{"quantity":1}'
    expect 404 unknown_order GET "/v1/orders/$NOBODYS/history" "${ANN[@]}"
    expect 404 unknown_order POST "/v1/orders/$NOBODYS/cancel" "${ANN[@]}"
    expect 404 unknown_order POST /v1/orders/x/cancel "${ANN[@]}"
    expect 404 unknown_order PATCH "/v1/orders/$NOBODYS" "${ANN[@]}" "${JSON[@]}" -d "$LINES"
    expect 404 unknown_order POST "/v1/orders/$NOBODYS/shipments" "${ADMIN[@]}" "${JSON[@]}" \
        -d "$LINES"
    expect 404 unknown_coupon POST "/v1/coupons/$NOBODYS/revoke" "${ADMIN[@]}"
    expect 405 method_not_allowed PUT "/v1/orders/$NOBODYS" "${ANN[@]}"
    is "the methods of an order" "$(header Allow)" 'PATCH, GET, HEAD'
    expect 405 method_not_allowed PATCH /v1/products/5 "${ADMIN[@]}"
    is "the methods there are" "$(header Allow)" 'PUT, DELETE, GET, HEAD'
}

bodies() {
    local big type
    expect 400 invalid_json POST /v1/users "${ANN[@]}" "${JSON[@]}" -d '{"user_id":7'
    expect 400 invalid_json POST /v1/users "${ANN[@]}" "${JSON[@]}" -d ''
    expect 400 invalid_request POST /v1/orders "${ANN[@]}" "${JSON[@]}" \
        -d '{"user_id":7,"lines":[{"option_id":1,"quantity":0},{"quantity":1}],"more":1}'
    is "every fault" "$(faults)" '/lines/0/quantity /lines/1/option_id /more'
    expect 400 invalid_request PATCH "/v1/orders/$NOBODYS" "${ANN[@]}" "${JSON[@]}" \
        -d '{"lines":[],"reason":"no"}'
    is "faults of a change" "$(faults)" '/lines /reason'
    expect 400 invalid_request POST "/v1/orders/$NOBODYS/shipments" "${ADMIN[@]}" "${JSON[@]}" \
        -d '{"lines":[{"product_id":1,"quantity":1}]}'
    is "faults of a shipment" "$(faults)" '/lines/0/option_id /lines/0/product_id'
    expect 400 invalid_request POST "/v1/orders/$NOBODYS/cancel" "${ANN[@]}" "${JSON[@]}" \
        -d '{"reason":7}'
    expect 400 invalid_json POST "/v1/orders/$NOBODYS/cancel" "${ANN[@]}" "${JSON[@]}" -d '{'
    expect 415 unsupported_media_type POST "/v1/orders/$NOBODYS/cancel" "${ANN[@]}" -d '{}'
    expect 415 unsupported_media_type PATCH "/v1/orders/$NOBODYS" "${ANN[@]}"
    expect 400 invalid_request POST /v1/users "${ANN[@]}" "${JSON[@]}" -H 'Idempotency-Key: "a b"' \
        -d '{"user_id":7}'
    expect 400 invalid_request GET '/v1/products?limit=0&sort=size&price_min=9&price_max=1&x=1'
    is "every fault of the parameters" "$(jq '.errors | length' <<<"$BODY")" 4
    for type in 'Content-Type: text/plain' 'Content-Type:' 'Content-Encoding: gzip'; do
        expect 415 unsupported_media_type POST /v1/users "${ANN[@]}" -H "$type" -d '{}'
    done
    big=$WORK/big
    head -c 140000 /dev/zero >"$big"
    expect 413 payload_too_large POST /v1/users "${ANN[@]}" "${JSON[@]}" --data-binary "@$big"
    expect 413 payload_too_large POST /v1/users "${ANN[@]}" "${JSON[@]}" \
        -H 'Transfer-Encoding: chunked' --data-binary "@$big"
    ask POST /v1/users "${ANN[@]}" -H 'Content-Type: application/json; charset=UTF-8' \
        -H 'Transfer-Encoding: chunked' -d '{"user_id":7}'
    is "chunks that are short enough" "$STATUS" 202
    head -c 3000000 /dev/zero >"$big"
    ask POST /v1/users "${ANN[@]}" "${JSON[@]}" -H 'Transfer-Encoding: chunked' \
        --data-binary "@$big"
    [[ $STATUS == @(000|100|413) ]] || fail "3 MB in chunks: $STATUS"
}

framing() {
    local get='GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    local post='POST /v1/users HTTP/1.1\r\nHost: a\r\n' what headers answers
    says "a plain request" "$(raw "$get")" '200 OK'
    while IFS='|' read -r what headers; do
        answers=$(raw "$post$headers\r\n\r\n5\r\nhello\r\n0\r\n\r\n$get")
        says "$what" "$answers" 'HTTP/1.1 400 '
        is "$what: answers" "$(grep -c '^HTTP/1.1' <<<"$answers")" 1
    done <<'ROWS'
length and chunks|Content-Length: 5\r\nTransfer-Encoding: chunked
two lengths|Content-Length: 5\r\nContent-Length: 5
two codings|Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked
compressed chunks|Transfer-Encoding: gzip, chunked
two hosts|Host: b\r\nContent-Length: 0
a blank before the colon|Content-Length : 5
a control character|X-Other: a\x01b
ROWS
}

# A client that drips its headers, another its body: both are cut off after the deadline, though
# they are never silent for long. Runs beside the rest.
drip() {
    local host=${URL#http://} began=$SECONDS
    exec 8<>"/dev/tcp/${host%:*}/${host#*:}"
    printf '%b' "$1" >&8
    while ((SECONDS - began < 25)) && printf 'x' >&8 2>/dev/null; do
        if read -r -t 0.5 -u 8 _ || (($? <= 128)); then break; fi
    done
    echo $((SECONDS - began)) >"$WORK/drip.$2"
}

drips_begin() {
    drip 'GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: ' headers &
    CHILDREN+=($!) DRIPS=($!)
    drip 'POST /v1/users HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n' body &
    CHILDREN+=($!) DRIPS+=($!)
}

drips_end() {
    wait "${DRIPS[@]}" || true
    within "seconds of dripped headers" "$(<"$WORK/drip.headers")" 9 15
    within "seconds of a dripped body" "$(<"$WORK/drip.body")" 9 15
}

# ---- what it says yes to, while nobody decides

accepted() {
    local id queue
    ask POST /v1/users/7/charges "${ANN[@]}" "${JSON[@]}" -H "traceparent: $TRACE" \
        -H 'X-Request-Id: mine-1' -d '{"amount":5}'
    is "charge" "$STATUS" 202
    id=$(jq -r .command_id <<<"$BODY")
    is "its answer" "$(jq -rc 'keys' <<<"$BODY") $(jq -r .state <<<"$BODY")" \
        '["accepted_at","command_id","state"] accepted'
    is "Location" "$(header Location)" "/v1/commands/$id"
    is "Retry-After" "$(header Retry-After)" 1
    is "the client's request id" "$(header X-Request-Id)" mine-1
    ask GET "/v1/commands/$id" "${ANN[@]}"
    is "its document" "$STATUS $(jq -r .state <<<"$BODY")" '200 accepted'
    # The queue is told by zlib's CRC-32, which gzip writes as well.
    queue=order.$(($(printf 'user:7' | gzip -c | tail -c 8 | od -An -tu4 -N4) % 16))
    wait_for 15 "the message in $queue alone" full_queues_are "$queue"
    ask POST /v1/orders "${ANN[@]}" "${JSON[@]}" -d "$ORDER"
    is "an order's id" "$(jq '.order_id == .command_id' <<<"$BODY")" true
    ask POST /v1/users/7/charges "${ANN[@]}" "${JSON[@]}" -H 'Prefer: wait=1' -d '{"amount":5}'
    is "too late" "$STATUS $(header Preference-Applied)" '202 '
    ask GET "/v1/commands/$id" "${ANN[@]}" -H 'Prefer: wait=1'
    is "still accepted" "$STATUS $(jq -r .state <<<"$BODY") $(header Preference-Applied)" \
        '200 accepted wait=1'
}

# Those who wait and go away are forgotten.
leaving() {
    local child
    curl -s --max-time 60 "${ANN[@]}" "${JSON[@]}" -H 'Prefer: wait=30' -d '{"amount":5}' \
        "$URL/v1/users/7/charges" -o "$WORK/left" &
    child=$!
    CHILDREN+=("$child")
    wait_for 10 "the one who waits" metric_is firstcome_ingress_waiting 1
    kill "$child"
    wait "$child" || true
    wait_for 5 "nobody waits" metric_is firstcome_ingress_waiting 0
    # The one request left is the question itself.
    wait_for 5 "nothing is held" metric_is firstcome_ingress_requests 1
}

# ---- trouble

unavailable() {
    expect 503 unavailable POST /v1/users/7/charges "${ANN[@]}" "${JSON[@]}" -d '{"amount":5}'
    is "Retry-After" "$(header Retry-After)" 1
}

takes_again() {
    ask POST /v1/users/7/charges "${ANN[@]}" "${JSON[@]}" -d '{"amount":5}'
    [[ $STATUS == 202 ]]
}

blocked_broker() {
    rabbit set_vm_memory_high_watermark 0.0000001
    # The broker tells whoever publishes.
    ask POST /v1/users/7/charges "${ANN[@]}" "${JSON[@]}" -d '{"amount":5}' --max-time 1
    wait_for 20 "readyz to say blocked" ready_says broker blocked
    is "ready while blocked" "$(curl -s -o "$WORK/ready" -w '%{http_code}' "$URL/readyz")" 503
    unavailable
    rabbit set_vm_memory_high_watermark absolute 1GB
    wait_for 20 "readyz to say ready" ready_says ready true
    wait_for 10 "commands to be taken" takes_again
}

broker_away() {
    s6-svc -d "$STATE/service/rabbitmq"
    strike KILL rabbitmq
    wait_for 20 "readyz to say disconnected" ready_says broker disconnected
    unavailable
    ask GET /v1/products
    is "reads without a broker" "$STATUS" 200
    s6-svc -u "$STATE/service/rabbitmq"
    wait_for 60 "readyz to say ready" ready_says ready true
    wait_for 10 "commands to be taken" takes_again
}

database_away() {
    s6-svc -d "$STATE/service/postgresql"
    wait_for 30 "readyz to say disconnected" ready_says database disconnected
    expect 503 unavailable GET /v1/products
    expect 503 unavailable GET "/v1/commands/$(jq -r .command_id <"$WORK/kept")" "${ANN[@]}"
    ask POST /v1/users/7/charges "${ANN[@]}" "${JSON[@]}" -d '{"amount":5}'
    is "a command without a database" "$STATUS" 202
    s6-svc -u "$STATE/service/postgresql"
    wait_for 60 "readyz to say ready" ready_says ready true
    ask GET /v1/products
    is "reads again" "$STATUS" 200
}

# Asked to stop, it answers those who wait with what is true, and goes.
graceful() {
    local child old
    old=$(pid_of ingress-1)
    curl -s --max-time 60 "${ANN[@]}" "${JSON[@]}" -H 'Prefer: wait=30' -d '{"amount":5}' \
        "$URL/v1/users/7/charges" -o "$WORK/last" -w '%{http_code}' >"$WORK/last.status" &
    child=$!
    CHILDREN+=("$child")
    wait_for 10 "the one who waits" metric_is firstcome_ingress_waiting 1
    strike TERM ingress-1
    wait "$child" || fail "the one who waited was cut off"
    is "the one who waited" "$(<"$WORK/last.status") $(jq -r .state "$WORK/last")" '202 accepted'
    wait_for 20 "another ingress" is_another ingress-1 "$old"
}

# ---- with workers

sold() {
    local id product option child
    id=$(jq -r .command_id <"$WORK/kept")
    curl -sN --max-time 60 "${ANN[@]}" "$URL/v1/commands/$id/events" -o "$WORK/events" &
    child=$!
    CHILDREN+=("$child")
    wait_for 10 "the stream to begin" grep -q '^event: accepted' "$WORK/events"
    stack_change --order-workers 1 --coupon-workers 1 --stats-workers 1
    wait_for 30 "the verdict in the stream" grep -q '^event: succeeded' "$WORK/events"
    wait "$child" || fail "the stream was cut off"

    http_ok POST /v1/users/7/charges 7 '{"amount":100000}'
    http_ok POST /v1/products admin \
        '{"name":"한정","price":1000,"options":[{"name":"기본","surcharge":0,"stock":9}]}'
    product=$(jq .result.product_id <<<"$BODY")
    option=$(jq '.result.options[0].option_id' <<<"$BODY")
    ask POST /v1/orders "${ANN[@]}" "${JSON[@]}" -H 'Prefer: wait=9' -H 'Idempotency-Key: "one"' \
        -d "{\"user_id\":7,\"lines\":[{\"option_id\":$option,\"quantity\":1}]}"
    is "an order" "$STATUS $(header Preference-Applied)" '201 wait=9'
    id=$(jq -r .result.order_id <<<"$BODY")
    is "where it is" "$(header Location)" "/v1/orders/$id"
    ask POST /v1/orders "${ANN[@]}" "${JSON[@]}" -H 'Prefer: wait=9' -H 'Idempotency-Key: one' \
        -d "{\"user_id\":7,\"lines\":[{\"option_id\":$option,\"quantity\":1}]}"
    is "the same again" "$STATUS $(header Idempotency-Replayed) $(header Location)" \
        "201 true /v1/orders/$id"
    ask GET "/v1/commands/$id" -H 'X-User-Id: 8'
    is "another's command" "$STATUS" 403

    # A flag that was changed behind everybody's back: the worker refuses the line, the ingress
    # looks, and the order goes through the right one.
    sql "UPDATE product SET first_come = true WHERE product_id = $product" >"$WORK/sql"
    ask POST /v1/orders "${ANN[@]}" "${JSON[@]}" -H 'Prefer: wait=9' \
        -d "{\"user_id\":7,\"lines\":[{\"option_id\":$option,\"quantity\":1}]}"
    is "an order that was misrouted" "$STATUS" 201
    is "routed anew" "$(metric 'firstcome_ingress_commands_total{fate="rerouted"}')" 1
    id=$(jq -r .result.order_id <<<"$BODY")
    is "its line" "$(sql "SELECT key FROM orders WHERE order_id = '$id'")" "product:$product"
    # The audit would find what no command did.
    sql "UPDATE product SET first_come = false WHERE product_id = $product" >"$WORK/sql"

    ask GET "/v1/products/$product"
    is "what is left" "$(jq .available <<<"$BODY")" 7
    ask GET "/v1/products/$product" -H "If-None-Match: $(header ETag)"
    is "nothing new" "$STATUS" 304
    pages
}

pages() {
    local seen='' cursor=''
    for _ in 1 2; do
        ask GET "/v1/users/7/orders?limit=1$cursor" "${ANN[@]}"
        seen+="$(jq -r '.items[0].order_id' <<<"$BODY") "
        cursor="&cursor=$(jq -r .next_cursor <<<"$BODY")"
    done
    is "orders on two pages" "$(tr ' ' '\n' <<<"$seen" | sort -u | grep -c .)" 2
    is "no third" "$(jq .next_cursor <<<"$BODY")" null
    ask GET "/v1/users/7/balance/history?limit=1" "${ANN[@]}"
    cursor=$(jq -r .next_cursor <<<"$BODY")
    expect 400 invalid_request GET "/v1/users/7/balance/history?cursor=A${cursor:1}" "${ANN[@]}"
    expect 400 invalid_request GET "/v1/users/7/orders?cursor=$cursor" "${ANN[@]}"
}

# With a gateway's token set, nobody gets past without it but who asks for the process's health.
gateway() {
    local token=(-H 'X-Gateway-Token: between-us')
    stack_change --set FIRSTCOME_GATEWAY_TOKEN=between-us
    expect 401 unauthenticated GET /v1/products
    expect 401 unauthenticated GET /v1/products -H 'X-Gateway-Token: between-uS'
    expect 401 unauthenticated GET /v1/products "${token[@]}" "${token[@]}"
    ask GET /v1/products "${token[@]}"
    is "with the token" "$STATUS" 200
    ask GET /livez
    is "health without it" "$STATUS" 200
}

# Without one it does not open itself to others.
no_gateway() {
    local rc=0
    (
        # shellcheck source=/dev/null
        . "$STATE/env"
        FIRSTCOME_LISTEN=0.0.0.0:1 timeout 20 "$BUILD/bin/firstcome-ingress"
    ) >"$WORK/refusal" 2>&1 || rc=$?
    is "an open address without a token" "$rc" 100
    says "the reason" "$(<"$WORK/refusal")" FIRSTCOME_GATEWAY_TOKEN
}

main() {
    # Nobody decides for most of the time, and that is no reason to refuse here.
    stack_up one --ingress 1 --coupon-workers 0 --order-workers 0 --stats-workers 0 --clocks 0 \
        --set FIRSTCOME_WAIT_MAX_MS=0
    drips_begin
    identities
    paths
    ask POST /v1/users "${ANN[@]}" "${JSON[@]}" -d '{"user_id":7}'
    is "a command to come back to" "$STATUS" 202
    cp "$WORK/body" "$WORK/kept"
    accepted
    bodies
    framing
    leaving
    drips_end
    blocked_broker
    graceful
    database_away
    broker_away
    sold
    audit_is_clean
    no_gateway
    gateway
}

main "$@"
