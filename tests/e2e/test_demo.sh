#!/usr/bin/env bash
# The show of deploy/demo in small: it ends with 0, its table tells of no violation, and what it
# prints where nobody looks on is plain text.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

readonly USERS=200 QUANTITY=20

stack_up shop
fc demo --users "$(long $USERS 5000)" --quantity "$QUANTITY" \
    >"$WORK/demo.out" 2>"$WORK/demo.err" ||
    fail "demo: $(cat -- "$WORK/demo.out" "$WORK/demo.err")"
sed 's/^/    /' "$WORK/demo.out"
table=$(<"$WORK/demo.out")
says "the table" "$table" '^ *violations +0$'
says "the table" "$table" '^ *winners are the first +yes$'
says "the table" "$table" '^ *that found something +0$'
says "the table" "$table" '^all as promised +yes$'
for stream in out err; do
    is "control characters in what it prints ($stream)" \
        "$(tr -d '\n' <"$WORK/demo.$stream" | LC_ALL=C grep -c '[[:cntrl:]]' || true)" 0
done
is "coupons issued" "$(sql 'SELECT count(*) FROM coupon')" "$QUANTITY"
within "orders paid" "$(sql "SELECT count(*) FROM orders WHERE status = 'paid'")" 1 1000000
audit_is_clean

# The data platform knows of each order that was paid; here it is a stand-in, and says so.
platform_knows() {
    [[ $(curl -s "http://127.0.0.1:${PORT_OF[standin-platform]}/stats" | jq .orders) == \
        "$(sql "SELECT count(*) FROM orders WHERE paid_at IS NOT NULL")" ]]
}
wait_for 60 "the data platform to know all orders" platform_knows
says "deploy/status" "$(deploy status)" '^stand-ins +gateway platform'

# No shop that clients from outside can reach pays a stand-in unless it was asked to.
elsewhere() {
    timeout 60 "$REPO/deploy/up" --check-only --dir "$WORK/elsewhere" --port any "$@" \
        >"$WORK/deploy.log" 2>&1 </dev/null
}
elsewhere || fail "deploy/up --check-only: $(<"$WORK/deploy.log")"
for open in FIRSTCOME_LISTEN=0.0.0.0:8080 FIRSTCOME_GATEWAY_TOKEN=secret; do
    if elsewhere --set "$open"; then fail "$open goes with stand-ins that nobody asked for"; fi
    says "the reason" "$(<"$WORK/deploy.log")" 'FIRSTCOME_PAYMENT_URL FIRSTCOME_PLATFORM_URL'
    elsewhere --set "$open" --standins || fail "--standins: $(<"$WORK/deploy.log")"
    elsewhere --set "$open" --set FIRSTCOME_PAYMENT_URL=https://gateway.example \
        --set FIRSTCOME_PLATFORM_URL=https://platform.example/events ||
        fail "both named: $(<"$WORK/deploy.log")"
done
if elsewhere --no-standins; then fail "--no-standins goes without anybody named"; fi

# The same as one object, for scripts; a second show on the same shop is as good as the first.
fc demo --users $USERS --quantity "$QUANTITY" --json >"$WORK/demo.json" 2>"$WORK/demo.err" ||
    fail "the second demo: $(cat -- "$WORK/demo.json" "$WORK/demo.err")"
is "objects in the answer for scripts" "$(jq -s 'length' "$WORK/demo.json")" 1
