#!/usr/bin/env bash
# Shop D: event-sourced, with external payments. Each rule D1 to D14.
set -euo pipefail
# shellcheck source=tests/shops/lib.sh
. "$(dirname "$0")/lib.sh"

readonly TRANSFER=',"payment":{"method":"bank_transfer"}'

with_balance() { printf ',"payment":{"method":"bank_transfer","from_balance":%d}' "$1"; }

charging() { # D1
    user 1
    no_charge 422 charge_not_allowed 1 -1
    no_charge 422 charge_not_allowed 1 0
    charge 1 1
    charge 1 999999
    charge 1 9000000
    order 1 10:1
    cancel "$ORDER" 1
    http_ok GET '/v1/users/1/balance/history?limit=5' 1
    is "the last five changes, newest first" \
        "$(jq -r '[.items[] | "\(.kind) \(.amount)"] | join(", ")' <<<"$BODY")" \
        'refund 10000, use 10000, charge 9000000, charge 999999, charge 1'
}

names() { # QUERY: of the products found, in order
    http_ok GET "/v1/products?$1" ''
    jq -r '[.items[].name] | join(" ")' <<<"$BODY"
}

catalogue() {
    local row id name price stock category
    for row in "1 apple 10000 100 fruit" "2 pear 20000 10 fruit" "3 apple-pie 5000 0 cake" \
        "4 tart 30000 5 cake"; do
        read -r id name price stock category <<<"$row"
        product "$id" "$name" "$price" "$stock" ",\"category\":\"$category\""
    done
}

reads() { # D2
    is "newest first" "$(names '')" 'tart apple-pie pear apple'
    is "price up" "$(names sort=price)" 'apple-pie apple pear tart'
    is "price down" "$(names sort=-price)" 'tart pear apple apple-pie'
    is "by name" "$(names q=appl\&sort=name)" 'apple apple-pie'
    is "a part of a name" "$(names q=PIE)" 'apple-pie'
    is "no wild cards" "$(names q=%25)" ''
    is "by category" "$(names category=fruit\&sort=price)" 'apple pear'
    is "a price range, both ends in it" "$(names price_min=10000\&price_max=20000\&sort=price)" \
        'apple pear'
    is "without what is sold out" "$(names category=cake\&sold_out=exclude)" 'tart'
    http_ok GET /v1/products/3 ''
    is "told to be sold out" "$(jq -r .status <<<"$BODY")" sold_out
    pages
    caching
}

pages() {
    http_ok GET '/v1/products?sort=price&limit=3' ''
    is "the first page" "$(jq -r '[.items[].name] | join(" ")' <<<"$BODY")" 'apple-pie apple pear'
    is "the second" "$(names "sort=price&limit=3&cursor=$(jq -r .next_cursor <<<"$BODY")")" tart
}

# What never changes is cached, stock never is.
caching() {
    local tag
    tag=$(curl -s -D - -o "$WORK/answer" "$URL/v1/products/2" | tr -d '\r' |
        sed -n 's/^ETag: //Ip')
    is "nothing new" "$(curl -s -o "$WORK/answer" -w '%{http_code}' \
        -H "If-None-Match: $tag" "$URL/v1/products/2")" 304
    order 1 20:1
    is "one piece less is new" "$(curl -s -o "$WORK/answer" -w '%{http_code}' \
        -H "If-None-Match: $tag" "$URL/v1/products/2") $(jq .available "$WORK/answer")" '200 9'
}

# ---- payments at the gateway

# gateway JSON: how it behaves from now on.
gateway() {
    curl -s --fail-with-body -o "$WORK/behaviour" -X PUT -H 'Content-Type: application/json' \
        --data-binary "$1" "$GATEWAY/behaviour" ||
        fail "the gateway does not take $1: $(<"$WORK/behaviour")"
}

# paid_at_gateway ORDER: what stands in its ledger.
at_gateway() {
    curl -s --max-time 5 "$GATEWAY/ledger" |
        jq -r --arg id "$1" '[.. | objects | select(.order_id? == $id) | .status] | join(" ")'
}

order_status() { http_ok GET "/v1/orders/$1" admin && jq -r .status <<<"$BODY"; }
order_has() { [[ $(order_status "$1") == "$2" ]]; }

# ends ORDER STATUS: its payment is settled, soon; BODY is the order then.
ends() {
    wait_for 60 "order $1 to be $2" order_has "$1" "$2"
    say "order $1: $2"
    http_ok GET "/v1/orders/$1" admin
}

approved() { # D3, D4, D9
    local money
    money=$(balance 1)
    available_is 4 5
    order 1 40:2 "$TRANSFER"
    gives "under way" '"\(.status) \(.total) \(.discount) \(.paid)"' 'pending_payment 60000 3000 0'
    ends "$ORDER" paid
    is "5% off" "$(jq -r '"\(.total) \(.discount) \(.paid)"' <<<"$BODY")" '60000 3000 57000'
    is "the balance has no part in it" "$(balance 1)" "$money"
    available_is 4 3
}

