#!/usr/bin/env bash
# What gets bad input: messages that are no commands are set aside, each alone and with its reason;
# a command in a queue it does not belong to is refused; a wrong setting ends each program with 100
# and a sentence that names it; a port in use is named.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

readonly USER=7

# publish FAMILY KEY [PARTITION]: the lines of stdin, each a message.
publish() {
    (
        # shellcheck source=/dev/null
        . "$STATE/env"
        timeout 60 "$BUILD/bin/publish" "$@"
    ) >"$WORK/published" || fail "publish $*"
}

# charge AMOUNT [ID]: a good command.
charge() {
    printf '{"id":"%s","type":"wallet.charge","key":"user:%s","user_id":%s,' \
        "${2:-$(uuid)}" "$USER" "$USER"
    printf '"accepted_at":"%s","body":{"user_id":%s,"amount":%s}}\n' \
        "$(date -u +%Y-%m-%dT%H:%M:%S.%6NZ)" "$USER" "$1"
}

order() {
    local command
    command=$(charge 1)
    command=${command/wallet.charge/order.place}
    echo "${command/\"amount\":1/\"lines\":[{\"option_id\":1,\"quantity\":1\}]}"
}

uuid() { cat /proc/sys/kernel/random/uuid; }

balance() { sql "SELECT balance FROM wallet WHERE user_id = $USER"; }
balance_is() { [[ $(balance) == "$1" ]]; }

parked_open() { sql 'SELECT count(*) FROM parked WHERE resolved_at IS NULL'; }
parked_open_is() { [[ $(parked_open) == "$1" ]]; }

# Bad messages among good ones, and bad elements among good ones within a message.
bad_among_good() {
    local nonsense
    nonsense=$(charge 1)
    nonsense=${nonsense/wallet.charge/wallet.steal}
    {
        charge 1
        echo 'this is no JSON'
        charge 2
        echo '{}'
        charge 4
        echo "[$(charge 8),$nonsense,$(charge 16),42,$(charge 32)]"
        printf '\377\376\001\002\n'
        echo '[]'
        charge 64
        charge '"many"'
        charge 128
    } | publish order user:$USER
    wait_for 30 "the good ones' effect" balance_is 255
    wait_for 30 "the bad ones parked" parked_open_is 7
    is "good charges decided" \
        "$(sql "SELECT count(*) FROM journal WHERE type = 'wallet.charge' AND verdict IS NULL")" 8
    is "parked without a reason" "$(sql "SELECT count(*) FROM parked WHERE reason = ''")" 0
    is "queues of what was parked" "$(sql 'SELECT count(DISTINCT queue) FROM parked')" 1
}

parked_by_command_line() {
    local id text
    text=$(fc parked list)
    says "parked list" "$text" '/type is no type of command'
    id=$(sql "SELECT parked_id FROM parked WHERE bytes = 'this is no JSON'")
    says "parked show" "$(fc parked show "$id")" 'this is no JSON'
    fc parked drop "$id" >"$WORK/drop" || fail "parked drop: $(<"$WORK/drop")"
    is "what was dropped" "$(sql "SELECT resolution FROM parked WHERE parked_id = $id")" dropped
    id=$(sql "SELECT parked_id FROM parked WHERE bytes = '[]'")
    fc parked requeue "$id" >"$WORK/requeue" || fail "parked requeue: $(<"$WORK/requeue")"
    is "what was put back" "$(sql "SELECT resolution FROM parked WHERE parked_id = $id")" requeued
    # It is no better the second time: it is parked again.
    wait_for 30 "the same bytes parked again" parked_open_is 6
    is "its reason, for scripts" "$(fc parked list --json | jq -r '.items[0].reason')" \
        "$(sql "SELECT reason FROM parked WHERE parked_id = $id")"
    if fc parked show 999999 >"$WORK/show" 2>&1; then fail "parked show of nothing says yes"; fi
}

