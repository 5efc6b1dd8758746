#!/usr/bin/env bash
# Shop A: stock by option. Each rule A1 to A12 at its borders.
set -euo pipefail
# shellcheck source=tests/shops/lib.sh
. "$(dirname "$0")/lib.sh"

registering() { # A1
    yes POST /v1/users 1 '{"user_id":1}'
    gives "a new wallet" .balance 0
    balance_is 1 0
    no 409 user_exists POST /v1/users 1 '{"user_id":1}'
}

charging() { # A2
    local amount
    for amount in -1 0 1 9999 10001 20000 49999 50001 99999 100001 499999 500001; do
        no_charge 422 charge_not_allowed 1 "$amount"
    done
    for amount in 10000 50000 100000 500000; do charge 1 "$amount"; done
    balance_is 1 660000
    user 2 500000 500000 500000 100000 100000 100000 100000 50000 10000 10000 10000 10000
    balance_is 2 1990000
    charge 2 10000
    balance_is 2 2000000
    no_charge 422 balance_limit_exceeded 2 10000
}

# A balance that a charge would lift to the ceiling exactly, and one won more.
charging_to_the_won() { # A2
    product 90 "a won more" 9999 10
    product 91 "to the won" 1 10
    order 2 900:1
    balance_is 2 1990001
    no_charge 422 balance_limit_exceeded 2 10000
    order 2 910:1
    charge 2 10000
    balance_is 2 2000000
}

options() {
    printf '{"name":"%s","price":1000,"status":"on_sale","first_come":false,"options":[%s]}' \
        "$1" "$2"
}
numbered() { seq -f '{"name":"option %g","surcharge":0,"stock":1}' -s, 1 "$1"; }

products() { # A3
    no 400 invalid_request PUT /v1/products/10 admin "$(options "no options" '')"
    yes PUT /v1/products/10 admin "$(options "one option" "$(numbered 1)")"
    yes PUT /v1/products/11 admin "$(options "ten options" "$(numbered 10)")"
    gives "ten options" '.options | length' 10
    no 400 invalid_request PUT /v1/products/12 admin "$(options "eleven" "$(numbered 11)")"
    no 409 name_taken PUT /v1/products/12 admin "$(options "one option" "$(numbered 1)")"
    no 400 invalid_request PUT /v1/products/12 admin "$(options "twice one name" \
        '{"name":"same","surcharge":0,"stock":1},{"name":"same","surcharge":0,"stock":1}')"
    yes PUT /v1/products/12 admin "$(options "another" "$(numbered 2)")"
    gives "an option's name may be another product's" '.options[0].name' 'option 1'
}

prices() { # A4, A12
    yes PUT /v1/products/20 admin '{"name":"priced","price":10000,"status":"on_sale",
        "first_come":false,"options":[{"option_id":200,"name":"plain","surcharge":0,"stock":9},
        {"option_id":201,"name":"large","surcharge":2500,"stock":9},
        {"option_id":202,"name":"small","surcharge":-500,"stock":9}]}'
    gives "surcharges" '[.options[].price] | join(" ")' '10000 12500 9500'
    template 20 'amount 3000'
    no 422 discount_not_allowed POST /v1/coupon-templates admin "$(template_body 21 'rate 500')"
    issue 20 1
    order 1 '201:2 202:1' "$(with_coupon "$(got .coupon_id)")"
    gives "base + surcharge - discount, and nothing for shipping" \
        '"\(.total) \(.discount) \(.paid)"' '34500 3000 31500'
}

stock_of() { # OPTION: total and reserved, told by a restock of nothing but one piece and back
    yes POST "/v1/options/$1/restock" admin '{"quantity":1}'
    yes POST "/v1/options/$1/restock" admin '{"quantity":-1}'
    got '"\(.total) \(.reserved) \(.available)"'
}