declined() { # D3, D4
    local money
    money=$(balance 1)
    gateway '{"mode":"decline"}'
    order 1 40:3 "$(with_balance 10000)"
    ends "$ORDER" failed
    is "why" "$(jq -r .problem.code <<<"$BODY")" payment_declined
    balance_is 1 "$money"
    available_is 4 3
    gateway '{"mode":"normal"}'
}

# Part by the balance, the rest by transfer: both or neither.
in_parts() { # D3
    local money
    money=$(balance 1)
    order 1 10:1 "$(with_balance 4000)"
    ends "$ORDER" paid
    is "4,000 and 95% of 6,000" "$(jq -r '"\(.discount) \(.paid)"' <<<"$BODY")" '300 9700'
    balance_is 1 $((money - 4000))
    no_order 400 invalid_request 1 10:1 "$(with_balance 10001)"
    user 2 1000
    no_order 409 insufficient_balance 2 10:1 "$(with_balance 1001)"
    order 2 10:1 "$(with_balance 1000)"
    ends "$ORDER" paid
    balance_is 2 0
}

# A gateway that does not answer in time, and says yes afterwards: what it took goes back.
timed_out() { # D3, D4
    local money
    money=$(balance 1)
    gateway '{"mode":"answer_late","late_ms":60000}'
    order 1 40:1 "$TRANSFER"
    ends "$ORDER" failed
    is "why" "$(jq -r .problem.code <<<"$BODY")" payment_timed_out
    available_is 4 3
    balance_is 1 "$money"
    gateway '{"mode":"normal"}'
    [[ $(at_gateway "$ORDER") != *approved* ]] || fail "the gateway keeps the money"
}

transient() { # D4
    gateway '{"fail_rate":100,"first":2}'
    order 1 10:1 "$TRANSFER"
    ends "$ORDER" paid
    gateway '{"mode":"normal"}'
    is "once" "$(at_gateway "$ORDER")" approved
}

cancelling() { # D5
    local money
    money=$(balance 1)
    order 1 20:2
    available_is 2 7
    cancel "$ORDER" 1
    gives "all of it" '"\(.status) \(.refunded)"' 'cancelled 40000'
    balance_is 1 "$money"
    available_is 2 9
    http_ok GET "/v1/orders/$ORDER/history" 1
    is "in its history" "$(jq '[.items[] | select(.type == "order.cancelled")] | length' \
        <<<"$BODY")" 1
    no 409 order_not_cancellable POST "/v1/orders/$ORDER/cancel" 1 '{}'
    no 409 order_not_changeable PATCH "/v1/orders/$ORDER" 1 "{$(lines_body 20:1)}"
}

last_look() { # D6
    product 9 "the last one" 100 1
    no_order 409 insufficient_stock 1 90:2
    order 1 90:1
    no_order 409 insufficient_stock 1 90:1
}

ship() { yes POST "/v1/orders/$1/shipments" admin "{$(lines_body "$2")}"; }
no_shipment() { no 409 shipment_exceeds_order POST "/v1/orders/$1/shipments" admin \
    "{$(lines_body "$2")}"; }

shipping() { # D7
    order 1 '10:2 20:1'
    no 403 forbidden POST "/v1/orders/$ORDER/shipments" 1 "{$(lines_body 10:1)}"
    no_shipment "$ORDER" 10:3
    no_shipment "$ORDER" 40:1
    ship "$ORDER" 10:1
    gives "a part" .status partly_shipped
    no 409 order_not_cancellable POST "/v1/orders/$ORDER/cancel" 1 '{}'
    no 409 order_not_changeable PATCH "/v1/orders/$ORDER" 1 "{$(lines_body 10:2)}"
    no_shipment "$ORDER" 10:2
    ship "$ORDER" '10:1 20:1'
    gives "the rest" .status shipped
    no_shipment "$ORDER" 10:1
}

change() { yes PATCH "/v1/orders/$1" 1 "{$(lines_body "$2")}"; }

changing() { # D8
    local money coupon
    money=$(balance 1)
    order 1 '10:2 20:1'
    change "$ORDER" '10:1 40:1'
    gives "up" '"\(.total) \(.paid) \(.difference)"' '40000 40000 0'
    change "$ORDER" '10:3 40:1'
    gives "dearer" .difference 20000
    balance_is 1 $((money - 60000))
    change "$ORDER" 10:1
    gives "cheaper" .difference -50000
    balance_is 1 $((money - 10000))
    available_is 4 3
    available_is 2 8
    no 409 insufficient_stock PATCH "/v1/orders/$ORDER" 1 "{$(lines_body 40:4)}"
    no 400 invalid_request PATCH "/v1/orders/$ORDER" 1 '{"lines":[]}'
    no 403 forbidden PATCH "/v1/orders/$ORDER" 2 "{$(lines_body 10:2)}"
    # The coupon's conditions hold for what the order is now.
    template 30 'rate 1000' ',"quantity":10,"min_total":20000'
    issue 30 1
    coupon=$(got .coupon_id)
    order 1 10:2 "$(with_coupon "$coupon")"
    no 422 coupon_minimum_not_reached PATCH "/v1/orders/$ORDER" 1 "{$(lines_body 10:1)}"
    change "$ORDER" 10:3
    gives "the rate of the new total" '"\(.total) \(.discount) \(.difference)"' '30000 3000 9000'
}

