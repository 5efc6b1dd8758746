#!/usr/bin/env bash
# What is to happen by itself does, when its time has come and once: orders that are not paid are
# released, coupons expire, days are closed. Of two clocks one acts; killed or frozen, the other
# does; midnights that nobody saw are seen to afterwards.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

readonly USER=7 BACKLOG=100000

# active CLOCK: it acts.
active() {
    [[ $(curl -s --max-time 3 "http://127.0.0.1:${PORT_OF[$1]}/readyz" | jq -r .active) == true ]]
}

someone_acts() { active clock-1 || active clock-2; }

# the_active, the_other: by name.
the_active() { if active clock-1; then echo clock-1; else echo clock-2; fi; }
the_other() { if [[ $1 == clock-1 ]]; then echo clock-2; else echo clock-1; fi; }

one_acts() {
    wait_for 30 "a clock to act" someone_acts
    if active clock-1 && active clock-2; then fail "both clocks act"; fi
}

# clock WORD…: the clock, once.
clock() {
    timeout 60 "$STATE/bin/firstcome-clock" --once "$@" >"$WORK/clock" 2>&1 ||
        fail "firstcome-clock --once $*: $(<"$WORK/clock")"
}

# sql_is WANTED QUERY
sql_is() { [[ $(sql "$2") == "$1" ]]; }

# decided TYPE: commands of it in the journal.
decided() { sql "SELECT count(*) FROM journal WHERE type = '$1'"; }

# everything_decided: no command waits. (Nobody takes what payment.0 has in this test.)
everything_decided() {
    [[ $(fc status --json |
        jq '[.queues.each[] | select(.queue | test("^(order|coupon)")) | .ready] | add') == 0 ]]
}

shop_make() {
    jq '.payment.transfer_expires_s = 2 | .coupons.valid_days = 30 | .coupons.welcome = null' \
        "$REPO/deploy/policies/event-sourced.json" >"$WORK/policy.json"
    fc policy apply "$WORK/policy.json" >"$WORK/policy" 2>&1 || fail "policy: $(<"$WORK/policy")"
    http_ok PUT /v1/products/1 admin '{"name":"tea","price":1000,"status":"on_sale",
        "first_come":true,"options":[{"option_id":1,"name":"one","surcharge":0,"stock":100}]}'
    http_ok POST /v1/users $USER "{\"user_id\":$USER}"
    http_ok POST /v1/users/$USER/charges $USER "{\"user_id\":$USER,\"amount\":100000}"
}

# unpaid: an order that waits for a payment that nobody asks for; ORDER is its id.
unpaid() {
    http_ok POST /v1/orders $USER "{\"user_id\":$USER,
        \"lines\":[{\"option_id\":1,\"quantity\":3}],
        \"payment\":{\"method\":\"bank_transfer\",\"from_balance\":1000}}"
    ORDER=$(jq -r .result.order_id <<<"$BODY")
    is "the order's state" "$(jq -r .result.status <<<"$BODY")" pending_payment
}

# An order that is not paid in time fails, and lets go of what it held.
order_is_released() {
    unpaid
    wait_for 30 "the order to fail" sql_is 'failed|expired' \
        "SELECT status, failure FROM orders WHERE order_id = '$ORDER'"
    is "reserved pieces" "$(sql 'SELECT reserved FROM product_option WHERE option_id = 1')" 0
    is "held money" "$(sql "SELECT held, balance FROM wallet WHERE user_id = $USER")" '0|100000'
}

# The one that acts is killed, then one is frozen: the other takes over, and there is always one.
takeover() {
    local first second pid
    first=$(the_active)
    second=$(the_other "$first")
    pid=$(pid_of "$first")
    strike KILL "$first"
    wait_for 30 "$second to act" active "$second"
    wait_for 30 "$first to be back" is_another "$first" "$pid"
    if active "$first"; then fail "the one that came back acts, too"; fi
    order_is_released
    strike STOP "$second"
    wait_for 60 "$first to act" active "$first"
    order_is_released
    strike CONT "$second"
    wait_for 30 "$second to be there" is_up "$second"
    one_acts
    is "who acts" "$(the_active)" "$first"
}