stock() { # A5
    product 30 "the last piece" 1000 2
    order 1 300:1
    is "paying takes from the total" "$(stock_of 300)" '1 0 1'
    no_order 409 insufficient_stock 1 300:2
    order 1 300:1
    is "the last piece" "$(stock_of 300)" '0 0 0'
    no_order 409 insufficient_stock 1 300:1
    no_order 400 invalid_request 1 300:0
    cancel "$ORDER" 1
    is "cancelling releases" "$(stock_of 300)" '1 0 1'
    no 409 insufficient_stock POST /v1/options/300/restock admin '{"quantity":-2}'
    no 404 unknown_option POST /v1/options/399/restock admin '{"quantity":1}'
}

coupons() { # A6, A9
    local coupon
    user 3
    user 4
    template 40 'amount 500' ',"quantity":2'
    issue 40 1
    gives "first" .position 1
    no_issue 409 coupon_already_issued 40 1
    issue 40 3
    gives "last of two" .position 2
    no_issue 409 coupon_sold_out 40 4
    http_ok GET '/v1/users/1/coupons?status=available' 1
    coupon=$(jq -r '.items[] | select(.template_id == 40) | .coupon_id' <<<"$BODY")
    order 1 200:1 "$(with_coupon "$coupon")"
    coupon_is "$coupon" used
    http_ok GET "/v1/orders/$ORDER/history" 1
    is "the use is an event of the order's history" \
        "$(jq '[.items[] | select(.type == "coupon.used")] | length' <<<"$BODY")" 1
    no_order 409 coupon_used 1 200:1 "$(with_coupon "$coupon")"
    cancel "$ORDER" 1
    coupon_is "$coupon" available
}

ids() { # A8
    order 1 200:1
    local first=$ORDER
    order 1 200:1
    [[ $first =~ ^[0-9a-f-]{36}$ && $first != "$ORDER" ]] || fail "$first and $ORDER are no ids"
    no_order 409 insufficient_stock 1 200:1000
}

deleting() { # A10
    product 50 "goes away" 1000 1
    no 409 product_in_use DELETE /v1/products/20 admin
    yes DELETE /v1/products/50 admin
    no 404 unknown_product GET /v1/products/50 ''
    no_order 404 unknown_option 1 500:1
    product 51 "goes away" 2000 1
    is "no row stays" "$(sql 'select count(*) from product where product_id = 50')" 0
}

identity() { # A11
    no 401 unauthenticated GET /v1/users/1/balance ''
    no 403 forbidden GET /v1/users/1/balance 3
    no 403 forbidden POST /v1/users/1/charges 3 '{"amount":10000}'
    no 403 forbidden PUT /v1/products/60 3 "$(product_body 60 x 1000 1)"
    no 403 forbidden POST "/v1/orders/$ORDER/cancel" 3 '{}'
    http_ok GET /v1/products/10 ''
}

# The ranking stands still until the day is closed; then it counts pieces of the last three days.
ranking_by_day() { # A7, R6
    local today of=',"category":"ranked"'
    today=$(TZ=Asia/Seoul date +%F)
    product 70 "three pieces" 1000 100 "$of"
    product 71 "two orders" 1000 100 "$of"
    product 72 "long ago" 1000 100 "$of"
    # The borders of the day in Seoul are at 15:00 UTC.
    order_at "$(day_before "$today" 1)T15:00:00Z" 1 700:3        # today's first instant
    order_at "$(day_before "$today" 1)T14:59:59.999999Z" 1 710:1 # yesterday's last
    order_at "$(day_before "$today" 3)T15:00:00Z" 1 710:1        # the first of the three days
    order_at "$(day_before "$today" 3)T14:59:59.999999Z" 1 720:9 # the last before them
    is "nothing is closed yet" "$(ranking category=ranked)" ''
    close_day "$today"
    ranking_is category=ranked '70:1:3:3000 71:2:2:2000'
    order_at "$(day_before "$today" 1)T15:00:00Z" 1 710:9
    caught_up
    is "until the next closing" "$(ranking category=ranked)" '70:1:3:3000 71:2:2:2000'
}

shop_open option-stock
registering
charging
charging_to_the_won
products
prices
stock
coupons
ids
deleting
identity
ranking_by_day
shop_close
