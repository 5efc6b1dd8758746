#!/usr/bin/env bash
# A made-up shop's orders through the whole system: every order succeeds, the stock is exactly used
# up, the daily top five equal those computed beforehand; the same once more changes nothing.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/replay.sh
. "$(dirname "$0")/replay.sh"

readonly DATA=$WORK/sample

# Everything the shop knows, as one number.
state_of_the_shop() {
    sql "SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
        SELECT 'wallet ' || w::text FROM wallet w
        UNION ALL SELECT 'option ' || o::text FROM product_option o
        UNION ALL SELECT 'order ' || o::text FROM orders o
        UNION ALL SELECT 'line ' || l::text FROM order_line l
        UNION ALL SELECT 'day ' || s::text FROM sales_daily s
        UNION ALL SELECT 'product ' || product_id || name || price || status FROM product
    ) AS every (line)"
}

stack_up shop
fc sample generate "$DATA" --orders "$(long 400 5000)" >"$WORK/sample.log"
replay "$DATA"
replay_is_complete "$DATA"
before=$(state_of_the_shop)
say "once more"
replay "$DATA"
replay_is_complete "$DATA"
is "the shop afterwards" "$(state_of_the_shop)" "$before"
