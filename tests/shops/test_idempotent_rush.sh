#!/usr/bin/env bash
# Shop C: idempotent and spike-proof. Each rule C1 to C8.
set -euo pipefail
# shellcheck source=tests/shops/lib.sh
. "$(dirname "$0")/lib.sh"

readonly NOBODY=00000000-0000-4000-8000-000000000000

errors() { # C1
    user 1 100000
    no_charge 404 unknown_user 99 1000
    no 404 unknown_user GET /v1/users/99/balance 99
    no 404 unknown_product GET /v1/products/99 ''
    no_order 404 unknown_option 1 990:1
    no 404 unknown_product POST /v1/orders 1 \
        '{"user_id":1,"lines":[{"product_id":99,"quantity":1}]}'
    product 1 "known" 1000 100
    no_order 404 unknown_user 99 10:1
    no_order 404 unknown_coupon 1 10:1 "$(with_coupon $NOBODY)"
    no 404 unknown_coupon GET "/v1/coupons/$NOBODY" 1
    no 404 unknown_order GET "/v1/orders/$NOBODY" 1
    no 404 unknown_command GET "/v1/commands/$NOBODY" 1
    without_wallet
    unfit
    misrouted
}

# What an order cannot be, and what is no request.
unfit() {
    no 400 invalid_json POST /v1/orders 1 '{"user_id":1,'
    no 400 invalid_request POST /v1/orders 1 '{"user_id":1,"lines":[]}'
    product 40 "rush one" 100 10
    product 41 "rush two" 100 10
    yes PUT /v1/products/40 admin "$(first_come_body 40 "rush one" 100 10)"
    yes PUT /v1/products/41 admin "$(first_come_body 41 "rush two" 100 10)"
    no_order 422 several_first_come_products 1 '400:1 410:1'
    user 5 1000
    order 5 400:1
}

# A producer that puts a command where it does not belong: that changes nothing, and jumps no queue.
# (An id that the ingress did not give out cannot be asked for over HTTP.)
misrouted() {
    local id=00000000-0000-4000-8000-00000000c0de
    printf '{"id":"%s","type":"wallet.charge","key":"user:1","accepted_at":"%s","body":%s}\n' \
        "$id" "$(instant now)" '{"amount":1000}' |
        (
            # shellcheck source=/dev/null
            . "$STATE/env"
            "$BUILD/bin/publish" order user:1 "$(other_partition)"
        ) >"$WORK/published" || fail "publishing"
    wait_for 30 "its verdict" verdict_is "$id" misrouted
}

verdict_is() { [[ $(sql "select verdict from journal where command_id = '$1'") == "$2" ]]; }
# The CRC-32 that gzip writes is the contract's: user:1 hashes to it, and belongs one before.
other_partition() {
    echo $((($(printf user:1 | gzip -1 -c | tail -c 8 | od -An -N4 -tu4) + 1) % 16))
}
# The database is away: said at once, and nothing is accepted that cannot be read.
away() {
    s6-svc -wD -d "$STATE/service/postgresql"
    no 503 unavailable GET /v1/products ''
    s6-svc -u "$STATE/service/postgresql"
    wait_for 60 "the database to be back" is_up postgresql
    wait_for 60 "reads to be answered" answered
    order 1 10:1
}

answered() { http GET /v1/products '' && [[ $STATUS == 200 ]]; }

# A user from before there were wallets.
without_wallet() { # C1
    sql 'insert into customer (user_id, registered_at) values (50, now())'
    no_charge 404 unknown_wallet 50 1000
    no_order 404 unknown_wallet 50 10:1
    no 404 unknown_wallet GET /v1/users/50/balance 50
    sql 'delete from customer where user_id = 50'
}

# keyed KEY METHOD PATH USER BODY: sets STATUS, BODY and REPLAYED.
keyed() {
    STATUS=$(curl -s --max-time 60 -X "$2" -o "$WORK/answer" -D "$WORK/heads" -w '%{http_code}' \
        -H 'Content-Type: application/json' -H "X-User-Id: $4" -H 'X-Role: user' \
        -H "Idempotency-Key: \"$1\"" -H 'Prefer: wait=30' --data-binary "$5" "$URL$3")
    BODY=$(<"$WORK/answer")
    REPLAYED=$(tr -d '\r' <"$WORK/heads" | sed -n 's/^Idempotency-Replayed: //Ip')
}

charging() { # C2
    local first i
    no_charge 422 charge_not_allowed 1 999
    charge 1 1000
    gives "user and balance" '"\(.user_id) \(.balance)"' '1 101000'
    charge 1 1001
    keyed once POST /v1/users/1/charges 1 '{"amount":5000}'
    first=$(jq -c .result <<<"$BODY")
    for i in 1 2 3; do
        keyed once POST /v1/users/1/charges 1 '{"amount":5000}'
        is "the repeat, replayed" "$(jq -c .result <<<"$BODY") $REPLAYED" "$first true"
    done
    balance_is 1 107001
    keyed once POST /v1/users/1/charges 1 '{"amount":5001}'
    is "another body under that key" "$STATUS $(jq -r .code <<<"$BODY")" \
        '422 idempotency_key_reused'
    at_once
    http_ok GET '/v1/users/1/balance/history?limit=1' 1
    is "entry and charge agree" \
        "$(jq -r '.items[0] | "\(.kind) \(.amount) \(.balance)"' <<<"$BODY")" 'charge 7000 114001'
}

