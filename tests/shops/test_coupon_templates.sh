#!/usr/bin/env bash
# Shop E: coupon templates. Each rule E1 to E6 at its borders.
set -euo pipefail
# shellcheck source=tests/shops/lib.sh
. "$(dirname "$0")/lib.sh"

charging() { # E1
    user 1
    no_charge 422 charge_not_allowed 1 -1
    charge 1 0
    balance_is 1 0
    charge 1 1
    no_charge 422 charge_not_allowed 1 1000001
    no_charge 422 balance_limit_exceeded 1 1000000
    charge 1 999999
    balance_is 1 1000000
    no_charge 422 balance_limit_exceeded 1 1
    charge 1 0
    balance_is 1 1000000
    order 1 10:6
    no 409 order_not_cancellable POST "/v1/orders/$ORDER/cancel" 1 '{}'
    no 409 order_not_changeable PATCH "/v1/orders/$ORDER" 1 "{$(lines_body 10:1)}"
}

five_products() { # E4
    local id
    fc audit >"$WORK/audit" 2>&1 && fail "a shop without products passes the audit"
    grep -q products_min "$WORK/audit" || fail "the audit does not say why: $(<"$WORK/audit")"
    for id in 1 2 3 4 5; do product "$id" "product $id" 100 100; done
    http_ok GET /v1/products ''
    is "products" "$(jq '.items | length' <<<"$BODY")" 5
    no 422 price_not_allowed PUT /v1/products/6 admin "$(product_body 6 "150" 150 1)"
    no 422 price_not_allowed PUT /v1/products/6 admin "$(product_body 6 "99" 99 1)"
    no 422 price_not_allowed PUT /v1/products/6 admin '{"name":"surcharge","price":100,
        "status":"on_sale","first_come":false,"options":[{"name":"x","surcharge":50,"stock":1}]}'
    product 6 "200" 200 1
}

stopped() { # E4
    yes PUT /v1/products/6 admin "$(product_body 6 "200" 200 1 | sed 's/on_sale/stopped/')"
    gives "stopped" .status stopped
    no_order 409 product_not_on_sale 1 60:1
    yes PUT /v1/products/6 admin "$(product_body 6 "200" 200 1)"
    order 1 60:1
    http_ok GET /v1/products/6 ''
    is "on sale, with nothing left" "$(jq -r .status <<<"$BODY")" sold_out
}

templates() { # E2
    local issued expires
    template 1 'amount 100' ",\"quantity\":5,\"issue_until\":\"$(instant '+1 hour')\""
    http_ok GET /v1/coupon-templates/1 1
    is "before issue" "$(jq -r '"\(.issued) \(.remaining)"' <<<"$BODY")" '0 5'
    issue 1 1
    COUPON=$(got .coupon_id)
    http_ok GET "/v1/coupons/$COUPON" 1
    issued=$(jq -r .issued_at <<<"$BODY")
    expires=$(jq -r .expires_at <<<"$BODY")
    is "365 days" $((($(date -d "$expires" +%s) - $(date -d "$issued" +%s)) / 86400)) 365
    http_ok GET /v1/coupon-templates/1 1
    is "after an issue" "$(jq -r '"\(.issued) \(.remaining)"' <<<"$BODY")" '1 4'
    no 400 invalid_request POST /v1/coupon-templates admin \
        "$(template_body 2 'amount 100' ',"quantity":5,"valid_days":30')"
    template 3 'amount 100' ",\"quantity\":5,\"issue_from\":\"$(instant '-2 days')\",\
\"issue_until\":\"$(instant '-1 day')\""
    no_issue 409 coupon_closed 3 1
    no 409 template_in_use DELETE /v1/coupon-templates/1 admin
    yes DELETE /v1/coupon-templates/3 admin
    no 404 unknown_template GET /v1/coupon-templates/3 1
}

coupons() { # E3
    coupon_is "$COUPON" available
    order 1 20:1 "$(with_coupon "$COUPON")"
    gives "stops at the total" '"\(.total) \(.discount) \(.paid)"' '100 100 0'
    coupon_is "$COUPON" used
    issue 1 2
    run_clock "$(instant '+364 days')"
    coupon_is "$(got .coupon_id)" available
    run_clock "$(instant '+366 days')"
    wait_for 30 "the coupon to expire" has_expired "$(got .coupon_id)"
}

has_expired() { [[ $(coupon_status "$1") == expired ]]; }

ranking_once_a_day() { # E5
    local today before
    today=$(TZ=Asia/Seoul date +%F)
    user 2 100000
    order_at "$(day_before "$today" 1)T03:00:00Z" 2 30:30
    order_at "$(day_before "$today" 1)T03:00:00Z" 2 40:20
    close_day "$today"
    before='3:1:30:3000 4:1:20:2000'
    ranking_is limit=2 "$before"
    order_at "$(day_before "$today" 1)T03:00:00Z" 2 40:20
    caught_up
    is "until the next day" "$(ranking 'limit=2')" "$before"
}

lines() { # E6
    local coupon
    no_order 400 invalid_request 2 30:0
    no_order 400 invalid_request 2 30:-1
    product 7 "seven left" 100 7
    no_order 409 insufficient_stock 2 70:8
    order 2 '70:3 70:4'
    available_is 7 0
    template 4 'amount 100'
    issue 4 1
    coupon=$(got .coupon_id)
    no_order 409 coupon_not_owned 2 30:1 "$(with_coupon "$coupon")"
}

shop_open coupon-templates
five_products
charging
stopped
templates
ranking_once_a_day
lines
# Last: it lets a year go by.
coupons
shop_close
