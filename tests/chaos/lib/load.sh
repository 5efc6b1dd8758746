# shellcheck shell=bash disable=SC2153 # REPORT and its like are run's
# The load: chaos_client processes that use one shop, each with a history of its own. What they got
# a 202 for is read out of their histories while they go on.

# Wishes a second of each client: as much as two processors bear beside everything else.
readonly CLIENT_RATE=${FIRSTCOME_CHAOS_RATE:-40}
# A row a client: its addresses (direct, or through the proxy), and how much of its work comes in
# as a producer's, percent. The proxy before the broker is in their way, too.
readonly CLIENTS=("direct,http 0" "http,direct 0" "http 20" "direct 40")
readonly USERS=1001:300 PRODUCTS=1:24

CLIENT_PIDS=()
declare -A HISTORY_READ

# client NAME OPTION…: one that knows the installation as everybody does; in a subshell, which it
# becomes.
client() {
    trap - ERR EXIT
    set -a
    # shellcheck source=/dev/null
    . "$WORK/env"
    exec "$BUILD/bin/chaos_client" "${@:2}" --users "$USERS" --templates "1:$TEMPLATE_COUNT" \
        --products "$PRODUCTS" --history "$WORK/history.$1" \
        >"$WORK/client.$1" 2>"$WORK/client.$1.log"
}

# urls direct,http: as a client takes them.
urls() {
    sed "s|direct|http://127.0.0.1:$PORT_HTTP|; s|http\$|http://127.0.0.1:${PROXY_PORT[http]}|
         s|http,|http://127.0.0.1:${PROXY_PORT[http]},|" <<<"$1"
}

# shop_rules: the one of the five shops that knows transfers, with orders that expire within a run
# and templates as the clients make them.
shop_rules() {
    jq '.payment.transfer_expires_s = 60 | .coupons.template_names_days = true' \
        "$REPO/deploy/policies/event-sourced.json" >"$WORK/policy.json"
    fc policy apply "$WORK/policy.json" >"$WORK/policy" 2>&1 ||
        fail "policy apply: $(<"$WORK/policy")"
}

# The shop is large enough for coupons to be raced for to the end.
load_start() {
    local row where share
    : >"$WORK/accepted"
    cp -- "$STATE/env" "$WORK/env"
    through_proxies "$WORK/env"
    TEMPLATE_COUNT=$((MINUTES > 0 ? 40 + 20 * MINUTES : 400))
    shop_rules
    (client setup --setup --seed "$SEED" --urls "$(urls direct)") ||
        fail "chaos_client --setup: $(tail -n 3 "$WORK/client.setup.log")"
    for row in "${CLIENTS[@]}"; do
        read -r where share <<<"$row"
        client $((${#CLIENT_PIDS[@]} + 1)) --seed $((SEED + ${#CLIENT_PIDS[@]} + 1)) \
            --urls "$(urls "$where")" --amqp-share "$share" --rate "$CLIENT_RATE" \
            --parallel 16 --transfers 20 --seconds 0 --drain-seconds "$DRAIN_S" &
        CLIENT_PIDS+=($!)
        CHILDREN+=($!)
    done
    say "${#CLIENTS[@]} clients are at work"
}

# load_accepted: what was accepted since it was asked for the last time goes to WORK/accepted,
# beside what is not known to be decided.
load_accepted() {
    local file
    for file in "$WORK"/history.*; do
        tail -c "+$((${HISTORY_READ[$file]:-0} + 1))" -- "$file" >"$WORK/part"
        HISTORY_READ[$file]=$((${HISTORY_READ[$file]:-0} + $(whole_lines)))
        sed -n '/"what":"answered"/s/.*"id":"\([0-9a-f-]\{36\}\)".*/\1/p' "$WORK/part"
    done >>"$WORK/accepted"
}

# whole_lines: cuts off what is not yet a whole line, and tells the bytes.
whole_lines() {
    if [[ -n $(tail -c 1 -- "$WORK/part" | tr -d '\n') ]]; then
        truncate -s "-$(tail -n 1 -- "$WORK/part" | wc -c)" -- "$WORK/part"
    fi
    stat -c %s -- "$WORK/part"
}

# load_decided: all of WORK/accepted is decided; what is decided is taken out of it.
load_decided() {
    sort -u -- "$WORK/accepted" >"$WORK/asked"
    ids_sql "$WORK/asked" 'SELECT id FROM accepted a WHERE NOT EXISTS (
        SELECT FROM journal j WHERE j.command_id = a.id);' >"$WORK/undecided" 2>"$WORK/trouble" &&
        mv -f -- "$WORK/undecided" "$WORK/accepted" && [[ ! -s $WORK/accepted ]]
}

# load_flows: more is accepted than was before, and decided.
load_flows() {
    load_lives
    load_accepted
    (($(wc -l <"$WORK/accepted") >= FLOW)) || return 1
    until load_decided; do
        ((SECONDS < UNTIL)) || return 1
        pause
    done
}

# ids_sql FILE QUERY: the query sees the file's ids as the table accepted.
ids_sql() {
    timeout 60 "$STATE/bin/psql" -XAtq -v ON_ERROR_STOP=1 -f - <<SQL
CREATE TEMP TABLE accepted (id uuid PRIMARY KEY);
\\copy accepted FROM '$1'
$2
SQL
}

# load_lives: no client has ended; they end when they are asked to.
load_lives() {
    local number
    for number in "${!CLIENT_PIDS[@]}"; do
        [[ -d /proc/${CLIENT_PIDS[number]} ]] ||
            fail "client $((number + 1)) has ended: $(cat -- "$WORK/client.$((number + 1)).log")"
    done
}

# load_stop: the clients make no new wishes, and wait for the answers and verdicts that they lack.
load_stop() {
    local number since
    since=$(now_ms)
    load_lives
    kill -s TERM "${CLIENT_PIDS[@]}"
    for number in "${!CLIENT_PIDS[@]}"; do
        wait "${CLIENT_PIDS[number]}" || fail "client $((number + 1)) ended with $?: $(
            tail -n 3 -- "$WORK/client.$((number + 1)).log" "$WORK/client.$((number + 1))")"
    done
    LAST_DRAIN_MS=$(($(now_ms) - since))
    say "the clients have all answers and verdicts, after $LAST_DRAIN_MS ms"
    load_accepted
    wait_for 60 "$NOW: a verdict for everything that was ever accepted" load_decided
}
