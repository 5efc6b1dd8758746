# shellcheck shell=bash disable=SC2034 # database.sh uses DISK_WHY
# The installation that is to suffer: its database has a disk of its own, and its programs talk
# through proxies.

readonly PROGRAMS=(--ingress 2 --coupon-workers 3 --order-workers 3 --stats-workers 2
    --payment-workers 2 --platform-workers 2 --clocks 2)

chaos_stack_up() {
    DISK='' DISK_WHY=''
    [[ " ${CHOSEN[*]} " != *' db-disk '* ]] || disk_make
    if [[ -n $DISK ]]; then
        mkdir -- "$WORK/shop"
        ln -s -- "$DISK/postgresql" "$WORK/shop/postgresql"
        : >"$WORK/shop/lock" # by which deploy/up knows a folder of its own
    fi
    stack_up shop "${PROGRAMS[@]}"
    PORT_HTTP=$(sed -n 's/^PORT=//p' "$STATE/settings")
    PORT_DATABASE=$((PORT_HTTP + 1)) PORT_BROKER=$((PORT_HTTP + 2))
    AT_END+=(proxies_end)
    # The last of the ports that deploy/up keeps for later programs.
    proxy_start db $((PORT_HTTP + 197)) "$PORT_DATABASE"
    proxy_start mq $((PORT_HTTP + 198)) "$PORT_BROKER"
    proxy_start http $((PORT_HTTP + 199)) "$PORT_HTTP"
    programs_behind_proxies
}

# programs_behind_proxies: each keeps its own logins and finds the servers elsewhere.
programs_behind_proxies() {
    local name
    through_proxies "$STATE"/environment/*
    for name in "${!PORT_OF[@]}"; do
        [[ $name != *-[0-9]* ]] || s6-svc -r "$STATE/service/$name"
    done
    for name in "${!PORT_OF[@]}"; do
        [[ $name != *-[0-9]* ]] || wait_for 60 "$name to be up again" is_behind "$name"
    done
    say "the programs are up, behind the proxies"
}

# through_proxies FILE…: of settings; a blank may be quoted there.
through_proxies() {
    local host="host=[^ \\\\]*\(.\?\)"
    sed -i -e "/DATABASE=/s|$host port=$PORT_DATABASE|host=127.0.0.1\1 port=${PROXY_PORT[db]}|" \
        -e "/BROKER=/s|:$PORT_BROKER/|:${PROXY_PORT[mq]}/|" -- "$@"
}

is_behind() {
    cat -- "/proc/$(pid_of "$1")/environ" 2>/dev/null | tr '\0' '\n' |
        grep -q "^FIRSTCOME_DATABASE=host=127.0.0.1 port=${PROXY_PORT[db]} " && is_up "$1"
}

# all_up: every process runs and is ready.
all_up() {
    local name
    for name in "${!PORT_OF[@]}"; do
        [[ $name == epmd ]] || is_up "$name" || return 1
    done
}

# queues_short MAX: each queue has its worker, and in none do more messages wait.
queues_short() {
    timeout 20 "$STATE/bin/firstcome" status --json >"$WORK/status" 2>&1 </dev/null || true
    jq -e --argjson max "$1" '.queues | .count > 0 and .without_worker == 0
        and ([.each[].ready] | max) <= $max' "$WORK/status" >"$WORK/jq" 2>&1
}

# queues_empty: neither does anything wait in one nor has a worker something of it in hand.
queues_empty() {
    rabbitmqctl list_queues -p firstcome --no-table-headers messages name >"$WORK/queues" 2>&1 &&
        awk '$1 != "0" { bad = 1 } END { exit bad || NR == 0 }' "$WORK/queues"
}