# Twenty copies of one request, at once: one charge.
at_once() {
    local i pids=()
    for i in {1..20}; do
        curl -s --max-time 60 -o "$WORK/copy.$i" -H 'Content-Type: application/json' \
            -H 'X-User-Id: 1' -H 'X-Role: user' -H 'Idempotency-Key: "copies"' \
            -H 'Prefer: wait=30' --data-binary '{"amount":7000}' "$URL/v1/users/1/charges" &
        pids+=($!)
    done
    wait "${pids[@]}"
    is "twenty copies, one result" \
        "$(cat "$WORK"/copy.* | jq -c .result | sort -u)" \
        '{"user_id":1,"balance":114001,"amount":7000}'
    balance_is 1 114001
}

products() { # C3
    http_ok GET /v1/products/1 ''
    is "id, name, price, quantity" \
        "$(jq -r '"\(.product_id) \(.name) \(.price) \(.available)"' <<<"$BODY")" '1 known 1000 100'
    no 404 unknown_product GET /v1/products/98 ''
    no 404 unknown_product GET /v1/products/x ''
}

orders() { # C4
    local coupon
    user 2 1000
    order 1 10:2
    gives "order, paid, left, time" \
        '"\(.paid) \(.balance) \(.paid_at | length) \(.order_id | length)"' '2000 112001 27 36'
    no_order 409 insufficient_balance 2 10:2
    no_order 409 insufficient_stock 1 10:99
    template 1 'amount 100'
    issue 1 2
    coupon=$(got .coupon_id)
    no_order 409 coupon_not_owned 1 10:1 "$(with_coupon "$coupon")"
    order 2 10:1 "$(with_coupon "$coupon")"
    gives "with a coupon" '"\(.total) \(.discount) \(.paid) \(.balance)"' '1000 100 900 100'
    larger_than_the_total
    out_of_its_period
}

larger_than_the_total() {
    template 2 'amount 5000'
    issue 2 2
    order 2 10:1 "$(with_coupon "$(got .coupon_id)")"
    gives "the discount stops at the total" '"\(.discount) \(.paid) \(.balance)"' '1000 0 100'
}

out_of_its_period() {
    local coupon
    template 3 'amount 100' ',"quantity":5,"valid_days":1'
    issue 3 1
    coupon=$(got .coupon_id)
    run_clock "$(instant '+25 hours')"
    wait_for 30 "the coupon to expire" expired_now "$coupon"
    no_order 409 coupon_expired 1 10:1 "$(with_coupon "$coupon")"
}

expired_now() { [[ $(coupon_status "$1") == expired ]]; }

# An order that is sent again after every kind of silence is one order.
orders_once() { # C5
    local body before i
    body=$(order_body 1 10:3)
    before=$(available 1)
    for i in 1 2 3; do
        # The client gives up before there is an answer.
        curl -s --max-time 0.02 -o "$WORK/lost" -H 'Content-Type: application/json' \
            -H 'X-User-Id: 1' -H 'X-Role: user' -H 'Idempotency-Key: "order-7"' \
            --data-binary "$body" "$URL/v1/orders" || true
    done
    strike KILL order-1
    keyed order-7 POST /v1/orders 1 "$body"
    is "the order is there" "$(jq -r .result.status <<<"$BODY")" paid
    available_is 1 $((before - 3))
    all_or_nothing
}

all_or_nothing() {
    local money
    money=$(balance 1)
    product 2 "scarce" 100 1
    no_order 409 insufficient_stock 1 '10:1 20:2'
    balance_is 1 "$money"
    available_is 2 1
}

rush() { # C6, R3
    local issued
    template 10 'amount 100' ',"quantity":100'
    fc race --requests 5000 --clients 32 --quantity 100 >"$WORK/race" 2>&1 ||
        fail "the race: $(<"$WORK/race")"
    grep -E 'unfair|issued' "$WORK/race"
    issue 10 1
    no_issue 409 coupon_already_issued 10 1
    no_issue 404 unknown_template 97 1
    issued=$(jq -c . <<<"$RESULT")
    http_ok GET "/v1/coupons/$(got .coupon_id)" 1
    is "the answer and the stored row agree" \
        "$(jq -c '{coupon_id,template_id,user_id,position,status,expires_at}' <<<"$BODY")" "$issued"
    no_issue 404 unknown_user 10 96
}

ranking_of_orders() { # C7, R6
    local day=2020-05-05
    is "an empty list when there is nothing" "$(ranking "from=$day&to=$day")" ''
    order_at "${day}T03:00:00Z" 1 10:5
    order_at "${day}T03:00:00Z" 1 20:1
    product 3 "often" 100 10
    order_at "${day}T03:00:00Z" 1 30:1
    order_at "${day}T03:00:00Z" 1 30:1
    ranking_is "from=$day&to=$day" '3:2:2:200 1:1:5:5000 2:1:1:100'
    is "by pieces when asked" "$(ranking "from=$day&to=$day&by=quantity")" \
        '1:1:5:5000 3:2:2:200 2:1:1:100'
}

scaling_out() { # C8, R7
    stack_change --order-workers 4 --coupon-workers 4 --ingress 3
    order 1 10:1
    stack_change --order-workers 1 --coupon-workers 1 --ingress 1
    order 1 10:1
}

shop_open idempotent-rush
errors
charging
products
orders
orders_once
rush
ranking_of_orders
scaling_out
away
shop_close