coupons() { # D10, D12
    local coupon issued expires
    http POST /v1/coupon-templates/30/issues 2 '{"user_id":2}'
    coupon=$(jq -r .result.coupon_id <<<"$BODY")
    http_ok GET "/v1/coupons/$coupon" 2
    issued=$(jq -r .issued_at <<<"$BODY")
    expires=$(jq -r .expires_at <<<"$BODY")
    is "30 days" $((($(date -d "$expires" +%s) - $(date -d "$issued" +%s)) / 86400)) 30
    pending
    yes POST "/v1/coupons/$coupon/revoke" admin '{}'
    gives "by an administrator" .status cancelled
    no_order 409 coupon_revoked 2 10:2 "$(with_coupon "$coupon")"
    template 31 'amount 100' ',"quantity":1'
    issue 31 1
    no_issue 409 coupon_sold_out 31 2
    coupon=$(got .coupon_id)
    run_clock "$(instant '+29 days')"
    coupon_is "$coupon" available
    run_clock "$(instant '+31 days')"
    wait_for 30 "the coupon to expire" coupon_has "$coupon" expired
}

coupon_has() { [[ $(coupon_status "$1") == "$2" ]]; }

# Accepted is pending; succeeded is issued.
pending() {
    local id state
    template 32 'amount 100' ',"quantity":1'
    id=$(curl -s -X POST -H 'Content-Type: application/json' -H 'X-User-Id: 1' -H 'X-Role: user' \
        --data-binary '{"user_id":1}' "$URL/v1/coupon-templates/32/issues" | jq -r .command_id)
    state=$(curl -s -H 'X-User-Id: 1' -H 'X-Role: user' "$URL/v1/commands/$id" | jq -r .state)
    [[ $state == accepted || $state == succeeded ]] || fail "an issue is $state"
    http_ok GET "/v1/commands/$id" 1
    is "issued" "$(jq -r '"\(.state) \(.result.status)"' <<<"$BODY")" 'succeeded available'
}

welcome() { # D11
    local coupon
    yes POST /v1/users 7 '{"user_id":7}'
    http_ok GET '/v1/users/7/coupons?status=available' 7
    is "5% for whoever signs up" "$(jq -r '.items[] | "\(.discount.type) \(.discount.value)"' \
        <<<"$BODY")" 'rate 500'
    coupon=$(jq -r '.items[0].coupon_id' <<<"$BODY")
    charge 7 100000
    order 7 10:1 "$(with_coupon "$coupon")"
    gives "taken off" '"\(.discount) \(.paid)"' '500 9500'
    no_order 409 coupon_used 7 10:1 "$(with_coupon "$coupon")"
    cancel "$ORDER" 7
    coupon_is "$coupon" available
}

statistics() { # D13, R6
    local day=2021-03-14
    order_at "${day}T14:59:59.999999Z" 1 '10:3 20:1' # the 14th in Seoul, a Sunday
    order_at "${day}T15:00:00Z" 1 40:1               # the 15th, a Monday
    order_at "${day}T15:00:00Z" 1 10:2
    cancel "$ORDER" admin
    ranking_is "from=2021-03-14&to=2021-03-15" '1:1:3:30000 2:1:1:20000 4:1:1:30000'
    is "by revenue" "$(ranking 'from=2021-03-14&to=2021-03-15&by=revenue')" \
        '1:1:3:30000 4:1:1:30000 2:1:1:20000'
    is "within a category" "$(ranking 'from=2021-03-14&to=2021-03-15&category=cake')" '4:1:1:30000'
    is "the best one" "$(ranking 'from=2021-03-14&to=2021-03-15&limit=1')" '1:1:3:30000'
    is "days" "$(series 'unit=day&from=2021-03-14&to=2021-03-15')" \
        '2021-03-14 1 4 50000 0, 2021-03-15 2 3 50000 1'
    is "weeks" "$(series 'unit=week&from=2021-03-14&to=2021-03-15')" \
        '2021-W10 1 4 50000 0, 2021-W11 2 3 50000 1'
    is "months" "$(series 'unit=month&from=2021-03-01&to=2021-03-31')" '2021-03 3 7 100000 1'
    no 403 forbidden GET '/v1/stats/sales?unit=day' 1
    no 400 invalid_request GET '/v1/stats/sales?unit=year' admin
}

series() {
    http_ok GET "/v1/stats/sales?$1" admin
    jq -r '[.items[] | "\(.period) \(.orders) \(.quantity) \(.revenue) \(.cancelled_orders)"]
        | join(", ")' <<<"$BODY"
}

event_sourced() { # D14
    fc replay --check >"$WORK/replay" 2>&1 || fail "the journal and the tables differ: \
$(<"$WORK/replay")"
    tail -n 1 "$WORK/replay"
}

shop_open event-sourced --standins
catalogue
charging
reads
approved
declined
in_parts
timed_out
transient
cancelling
last_look
shipping
changing
coupons
welcome
statistics
event_sourced
shop_close
