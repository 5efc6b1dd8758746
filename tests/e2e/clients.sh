# shellcheck shell=bash
# Sourced after lib.sh: clients that keep an installation busy while a test does things to it, and
# the proof of what they were promised. They are curl, so that they owe nothing to firstcome's own
# command line: each is a user who charges 1, 2, 3 … won, one charge after another, none of them
# repeated whatever comes back.

CLIENT_USERS=()

# clients_start USER…: registers the users and lets them begin.
clients_start() {
    local user
    for user in "$@"; do
        http_ok POST /v1/users "$user" "{\"user_id\":$user}"
        CLIENT_USERS+=("$user")
        client "$user" &
        CHILDREN+=($!)
    done
}

client() {
    local amount
    trap - ERR EXIT
    for ((amount = 1; ; amount += 20)); do
        [[ ! -e $WORK/stop ]] || return 0
        client_requests "$1" "$amount" $((amount + 19)) >"$WORK/requests.$1"
        curl --rate 60/s -K "$WORK/requests.$1" >>"$WORK/answers.$1" 2>>"$WORK/trouble.$1" || true
    done
}

# client_requests USER FROM TO: as curl's configuration.
client_requests() {
    local amount
    for ((amount = $2; amount <= $3; amount++)); do
        ((amount == $2)) || echo next
        cat <<CONFIG
url = "$URL/v1/users/$1/charges"
header = "Content-Type: application/json"
header = "X-User-Id: $1"
header = "X-Role: user"
data = "{\"amount\":$amount}"
silent
max-time = 20
write-out = "\n%{http_code}\n"
CONFIG
    done
}

# clients_accepted: $WORK/accepted gets the ids of all commands they have got a 202 for.
clients_accepted() {
    local user
    for user in "${CLIENT_USERS[@]}"; do cat -- "$WORK/answers.$user" 2>/dev/null || true; done |
        sed -n 's/.*"command_id":"\([0-9a-f-]\{36\}\)".*"accepted".*/\1/p' >"$WORK/accepted"
}

# clients_are_served: what was accepted by now is decided soon, and more is.
clients_are_served() {
    clients_accepted
    wait_for 60 "the verdicts of what is accepted by now" all_decided "$WORK/accepted"
    flows 100
}

# clients_stop: asks them to end and waits for it.
clients_stop() {
    local child
    touch "$WORK/stop"
    for child in "${CHILDREN[@]}"; do wait "$child"; done
    CHILDREN=()
    clients_accepted
}

# clients_got_what_was_promised: of each accepted charge there is a verdict, it is yes, and charges
# of one user were decided as they were accepted: none that was sent after another's 202 had
# arrived stands before it.
clients_got_what_was_promised() {
    local accepted
    accepted=$(sort -u "$WORK/accepted" | wc -l)
    wait_for 60 "a verdict for each accepted charge" all_decided "$WORK/accepted"
    is "accepted charges with a verdict" "$(decided_of "$WORK/accepted")" "$accepted"
    is "accepted charges decided out of order" "$(clients_out_of_order)" 0
    is "states told over HTTP of the last 50" "$(states_told 50)" '50 succeeded'
}

# states_told COUNT: what GET /v1/commands/{id} says of the last ids, summed up.
states_told() {
    tail -n "$1" "$WORK/accepted" |
        sed "s|.*|url = \"$URL/v1/commands/&\"|" >"$WORK/requests"
    curl -s --max-time 60 -H 'X-User-Id: 1' -H 'X-Role: admin' -K "$WORK/requests" |
        jq -r .state | sort | uniq -c | awk '{ print $1, $2 }' | paste -sd' '
}

# ids_sql FILE QUERY: the query sees the file's ids as the table accepted.
ids_sql() {
    timeout 60 "$STATE/bin/psql" -XAtq -v ON_ERROR_STOP=1 -f - <<SQL
CREATE TEMP TABLE accepted (id uuid PRIMARY KEY);
\\copy accepted FROM '$1'
$2
SQL
}

