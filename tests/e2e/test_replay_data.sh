#!/usr/bin/env bash
# Real orders through the whole system (see docs for where the data come from): every one succeeds,
# every product ends at stock 0, each day's top five by pieces and by orders equal those computed
# elsewhere. With a tenth of the stock missing there are refusals, and nothing is sold twice.
# The data are not part of the project: FIRSTCOME_TEST_DATA names the folder that has them.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/replay.sh
. "$(dirname "$0")/replay.sh"

DATA=${FIRSTCOME_TEST_DATA:-$REPO/../shared/data}
for name in uci-2010-12 northwind; do
    [[ -f $DATA/$name/orders.jsonl && -f $DATA/$name/top5.jsonl ]] ||
        skip "the real orders are left out: $DATA/$name is not there;" \
            "FIRSTCOME_TEST_DATA names the folder that has it"
done

complete() {
    stack_up "$1"
    replay "$DATA/$1"
    replay_is_complete "$DATA/$1"
    stack_down
}

# Of each product a tenth is missing: some orders must be refused, for that reason alone; what is
# sold and what is left are together what was there.
scarce() {
    local orders paid refused
    stack_up scarce
    STOCK_RATIO=90 replay "$DATA/$1" --allow insufficient_stock
    orders=$(wc -l <"$DATA/$1/orders.jsonl")
    paid=$(sql "SELECT count(*) FROM orders WHERE status = 'paid'")
    refused=$(orders_refused insufficient_stock)
    within "orders refused for want of stock" "$refused" 1 "$orders"
    is "orders paid or refused" $((paid + refused)) "$orders"
    is "refused for any reason" "$(orders_refused '')" "$refused"
    is "products oversold or lost" "$(oversold "$DATA/$1/products.jsonl")" 0
    audit_is_clean
    stack_down
}

# oversold FILE: products whose pieces sold and left are not the stock that was imported.
oversold() {
    jq -r '"\(.id)|\(.stock * 90 / 100 | floor)"' "$1" | sort >"$WORK/stock.file"
    sql 'SELECT o.option_id, o.total + coalesce(sum(l.quantity), 0)
         FROM product_option o LEFT JOIN order_line l USING (option_id)
         GROUP BY o.option_id, o.total' | sort >"$WORK/stock.shop"
    diff "$WORK/stock.file" "$WORK/stock.shop" | grep -c '^[<>]' || true
}

complete uci-2010-12
complete northwind
scarce uci-2010-12
