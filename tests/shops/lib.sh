# shellcheck shell=bash disable=SC2034 # what it sets is for the tests
# Sourced by the tests of the shops: an installation that runs by one of deploy/policies, and words
# of its clients. Everything goes over HTTP with curl, as a shop's own programs would; only the
# policy is applied, and the clock is moved, by an operator's commands.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"

# shop_open POLICY [option of deploy/up…]
shop_open() {
    stack_up "$1" "${@:2}"
    fc policy apply "$REPO/deploy/policies/$1.json" >"$WORK/policy" 2>&1 ||
        fail "policy apply $1: $(<"$WORK/policy")"
    say "the policy $1 is in force"
    GATEWAY=$(standin FIRSTCOME_PAYMENT_URL)
    PLATFORM=$(standin FIRSTCOME_PLATFORM_URL)
}

# standin SETTING: where the stand-in listens that the setting names.
standin() { sed -nE "s|^$1=(http://[^/]*).*|\\1|p" "$STATE/programs.env"; }

# shop_close: nothing is amiss, and everything is taken down.
shop_close() {
    audit_is_clean
    stack_down
}

# yes METHOD PATH USER [BODY]: the verdict is a success; RESULT is its result, or the answer itself
# where that is no command's.
yes() {
    http_ok "$@"
    RESULT=$(jq -c 'if type == "object" and has("result") then .result else . end' <<<"$BODY")
}

# no STATUS CODE METHOD PATH USER [BODY]: it is refused, with that code.
no() {
    http "${@:3}"
    is "$3 $4 ${6:-}" "$STATUS $(jq -r .code <<<"$BODY")" "$1 $2"
}

# got FILTER: of RESULT, by jq.
got() { jq -r "$1" <<<"$RESULT"; }

# gives WHAT FILTER WANTED
gives() { is "$1" "$(got "$2")" "$3"; }

# ---- words of a shop

# user ID [BALANCE…]: registers, and charges each of the amounts.
user() {
    local amount
    yes POST /v1/users "$1" "{\"user_id\":$1}"
    for amount in "${@:2}"; do charge "$1" "$amount"; done
}

charge() { yes POST "/v1/users/$1/charges" "$1" "{\"amount\":$2}"; }
no_charge() { no "$1" "$2" POST "/v1/users/$3/charges" "$3" "{\"amount\":$4}"; }

balance() { http_ok GET "/v1/users/$1/balance" "$1" && jq -r .balance <<<"$BODY"; }
balance_is() { is "balance of $1" "$(balance "$1")" "$2"; }

# product ID NAME PRICE STOCK [MEMBERS]: on sale, with one option of id 10 times the product's.
product() {
    yes PUT "/v1/products/$1" admin "$(product_body "$@")"
}

# first_come_body ID NAME PRICE STOCK: the same, for a product that is sold first-come.
first_come_body() { product_body "$@" | sed 's/"first_come":false/"first_come":true/'; }

product_body() {
    printf '{"name":"%s","price":%d,"status":"on_sale","first_come":false%s,' "$2" "$3" "${5:-}"
    printf '"options":[{"option_id":%d,"name":"one","surcharge":0,"stock":%d}]}' $(($1 * 10)) "$4"
}

available() { http_ok GET "/v1/products/$1" '' && jq -r .available <<<"$BODY"; }
available_is() { is "available of product $1" "$(available "$1")" "$2"; }

# template ID DISCOUNT [MEMBERS]: open now and for a year; DISCOUNT as "amount 1000" or "rate 500".
template() { yes POST /v1/coupon-templates admin "$(template_body "$@")"; }

template_body() {
    local type value
    read -r type value <<<"$2"
    printf '{"template_id":%d,"name":"template","discount":{"type":"%s","value":%d}%s' \
        "$1" "$type" "$value" "${3:-,\"quantity\":100}"
    [[ ${3:-} == *issue_from* ]] || printf ',"issue_from":"%s"' "$(instant '-1 day')"
    [[ ${3:-} == *issue_until* ]] || printf ',"issue_until":"%s"' "$(instant '+1 year')"
    printf '}'
}

