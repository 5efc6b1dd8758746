#!/usr/bin/env bash
# Shop B: coupon policies and the ledger. Each rule B1 to B10 at its borders.
set -euo pipefail
# shellcheck source=tests/shops/lib.sh
. "$(dirname "$0")/lib.sh"

charging() { # B1
    user 1
    no_charge 422 charge_not_allowed 1 -10000
    no_charge 422 charge_not_allowed 1 0
    no_charge 422 charge_not_allowed 1 9999
    charge 1 10000
    charge 1 10001
    charge 1 9979997
    no_charge 422 balance_limit_exceeded 1 10000
    balance_is 1 9999998
    product 1 "two won" 2 100
    order 1 10:1
    user 2 9979999
    charge 2 20000
    balance_is 2 9999999
    no_charge 422 balance_limit_exceeded 2 10000
    # A balance that a charge would lift to 9,999,999 exactly, and to the 10,000,000 it must not be.
    user 3 9989999
    charge 3 10000
    user 4 9990000
    no_charge 422 balance_limit_exceeded 4 10000
    balance_is 4 9990000
}

# What goes back must stay below the ceiling, too.
refunds_below_the_ceiling() { # B1
    user 5 9990000
    product 2 "dear" 5000000 10
    order 5 20:1
    charge 5 5009999
    balance_is 5 9999999
    no 422 balance_limit_exceeded POST "/v1/orders/$ORDER/cancel" 5 '{}'
    order 5 20:1
    cancel "$ORDER" 5
    balance_is 5 9999999
}

history() { # B2
    user 6 10000 20000
    product 3 "noted" 5000 10
    order 6 30:2
    cancel "$ORDER" 6
    http_ok GET /v1/users/6/balance/history 6
    is "charges, uses and what came back, newest first" \
        "$(jq -r '[.items[] | "\(.kind) \(.amount) \(.balance)"] | join(", ")' <<<"$BODY")" \
        'refund 10000 30000, use 10000 20000, charge 20000 30000, charge 10000 10000'
}

# Beside others: its answers have a folder of their own.
order_and_charge() {
    local work=$WORK WORK
    trap - ERR EXIT
    WORK=$(mktemp -d "$work/c-XXXXXX")
    http POST /v1/orders 7 "$(order_body 7 40:1)"
    http POST /v1/users/7/charges 7 '{"amount":10000}'
}

# Charges and orders of one user at once, from many sides: sums agree to the won.
guards() { # B3, B4
    local pids=()
    user 7 1000000
    product 4 "guarded" 100 15
    for _ in {1..20}; do
        order_and_charge &
        pids+=($!)
    done
    wait "${pids[@]}"
    available_is 4 0
    balance_is 7 $((1000000 + 20 * 10000 - 15 * 100))
    no 422 price_not_allowed PUT /v1/products/5 admin "$(product_body 5 "free" 0 1)"
    no 400 invalid_request PUT /v1/products/5 admin "$(product_body 5 "below" -1 1)"
    no 400 invalid_request PUT /v1/products/5 admin "$(product_body 5 "stock" 1 -1)"
}

windows() { # B6
    template 10 'amount 1000' ",\"quantity\":10,\"issue_from\":\"$(instant '+1 hour')\""
    template 11 'amount 1000' ",\"quantity\":10,\"issue_from\":\"$(instant '-2 hours')\",\
\"issue_until\":\"$(instant '-1 hour')\""
    template 12 'rate 1000' ',"quantity":1'
    template 13 'amount 1000' ',"quantity":null'
    user 8
    no_issue 409 coupon_not_open 10 8
    no_issue 409 coupon_closed 11 8
    issue 12 8
    no_issue 409 coupon_already_issued 12 8
    no_issue 409 coupon_sold_out 12 7
    issue 13 8
    gives "without a limit" .position 1
    no_issue 404 unknown_template 99 8
    no 400 invalid_request POST /v1/coupon-templates admin "$(template_body 14 'rate 10001')"
    no 400 invalid_request POST /v1/coupon-templates admin "$(template_body 14 'amount 0')"
    open_while_it_is_open
    across_the_borders
}

# A window of seconds: closed, open, closed.
open_while_it_is_open() {
    local from until
    from=$(instant '+2 seconds')
    until=$(instant '+5 seconds')
    template 15 'amount 1000' ",\"quantity\":10,\"issue_from\":\"$from\",\"issue_until\":\"$until\""
    no_issue 409 coupon_not_open 15 1
    wait_for 10 "the window to open" issued 15 1
    http_ok GET "/v1/coupons/$(got .coupon_id)" 1
    [[ $(jq -r .issued_at <<<"$BODY") > $from ]] || fail "issued before it was open: $BODY"
    wait_for 10 "the window to close" refused_issue coupon_closed 15 2
}

# One request after the other across both borders: of each it is told when it was accepted, and that
# decides, to the microsecond: the first instant is in the window, the last is not.
across_the_borders() {
    local from until id user=100 at=''
    from=$(instant '+3 seconds')
    until=$(instant '+6 seconds')
    template 16 'amount 1000' \
        ",\"quantity\":null,\"issue_from\":\"$from\",\"issue_until\":\"$until\""
    : >"$WORK/window"
    until [[ $at > $until ]]; do
        user "$user"
        accepted POST /v1/coupon-templates/16/issues "$user" "{\"user_id\":$user}"
        at=$(jq -r .accepted_at <<<"$BODY")
        id=$(jq -r .command_id <<<"$BODY")
        http_ok GET "/v1/commands/$id" "$user"
        echo "$at $(jq -r '.problem.code // .state' <<<"$BODY")" >>"$WORK/window"
        user=$((user + 1))
        pause
    done
    awk -v from="$from" -v until="$until" '
        { want = $1 < from ? "coupon_not_open" : $1 < until ? "succeeded" : "coupon_closed"
          count[want]++
          if ($2 != want) { print; wrong = 1 } }
        END { exit wrong || !count["coupon_not_open"] || !count["succeeded"] ||
              !count["coupon_closed"] }' "$WORK/window" ||
        fail "from $from until $until: $(<"$WORK/window")"
    say "accepted across both borders, each decided by when: $(wc -l <"$WORK/window")"
}