# The same id twice is one command; a queue that is not its key's refuses it.
repeated_and_misrouted() {
    local id own other
    id=$(uuid)
    { charge 1000 "$id" && charge 1000 "$id"; } | publish order user:$USER
    own=$(cut -d. -f2 "$WORK/published") && own=${own%% *}
    other=$(((own + 1) % 16))
    charge 5000 | publish order user:$USER "$other"
    charge 10000 | publish order user:$USER
    wait_for 30 "the charges behind" balance_is 11255
    wait_for 30 "the misrouted one's verdict" misrouted_is 1
    # Another family's: the coupon worker may not even read what an order needs, and need not.
    order | publish coupon user:$USER
    wait_for 30 "the misrouted order's verdict" misrouted_is 2
    is "misrouted commands with an effect" \
        "$(sql 'SELECT count(*) FROM wallet_history WHERE amount = 5000')" 0
    is "parked meanwhile" "$(parked_open)" 6
}

misrouted_is() { [[ $(sql "SELECT count(*) FROM journal WHERE verdict = 'misrouted'") == "$1" ]]; }

# ends_with CODE PATTERN COMMAND…: and its words, on either stream, have the pattern.
ends_with() {
    local code=$1 pattern=$2 rc=0 words
    shift 2
    words=$(timeout 30 "$@" 2>&1 </dev/null) || rc=$?
    [[ $rc =~ ^($code)$ ]] || fail "$* ended with $rc, not with $code: $words"
    says "$*" "$words" "$pattern"
}

wrong_settings() {
    local job program
    for job in ingress coupon order stats; do
        program=$STATE/program/firstcome-$job
        ends_with 100 FIRSTCOME_DATABASE env -i "$program"
        ends_with 100 FIRSTCOME_BROKER env -i FIRSTCOME_DATABASE=host=nowhere "$program"
        wrong_setting FIRSTCOME_DATABASE=nowhere "$program"
        wrong_setting FIRSTCOME_BROKER=http://nowhere "$program"
        wrong_setting FIRSTCOME_PARTITIONS=0 "$program"
        wrong_setting FIRSTCOME_PARTITIONS=many "$program"
        wrong_setting FIRSTCOME_LOG_LEVEL=loud "$program"
        wrong_setting FIRSTCOME_LOG_FORMAT=xml "$program"
        wrong_setting FIRSTCOME_METRICS=nowhere "$program"
    done
    wrong_setting FIRSTCOME_LISTEN=here "$STATE/program/firstcome-ingress"
    wrong_setting FIRSTCOME_ID_KEY=short "$STATE/program/firstcome-ingress"
    ends_with 100 FIRSTCOME_DATABASE env -i "$STATE/program/firstcome" audit
    wrong_setting FIRSTCOME_URL=nowhere "$STATE/program/firstcome" top
    say "wrong settings: each program ends with 100 and names the setting"
}

# wrong_setting NAME=VALUE PROGRAM [word…]
wrong_setting() {
    # shellcheck source=/dev/null
    (. "$STATE/env" && ends_with 100 "${1%%=*}" env FIRSTCOME_METRICS= "$@")
}

port_in_use() {
    local port=${PORT_OF[postgresql]}
    (
        # shellcheck source=/dev/null
        . "$STATE/env"
        ends_with '100|111' "$port" env FIRSTCOME_METRICS= FIRSTCOME_LISTEN=127.0.0.1:"$port" \
            "$STATE/program/firstcome-ingress"
        ends_with '100|111' "$port" env FIRSTCOME_METRICS=127.0.0.1:"$port" \
            "$STATE/program/firstcome-coupon"
    )
    ends_with 111 "port [0-9]+, needed for .*, is in use by .*: end that process, or choose" \
        "$REPO/deploy/up" --dir "$WORK/other" --port "$port" --no-build --build "$BUILD"
    [[ ! -e $WORK/other ]] || fail "deploy/up left $WORK/other behind"
    say "a port in use: named by the ingress, a worker and deploy/up"
}

stack_up shop --ingress 1 --coupon-workers 1 --order-workers 2
http_ok POST /v1/users $USER "{\"user_id\":$USER}"
bad_among_good
parked_by_command_line
repeated_and_misrouted
wrong_settings
port_in_use
audit_is_clean
