# shellcheck shell=bash
# Sourced after lib.sh: the race for a coupon, run by `firstcome race`, and its proof, done again
# from the race's history and from the database without firstcome's own judgement.

# race TEMPLATE QUANTITY REQUESTS [option of race…]
race() {
    fc race --template "$1" --quantity "$2" --requests "$3" --clients 64 \
        --history "$WORK/history" --json "${@:4}" >"$WORK/race.json" 2>"$WORK/race.log" ||
        fail "race: $(tail -n 5 "$WORK/race.log"; cat -- "$WORK/race.json")"
    say "race: $(jq -c '.requests | {accepted, took_us, per_second, requests_repeated}' \
        "$WORK/race.json")"
}

# template_put TEMPLATE QUANTITY: for a race with --no-setup.
template_put() {
    http_ok POST /v1/coupon-templates admin "{\"template_id\":$1,\"name\":\"race $1\",
        \"discount\":{\"type\":\"amount\",\"value\":5000},\"quantity\":$2,
        \"issue_from\":\"2020-01-01T00:00:00Z\",\"issue_until\":\"2120-01-01T00:00:00Z\"}"
}

# race_is_fair TEMPLATE QUANTITY REQUESTS
race_is_fair() {
    is "requests accepted" "$(requests_with '.answered_us > 0')" "$3"
    is "of these with a verdict" \
        "$(requests_with '.end == "succeeded" or .end == "refused"')" "$3"
    is "refused as sold out" "$(requests_with '.code == "coupon_sold_out"')" $(($3 - $2))
    is "winners" "$(requests_with '.position > 0')" "$2"
    is "coupons in the database: number, first, last, places, users" \
        "$(sql "SELECT count(*), min(position), max(position), count(DISTINCT position),
                       count(DISTINCT user_id) FROM coupon WHERE template_id = $1")" \
        "$2|1|$2|$2|$2"
    is "positions told to clients that are not the database's" "$(positions_wrong "$1")" 0
    is "pairs of winner and loser in which the loser's 202 came before the winner's request" \
        "$(pairs_unfair)" 0
    is "the same, as firstcome counts it over $(jq .proof.pairs "$WORK/race.json") pairs" \
        "$(jq .proof.violations "$WORK/race.json")" 0
    is "pairs of winners in the wrong order" "$(jq .proof.orders_wrong "$WORK/race.json")" 0
}

requests_with() { jq -c "select($1) | .n" "$WORK/history" | wc -l; }

positions_wrong() {
    diff <(jq -r 'select(.position > 0) | "\(.user_id)|\(.position)"' "$WORK/history" | sort) \
        <(sql "SELECT user_id, position FROM coupon WHERE template_id = $1" | sort) |
        grep -c '^[<>]' || true
}

# All that happened, in time: where a winner sends, every loser whose 202 is there already is one
# pair too many. Of what happens in one and the same microsecond the sending comes first.
pairs_unfair() {
    jq -r 'if .position > 0 then "\(.sent_us) 0"
           elif .code == "coupon_sold_out" then "\(.answered_us) 1" else empty end' \
        "$WORK/history" | sort -n -k1,1 -k2,2 |
        awk '$2 == 1 { losers++ } $2 == 0 { unfair += losers } END { print unfair + 0 }'
}
