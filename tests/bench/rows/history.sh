# shellcheck shell=bash
# What a long history costs: the same orders on a shop with ten thousand rows of journal and, in
# turn, on one with ten million. Their databases change places under the stopped programs. So few
# users that the shortest history is theirs.
row_history() {
    local rows users=4000
    # shellcheck disable=SC2034 # the words below know it
    local SHOP=(--users "$users" --options 1000 --lines 2)
    for rows in "${HISTORY_ROWS[@]}"; do
        shop_make "history_$rows" --users "$users" --rows "$rows"
    done
    alternate "$ROUNDS" history_of "${HISTORY_ROWS[@]}"
    database_enter "history_${HISTORY_ROWS[0]}"
    shop_prove
    database_enter shop
}

# history_of ROWS ROUND
history_of() {
    database_enter "history_$1"
    orders_measure "history:$1" ours "$2" --clients 32
    rss_keep "history-after:$1" "$2"
    queue_fill "$DRAIN"
    measure "history-workers:$1" ours "$2" queue_drain "$DRAIN"
    stack_wake
}