# instant WHEN: RFC 3339 in UTC, of a word of date(1).
instant() { date -u -d "$1" +%Y-%m-%dT%H:%M:%S.%6NZ; }

# issue TEMPLATE USER: RESULT is the coupon.
issue() { yes POST "/v1/coupon-templates/$1/issues" "$2" "{\"user_id\":$2}"; }
no_issue() { no "$1" "$2" POST "/v1/coupon-templates/$3/issues" "$4" "{\"user_id\":$4}"; }

coupon_status() { http_ok GET "/v1/coupons/$1" admin && jq -r .status <<<"$BODY"; }
coupon_is() { is "coupon $1" "$(coupon_status "$1")" "$2"; }

# order_body USER LINES [MEMBERS]: LINES as "option:quantity option:quantity".
order_body() {
    printf '{"user_id":%d,%s%s}' "$1" "$(lines_body "$2")" "${3:-}"
}

lines_body() {
    local line first=1
    printf '"lines":['
    for line in $1; do
        ((first)) || printf ,
        first=0
        printf '{"option_id":%d,"quantity":%d}' "${line%:*}" "${line#*:}"
    done
    printf ']'
}

# order USER LINES [MEMBERS]: RESULT is what came of it, ORDER its id.
order() {
    yes POST /v1/orders "$1" "$(order_body "$@")"
    ORDER=$(got .order_id)
}

# order_at INSTANT USER LINES: imported by an administrator.
order_at() {
    yes POST /v1/orders admin "$(order_body "$2" "$3" ",\"ordered_at\":\"$1\"")"
    ORDER=$(got .order_id)
}

no_order() { no "$1" "$2" POST /v1/orders "$3" "$(order_body "${@:3}")"; }

with_coupon() { printf ',"coupon_id":"%s"' "$1"; }

cancel() { yes POST "/v1/orders/$1/cancel" "$2" '{}'; }

# ranking QUERY: "product:orders:quantity:revenue …" of /v1/products/top.
ranking() {
    http_ok GET "/v1/products/top?$1" ''
    jq -r '[.items[] | "\(.product_id):\(.orders):\(.quantity):\(.revenue)"] | join(" ")' <<<"$BODY"
}

ranking_has() { [[ $(ranking "$1") == "$2" ]]; }

# ranking_is QUERY WANTED: the counters follow the orders soon.
ranking_is() {
    wait_for 30 "the ranking $1 to be '$2' (it is '$(ranking "$1")')" ranking_has "$1" "$2"
    say "ranking $1: $2"
}

# run_clock INSTANT: all that is due at that instant, as the clock would see to it then.
run_clock() {
    "$STATE/bin/firstcome-clock" --once --at "$1" >"$WORK/clock" 2>&1 ||
        fail "the clock: $(<"$WORK/clock")"
}

# caught_up: nothing is under way, and every order is counted.
caught_up() {
    fc audit --wait 60 >"$WORK/audit" 2>&1 || fail "the audit is not clean: $(<"$WORK/audit")"
}

# day_before DAY DAYS: the day so many days before.
day_before() { date -d "$1 -$2 days" +%F; }

is_closed() { [[ $(sql "select count(*) from day_closed where day = '$1'") == 1 ]]; }

# close_day DAY: what the clock does when DAY is over in Seoul, once the counters have caught up.
close_day() {
    caught_up
    run_clock "$(date -d "$1 +1 day" +%F)T00:00:00+09:00"
    wait_for 30 "$1 to be closed in the counters" is_closed "$1"
    say "$1 is closed"
}

# platform_has ORDER TYPES: the data platform has these events of the order, in this order; an event
# that it got twice counts once.
platform_has() {
    [[ $(curl -s --max-time 5 "$PLATFORM/events?order_id=$1" |
        jq -rs '[.[] | if type == "array" then .[] else . end] | unique_by(.id)
            | sort_by(.at, .version) | map(.type) | join(" ")') == "$2" ]]
}