# Coupons expire when their time has come; the same instant twice, at one time even, is one.
coupons_expire() {
    local later commands user
    http_ok POST /v1/coupon-templates admin '{"template_id":5,"name":"five","quantity":100,
        "discount":{"type":"rate","value":500},"issue_from":"2020-01-01T00:00:00Z",
        "issue_until":"2100-01-01T00:00:00Z"}'
    for user in 21 22 23; do
        http_ok POST /v1/users $user "{\"user_id\":$user}"
        http_ok POST /v1/coupon-templates/5/issues $user "{\"user_id\":$user}"
    done
    later=$(date -u -d '+29 days' +%FT%TZ)
    clock --at "$later" --only coupon-expiry
    is "coupons that expired early" \
        "$(sql "SELECT count(*) FROM coupon WHERE status <> 'available'")" 0
    later=$(date -u -d '+31 days' +%FT%TZ)
    commands=$(decided coupon.expire)
    clock --at "$later" --only coupon-expiry &
    clock --at "$later" --only coupon-expiry
    wait $!
    wait_for 30 "the coupons to expire" sql_is 3 \
        "SELECT count(*) FROM coupon WHERE status = 'expired'"
    wait_for 30 "the queues to be empty" everything_decided
    is "commands that it took" $(($(decided coupon.expire) - commands)) 1
    EXPIRED=$(decided coupon.expire)
    http_ok GET /v1/users/21/coupons 21
    is "what a user sees" "$(jq -r '.items[0].status' <<<"$BODY")" expired
}

# The first clock of a shop closes yesterday alone. A rehearsal of the midnight to come closes today
# and leaves the real one to its time.
days_close() {
    local midnight today
    today=$(TZ=Asia/Seoul date +%F)
    midnight=$(date -d "$today +1 day" +%F)T00:00:00+09:00
    wait_for 30 "yesterday to be closed" sql_is "$(date -d "$today -1 day" +%F)" \
        'SELECT day FROM day_closed'
    clock --at "$midnight" --only day-close
    clock --at "$midnight" --only day-close
    wait_for 30 "today to be closed" sql_is 1 "SELECT count(*) FROM day_closed WHERE day = '$today'"
    wait_for 30 "the queues to be empty" everything_decided
    is "days closed" "$(decided day.close)" 2
    is "runs that are still to come" \
        "$(sql 'SELECT count(*) FROM schedule_run WHERE due_at > now()')" 0
}

# No clock ran for four nights: each is seen to, each once.
missed_midnights() {
    local before
    before=$(decided day.close)
    stack_change --clocks 0
    sql "UPDATE schedule_run SET due_at = due_at - interval '4 days' WHERE schedule = 'day-close'"
    stack_change --clocks 2
    one_acts
    wait_for 30 "the missed midnights" sql_is 5 \
        "SELECT count(*) FROM schedule_run WHERE schedule = 'day-close'"
    wait_for 30 "the queues to be empty" everything_decided
    is "days closed since" $(($(decided day.close) - before)) 3
}

wrong_words() {
    local words
    for words in '--once --at yesterday' '--once --only nothing' '--once now' '--twice'; do
        # shellcheck disable=SC2086 # several words
        if "$STATE/bin/firstcome-clock" $words >"$WORK/clock" 2>&1; then fail "$words is taken"; fi
    done
    timeout 60 "$STATE/bin/firstcome-clock" --check >"$WORK/clock" 2>&1 ||
        fail "firstcome-clock --check: $(<"$WORK/clock")"
}

# A hundred thousand at once, that fell due while no clock ran; put there by hand, as nobody issues
# so many for a test.
backlog() {
    stack_change --clocks 0
    sql "INSERT INTO coupon (coupon_id, template_id, user_id, position, status, discount_type,
            discount_value, min_total, issued_at, expires_at, version)
        SELECT gen_random_uuid(), 100 + i % 40, i, i, 'available', 'amount', 1000, 0,
            now() - interval '2 days', now() - i % 5 * interval '1 hour', 1
        FROM generate_series(1, $BACKLOG) i"
    stack_change --clocks 2
    wait_for 120 "the backlog to expire" sql_is $BACKLOG \
        "SELECT count(*) FROM coupon WHERE status = 'expired' AND template_id >= 100"
    wait_for 30 "the queues to be empty" everything_decided
    say "$(sql "SELECT count(*) || ' commands in ' || count(DISTINCT key) || ' lines' FROM journal
        WHERE type = 'coupon.expire' AND key <> 'template:5'")"
}

stack_up shop --ingress 1 --coupon-workers 1 --order-workers 1 --payment-workers 0 --clocks 2 \
    --set FIRSTCOME_CLOCK_ORDER_EXPIRY_S=1 --set FIRSTCOME_CLOCK_COUPON_EXPIRY_S=2
one_acts
wrong_words
shop_make
days_close
order_is_released
coupons_expire
takeover
missed_midnights
is "commands that expired coupons, by now" "$(decided coupon.expire)" "$EXPIRED"
stack_change --payment-workers 1 # it has nothing to do but to see what came of them
audit_is_clean
backlog