clients_out_of_order() {
    ids_sql "$WORK/accepted" "
    WITH charge AS (
        SELECT j.seq, j.user_id, (j.body::jsonb ->> 'amount')::bigint AS number, a.id
        FROM journal j LEFT JOIN accepted a ON a.id = j.command_id
        WHERE j.type = 'wallet.charge'
    ), pair AS (
        SELECT id, seq, min(seq) OVER (PARTITION BY user_id ORDER BY number
                                       ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS later
        FROM charge
    )
    SELECT count(*) FROM pair WHERE id IS NOT NULL AND later < seq;"
}

decided_of() {
    ids_sql "$1" 'SELECT count(*) FROM accepted a
                  JOIN journal j ON j.command_id = a.id AND j.verdict IS NULL;'
}

undecided_of() {
    ids_sql "$1" 'SELECT count(*) FROM accepted a
                  WHERE NOT EXISTS (SELECT FROM journal j WHERE j.command_id = a.id);'
}

all_decided() { [[ $(undecided_of "$1" 2>/dev/null) == 0 ]]; }

# ---- clients by firstcome's command line: they repeat what was not answered, under the same key

# orders_start: products without end, and a client that replays orders, 300 at a time.
orders_start() {
    local stock='"stock":100000000,"category":"all"'
    seq 20 | sed "s/.*/{\"id\":&,\"name\":\"product &\",\"price\":&00,$stock}/" \
        >"$WORK/products.jsonl"
    fc catalog import "$WORK/products.jsonl" >"$WORK/import.log" 2>&1 ||
        fail "catalog import: $(<"$WORK/import.log")"
    : >"$WORK/replays"
    orders_client &
    CHILDREN+=($!)
}

orders_client() {
    local number=0
    trap - ERR EXIT
    while [[ ! -e $WORK/stop ]]; do
        number=$((number + 1))
        orders_file "$number" >"$WORK/orders.jsonl"
        persist orders fc orders replay "$WORK/orders.jsonl" --run "$number" --window 16 --json
        [[ $(jq .orders.succeeded "$WORK/orders.json") == 300 ]] ||
            fail "a replay of orders: $(<"$WORK/orders.json")"
        echo "$number" >>"$WORK/replays"
    done
}

# orders_file NUMBER: 300 orders of 40 users, one to four lines each.
orders_file() {
    awk -v number="$1" 'BEGIN {
        srand(number)
        for (i = 1; i <= 300; i++) {
            printf "{\"order\":\"%d-%d\",\"user\":%d,\"guest\":false,", number, i, 5000 + i % 40
            printf "\"timestamp\":\"2025-03-%02dT0%d:00:00Z\",\"lines\":[", i % 28 + 1, i % 10
            for (line = i % 4; line >= 0; line--)
                printf "{\"product\":%d,\"quantity\":%d}%s", 1 + int(rand() * 20),
                    1 + int(rand() * 9), line ? "," : ""
            print "]}"
        }
    }'
}

# races_start: a client that runs race after race, each with a coupon of its own.
races_start() {
    : >"$WORK/races"
    races_client &
    CHILDREN+=($!)
}

races_client() {
    local number=100
    trap - ERR EXIT
    while [[ ! -e $WORK/stop ]]; do
        number=$((number + 1))
        persist races fc race --template "$number" --quantity 200 --requests 2000 --clients 16 \
            --users 500 --first-user 700001 --json
        echo "$number" >>"$WORK/races"
    done
}

# persist NAME COMMAND…: until it ends with 0; 111 says try later, anything else is a failure.
persist() {
    local name=$1 rc
    shift
    while :; do
        rc=0
        "$@" >"$WORK/$name.json" 2>"$WORK/$name.log" || rc=$?
        ((rc)) || return 0
        ((rc == 111)) ||
            fail "$* ended with $rc: $(tail -n 5 "$WORK/$name.log"; cat -- "$WORK/$name.json")"
    done
}
