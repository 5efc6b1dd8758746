# shellcheck shell=bash
# Sourced after lib.sh: the replay of a data set (products.jsonl, orders.jsonl, top5.jsonl) and the
# checks behind it. What firstcome's own commands say is held against the database and the files.

# replay FOLDER [option of orders replay…]: the catalogue, then the orders.
replay() {
    local percent=${STOCK_RATIO:-100}
    fc catalog import "$1/products.jsonl" --stock-ratio "$percent" --json \
        >"$WORK/import.json" 2>"$WORK/import.log" ||
        fail "catalog import: $(tail -n 5 "$WORK/import.log")"
    fc orders replay "$1/orders.jsonl" --json "${@:2}" >"$WORK/replay.json" 2>"$WORK/replay.log" ||
        fail "orders replay: $(tail -n 5 "$WORK/replay.log"; cat "$WORK/replay.json")"
    say "replayed: $(jq -c '.orders | {asked, succeeded, refused_by, per_second, to_verdict}' \
        "$WORK/replay.json")"
}

lines_of() { wc -l <"$1"; }

# replay_is_complete FOLDER: each order of the file is paid, nothing is left in stock, and the top
# five of each day are those of the file.
replay_is_complete() {
    local orders
    orders=$(lines_of "$1/orders.jsonl")
    is "orders paid" "$(sql "SELECT count(*) FROM orders WHERE status = 'paid'")" "$orders"
    is "orders refused" "$(orders_refused '')" 0
    is "products with stock left" \
        "$(sql 'SELECT count(*) FROM product_option WHERE total <> 0 OR reserved <> 0')" 0
    is "pieces sold" "$(sql 'SELECT coalesce(sum(quantity), 0) FROM order_line')" \
        "$(jq -s 'map(.lines[].quantity) | add' "$1/orders.jsonl")"
    audit_is_clean
    fc orders verify-top "$1/top5.jsonl" >"$WORK/verify" 2>&1 ||
        fail "verify-top: $(<"$WORK/verify")"
    say "verify-top: $(tr -s ' \n' ' ' <"$WORK/verify")"
    top_is_that_of_the_file "$1/top5.jsonl"
}

# orders_refused [CODE]: for that reason, or for any.
orders_refused() {
    sql "SELECT count(*) FROM journal WHERE type = 'order.place' AND verdict IS NOT NULL
         AND ('$1' = '' OR verdict = '$1')"
}

# The counters themselves, without firstcome's command line: for each day of the file the five
# products that sold most over that day and the two before, ties to the smaller id.
top_is_that_of_the_file() {
    local by wrong
    for by in quantity orders; do
        wrong=$(diff <(top_of_file "$by" "$1" | sort) <(top_of_counters "$by" "$1" | sort) |
            grep -c '^[<>]') || true
        is "days' top five by $by that differ from the file" "$wrong" 0
    done
}

# top_of_file and top_of_counters quantity|orders FILE: lines "day rank product n" of its days.
top_of_file() {
    # shellcheck disable=SC2016 # jq's variable
    jq -r --arg by "by_$1" '.day as $day | .[$by] | to_entries[]
        | "\($day) \(.key + 1) \(.value.product) \(.value.n)"' "$2"
}

top_of_counters() {
    local days
    days=$(jq -r '"(DATE \u0027" + .day + "\u0027)"' "$2" | paste -sd,)
    sql "SELECT to_char(day, 'YYYY-MM-DD') || ' ' || rank || ' ' || product_id || ' ' || n
         FROM (SELECT d.day, s.product_id, sum(s.$1) AS n,
                      row_number() OVER (PARTITION BY d.day
                                         ORDER BY sum(s.$1) DESC, s.product_id) AS rank
               FROM (VALUES $days) AS d (day)
               JOIN sales_daily s ON s.day BETWEEN d.day - 2 AND d.day
               GROUP BY d.day, s.product_id) AS ranked
         WHERE rank <= 5"
}
