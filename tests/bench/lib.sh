# shellcheck shell=bash disable=SC2153 # its capital names come from run and deploy/lib/layout.sh
# How tests/bench/run measures: what a command prints, what every process used meanwhile, one line
# of figures.jsonl. A *part* is what CPU time is told of: each job of the stack, the servers, a
# reference, the tool that makes the load.
#
#   ROOTS   "part pid" of the process above all of each part (stack.sh)
#   WORK    a folder for what passes, OUT/figures.jsonl what stays

# What each side consists of, beside the tool. The rest of the machine is *elsewhere*.
declare -rA PARTS=(
    [ours]="ingress coupon order stats payment platform clock postgresql broker supervisor standin"
    [service]="service postgresql"
    [pgbench]="postgresql"
    [pgbench-call]="postgresql"
    [store]="postgresql"
    [job]="postgresql"
    [broker]="broker"
    [enqueue]="enqueue broker"
    [http]="http"
    [http-made]="http-made"
)

# ---- CPU time

# cpu_now: lines "part ticks" of each part with all its descendants, those that have ended
# included, and of the whole machine.
cpu_now() {
    {
        printf 'root %s\n' "${ROOTS[@]}"
        cat /proc/stat /proc/[0-9]*/stat 2>/dev/null || true # some end meanwhile
    } | awk '
        $1 == "root" { part[$3] = $2; sum[$2] += 0; next }
        $1 == "cpu" { machine = $2 + $3 + $4 + $7 + $8; next }
        !/^[0-9]+ \(.*\) / { next }
        {
            pid = $1
            sub(/^.*\) /, "") # a name may hold anything
            parent[pid] = $2
            used[pid] = $12 + $13 + $14 + $15
        }
        END {
            for (pid in used) {
                for (at = pid; !(at in part) && at in parent; at = parent[at]);
                if (at in part)
                    sum[part[at]] += used[pid]
            }
            for (name in sum) print name, sum[name]
            print "machine", machine
        }'
}

# cpu_between BEFORE AFTER: {"part": seconds, …} of two files of cpu_now.
cpu_between() {
    awk -v hz="$(getconf CLK_TCK)" '
        NR == FNR { before[$1] = $2; next }
        { printf "%s %.2f\n", $1, ($2 - before[$1]) / hz }' "$1" "$2" |
        jq -Rn '[inputs / " " | {(.[0]): (.[1] | tonumber)}] | add'
}

# ticks_of PART…: of cpu_now, summed.
ticks_of() {
    cpu_now | awk -v parts=" $* " 'index(parts, " " $1 " ") { sum += $2 } END { print sum + 0 }'
}

# workers_are_still: nothing but heartbeats for half a second: what was asked for is done, counted
# and told. (Asking the queues would itself cost what is being measured.)
workers_are_still() {
    local before looks
    before=$(ticks_of coupon order stats payment platform)
    for looks in 1 2; do
        sleep 0.25 # sleep: the time over which is looked
        (($(ticks_of coupon order stats payment platform) <= before + looks)) || return 1
    done
}

# ---- memory

# rss_now: lines "name kB kB" of each process of the installation by its service's name: what it
# has resident of its own (not PostgreSQL's shared buffers) with its descendants, and the most that
# the process itself ever had.
rss_now() {
    local name root pid
    for name in $(services); do
        root=$(service_pid "$name")
        [[ -d /proc/$root ]] || continue
        for pid in $(tree_of "$root"); do
            cat "/proc/$pid/status"
        done 2>/dev/null | awk -v name="$name" '
            $1 == "VmHWM:" && $2 > peak { peak = $2 }
            $1 == "RssAnon:" || $1 == "RssFile:" { sum += $2 }
            END { print name, sum + 0, peak + 0 }'
    done
}

# tree_of PID: it and its descendants.
tree_of() {
    local child
    local -a children
    echo "$1"
    read -ra children 2>/dev/null <"/proc/$1/task/$1/children" || true # the line has no end
    for child in "${children[@]}"; do tree_of "$child"; done
}