# accepted METHOD PATH USER BODY: as http, and the verdict is not waited for.
accepted() {
    STATUS=$(curl -s --max-time 60 -X "$1" -o "$WORK/answer" -w '%{http_code}' \
        -H 'Content-Type: application/json' -H "X-User-Id: $3" -H 'X-Role: user' \
        --data-binary "$4" "$URL$2") || true
    BODY=$(<"$WORK/answer")
    [[ $STATUS == 202 ]] || fail "$1 $2 is answered $STATUS: $BODY"
}

issued() { http POST "/v1/coupon-templates/$1/issues" "$2" "{\"user_id\":$2}" &&
    [[ $STATUS == 201 ]] && RESULT=$(jq -c .result <<<"$BODY"); }
refused_issue() {
    http POST "/v1/coupon-templates/$2/issues" "$3" "{\"user_id\":$3}"
    [[ $STATUS == 409 && $(jq -r .code <<<"$BODY") == "$1" ]]
}

coupons() { # B7
    local rate late other
    user 9 1000000
    product 20 "for coupons" 10001 100
    template 20 'rate 1000' ',"quantity":10,"min_total":20000'
    template 21 'amount 1000' ',"quantity":10,"valid_days":1'
    issue 20 9
    rate=$(got .coupon_id)
    issue 21 9
    late=$(got .coupon_id)
    issue 20 8
    other=$(got .coupon_id)
    no_order 422 coupon_minimum_not_reached 9 200:1 "$(with_coupon "$rate")"
    no_order 409 coupon_not_owned 9 200:2 "$(with_coupon "$other")"
    no_order 404 unknown_coupon 9 200:2 "$(with_coupon 00000000-0000-4000-8000-000000000000)"
    order 9 200:3 "$(with_coupon "$rate")"
    gives "a rate on the total, rounded down" '"\(.total) \(.discount) \(.paid)"' '30003 3000 27003'
    coupon_is "$rate" used
    no_order 409 coupon_used 9 200:3 "$(with_coupon "$rate")"
    no 409 coupon_used POST "/v1/coupons/$rate/revoke" admin '{}'
    yes POST "/v1/coupons/$other/revoke" admin '{}'
    gives "revoked" .status cancelled
    no_order 409 coupon_revoked 8 200:2 "$(with_coupon "$other")"
    no 403 forbidden POST "/v1/coupons/$late/revoke" 9 '{}'
    http_ok GET '/v1/users/8/coupons?status=cancelled' 8
    is "the cancelled one" "$(jq -r '.items[].coupon_id' <<<"$BODY")" "$other"
    expired "$late"
}

expired() {
    run_clock "$(instant '+23 hours')"
    coupon_is "$1" available
    run_clock "$(instant '+25 hours')"
    wait_for 30 "the coupon to expire" coupon_has "$1" expired
    no_order 409 coupon_expired 9 200:2 "$(with_coupon "$1")"
    no 409 coupon_expired POST "/v1/coupons/$1/revoke" admin '{}'
}

coupon_has() { [[ $(coupon_status "$1") == "$2" ]]; }

nothing_is_left_to_pay() { # B8
    user 12 1000000
    product 25 "cheap" 1000 100
    template 25 'amount 1000' ',"quantity":10'
    template 26 'amount 999' ',"quantity":10'
    template 27 'rate 10000' ',"quantity":10'
    issue 25 12
    no_order 422 discount_exceeds_total 12 250:1 "$(with_coupon "$(got .coupon_id)")"
    order 12 250:2 "$(with_coupon "$(got .coupon_id)")"
    gives "1,000 of 2,000" .paid 1000
    issue 26 12
    order 12 250:1 "$(with_coupon "$(got .coupon_id)")"
    gives "one won is left" .paid 1
    issue 27 12
    no_order 422 discount_exceeds_total 12 250:1 "$(with_coupon "$(got .coupon_id)")"
}

payments() { # B9
    no_order 422 payment_method_not_allowed 12 250:1 ',"payment":{"method":"bank_transfer"}'
    no_order 400 invalid_request 12 250:1 ',"payment":{"method":"card"}'
    order 12 250:1 ',"payment":{"method":"balance"}'
    gives "completed" .status paid
    cancel "$ORDER" 12
    gives "cancelled" .status cancelled
    user 13
    no_order 409 insufficient_balance 13 250:1
    no_order 400 invalid_request 13 250:-1
}

told() { # B10
    wait_for 30 "the data platform to have the order" \
        platform_has "$ORDER" 'order.paid order.cancelled'
}

ranking_at_midnight() { # B5
    local today
    today=$(TZ=Asia/Seoul date +%F)
    product 30 "sold" 1000 100
    order_at "$(day_before "$today" 1)T05:00:00Z" 12 300:4
    order_at "$(day_before "$today" 1)T05:00:00Z" 12 300:6
    cancel "$ORDER" 12
    close_day "$today"
    says "only what was paid for and kept" "$(ranking '')" '(^| )30:1:4:4000( |$)'
}

shop_open coupon-ledger --standins
charging
refunds_below_the_ceiling
history
guards
windows
nothing_is_left_to_pay
payments
told
ranking_at_midnight
# Last: it lets a day go by.
coupons
shop_close
