# shellcheck shell=bash
# On what the figures were taken: the machine, the versions, and the durability settings as the
# running servers tell them. OUT/machine.json

# busy_share SECONDS: what part of the machine's processors others use, in percent.
busy_share() {
    local before after
    before=$(head -n 1 /proc/stat)
    sleep "$1" # sleep: the time over which is looked
    after=$(head -n 1 /proc/stat)
    printf '%s\n' "$before" "$after" | awk '
        { busy = $2 + $3 + $4 + $7 + $8; all = busy + $5 + $6 + $9 }
        NR == 1 { busy_was = busy; all_was = all; next }
        { printf "%d", 100 * (busy - busy_was) / (all - all_was + 0.001) }'
}

version_of_package() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo unknown; }

commit() {
    local commit
    commit=$(git -C "$REPO" rev-parse --short=10 HEAD 2>/dev/null) || { echo unknown && return; }
    [[ -z $(git -C "$REPO" status --porcelain 2>/dev/null) ]] || commit+=" and changes"
    echo "$commit"
}

versions() {
    jq -nc \
        --arg postgresql "$("$POSTGRESQL_BIN/postgres" --version | awk '{ print $3 }')" \
        --arg rabbitmq "$(version_of_package rabbitmq-server)" \
        --arg gcc "$(gcc -dumpfullversion 2>/dev/null || echo unknown)" \
        --arg go "$(go version 2>/dev/null | awk '{ sub(/^go/, "", $3); print $3 }' || true)" \
        --arg libmicrohttpd "$(version_of_package libmicrohttpd12)" \
        --arg librabbitmq "$(version_of_package librabbitmq4)" \
        --arg libpq "$(version_of_package libpq5)" '$ARGS.named'
}

# load_before: before anything of ours runs.
load_before() {
    LOAD_AVERAGE=$(cut -d' ' -f1-3 /proc/loadavg)
    BUSY_SHARE=$(busy_share 3)
    ((BUSY_SHARE < 5)) ||
        warn "$BUSY_SHARE % of this machine is busy with something else: the ratios tell" \
            "something, the figures do not."
}

machine_keep() {
    jq -n --arg cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
        --argjson processors "$(nproc)" --argjson memory_mb "$(($(memory_kb) / 1024))" \
        --arg kernel "$(uname -sr)" --arg system "$(. /etc/os-release && echo "$PRETTY_NAME")" \
        --arg commit "$(commit)" --arg load_average "$LOAD_AVERAGE" \
        --argjson busy_percent "$BUSY_SHARE" --argjson versions "$(versions)" \
        --argjson durability "$(durability)" --arg stack "${STACK[*]}" \
        --arg mode "$MODE" --argjson rounds "$ROUNDS" --argjson seconds "$MEASURE_S" \
        '$ARGS.named' >"$OUT/machine.json"
}

# ---- what is promised stays on

# durability: read back from the running servers. What PostgreSQL says holds for every session,
# because no role and no database has a value of its own.
durability() {
    admin_sql firstcome "SELECT json_build_object(
        'fsync', current_setting('fsync'),
        'synchronous_commit', current_setting('synchronous_commit'),
        'full_page_writes', current_setting('full_page_writes'),
        'overridden', (SELECT count(*) FROM pg_db_role_setting s, unnest(s.setconfig) c
                        WHERE c ~ '^(fsync|synchronous_commit|full_page_writes)='))" |
        jq -c --argjson queues "$(queues)" --argjson channels "$(channels)" \
            '. + {$queues, $channels}'
}

# queues: how many there are of each type, those that hold commands and events.
queues() {
    broker list_queues name type durable |
        jq -c 'map(select(.name | test("^(coupon|order|stats|payment|platform)[.]")))
            | {quorum: map(select(.type == "quorum" and .durable)) | length, all: length}'
}

# channels: of those who publish, and how many have their messages confirmed.
channels() {
    broker list_channels confirm consumer_count |
        jq -c 'map(select(.consumer_count == 0))
            | {confirming: map(select(.confirm)) | length, all: length}'
}

broker() {
    "$STATE/bin/rabbitmqctl" -q "$1" -p firstcome "${@:2}" --formatter json </dev/null
}

# durability_need: figures without it are not taken.
durability_need() {
    jq -e '.durability | .fsync == "on" and .synchronous_commit == "on"
        and .full_page_writes == "on" and .overridden == 0
        and .queues.quorum == .queues.all and .queues.all > 0' "$OUT/machine.json" >/dev/null ||
        die "something durable is off: $(jq -c .durability "$OUT/machine.json")"
}