# rss_keep ROW ROUND: a figure for each process.
rss_keep() {
    local name kb peak
    while read -r name kb peak; do
        jq -nc --arg row "$1" --arg side "$name" --argjson round "$2" --argjson kb "$kb" \
            --argjson peak "$peak" '{$row, $side, $round, rss_kb: $kb, peak_kb: $peak}'
    done < <(rss_now) >>"$OUT/figures.jsonl"
}

# ---- the log that makes it durable

# wal_now: what PostgreSQL has written and flushed so far, and how often it has committed.
wal_now() {
    admin_sql postgres "SELECT json_build_object('wal_bytes', wal_bytes, 'wal_syncs', wal_sync,
        'full_pages', wal_fpi,
        'commits', (SELECT sum(xact_commit) FROM pg_stat_database)) FROM pg_stat_wal"
}

# ---- one measurement

# measure ROW SIDE ROUND COMMAND…: runs the command, which prints one JSON object, and keeps that
# with what everything used meanwhile. A checkpoint before it gives each side the same start.
measure() {
    local row=$1 side=$2 round=$3 began TIMEFORMAT='%3U %3S' name
    shift 3
    admin_sql postgres CHECKPOINT
    wal_now >"$WORK/wal.before"
    cpu_now >"$WORK/cpu.before"
    began=$EPOCHREALTIME
    { time "$@" >"$WORK/answer" 2>"$WORK/said" </dev/null; } 2>"$WORK/times" ||
        die "$row, $side: '$*' failed: $(tail -n 5 "$WORK/said")"
    [[ $side != ours ]] || wait_until 120 workers_are_still || true
    cpu_now >"$WORK/cpu.after"
    figure "$row" "$side" "$round" "$(elapsed "$began")" >>"$OUT/figures.jsonl"
    say "$row" "$(tail -n 1 "$OUT/figures.jsonl" | jq -r "$FIGURE_SAYS")"
}

# A figure as a line for who looks on.
# shellcheck disable=SC2016 # it is jq's
readonly FIGURE_SAYS='"\(.side) \(.round): \(.per_s | floor)/s"
    + (if .latency_us then ", p50 \(.latency_us.p50) us, p99 \(.latency_us.p99) us" else "" end)
    + ", CPU \([.cpu[]] | add * 100 | round / 100) s"
    + (if .elsewhere_s > 0.1 * .wall_s then " (and \(.elsewhere_s) s elsewhere)" else "" end)'

elapsed() { awk -v began="$1" -v now="$EPOCHREALTIME" 'BEGIN { printf "%.3f", now - began }'; }

# figure ROW SIDE ROUND WALL_S: the line of figures.jsonl for what measure has gathered.
figure() {
    jq -nc --arg row "$1" --arg side "$2" --argjson round "$3" --argjson wall "$4" \
        --arg parts "${PARTS[$2]}" --slurpfile answer "$WORK/answer" \
        --argjson cpu "$(cpu_between "$WORK/cpu.before" "$WORK/cpu.after")" \
        --argjson tool "$(awk '{ print $1 + $2 }' "$WORK/times")" \
        --slurpfile before "$WORK/wal.before" --argjson after "$(wal_now)" '
        ($cpu | with_entries(select(.key | IN($parts / " " | .[])))) as $ours
        | $answer[0] + {$row, $side, $round, cpu: ($ours + {tool: $tool}), wall_s: $wall,
            elsewhere_s: (($cpu.machine - $tool - ([$ours[]] | add // 0)) * 100 | round / 100)}
            + ($after | with_entries(.value -= $before[0][.key]))'
}

# alternate ROUNDS WORD SIDE…: A B A B …: `WORD SIDE ROUND` of each side in turn.
alternate() {
    local rounds=$1 word=$2 round side
    shift 2
    for ((round = 1; round <= rounds; round++)); do
        for side in "$@"; do "$word" "$side" "$round"; done
    done
}
