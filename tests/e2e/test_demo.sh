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

# The same as one object, for scripts; a second show on the same shop is as good as the first.
fc demo --users $USERS --quantity "$QUANTITY" --json >"$WORK/demo.json" 2>"$WORK/demo.err" ||
    fail "the second demo: $(cat -- "$WORK/demo.json" "$WORK/demo.err")"
is "objects in the answer for scripts" "$(jq -s 'length' "$WORK/demo.json")" 1
