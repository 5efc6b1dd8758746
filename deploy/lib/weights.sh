# shellcheck shell=bash
# How much of a busy machine each part gets: what accepts goes before what decides, and that before
# what only follows (docs/adr/0025-accepting-first.md). Weights, and nobody is shut out.

# weight_of JOB: WEIGHT = how far below normal it stands, as of nice(1). Five steps are a third.
weight_of() {
    case $1 in
    coupon | order) WEIGHT=5 ;;
    stats | payment | platform | clock | standin) WEIGHT=10 ;;
    *) WEIGHT=0 ;;
    esac
}

# weight_lines NAME: the lines of a run script that give the process and all that come of it their
# weight. Where the kernel weighs whole sessions (sched_autogroup, sched(7)), nice alone says
# nothing beyond the session. Unprivileged, one session in a tenth of a second may be weighed; who
# may not at all goes on without.
weight_lines() {
    local WEIGHT
    weight_of "$(job_of "$1")"
    ((WEIGHT > 0)) || return 0
    cat <<EOF
renice -n \$((\$(nice) + $WEIGHT)) -p \$\$ >/dev/null 2>&1
for ((try = 0; try < 20; try++)); do
    { [[ -w /proc/self/autogroup ]] && ! echo $WEIGHT >/proc/self/autogroup; } 2>/dev/null || break
    sleep 0.1 # sleep: the kernel says "again", and not when
done
EOF
}

# ---- PostgreSQL's processes: each is a session of its own and gets the weight of the program that
# it serves. They come and go with its connections, so the service "weights" looks after them.

weights_start() {
    service_stop weights 5
    {
        declare -f weight_of weigh weigh_backends weights_watch
        echo "weights_watch $(quote "$SAFE/postgresql/data/postmaster.pid")"
    } | service_define weights SIGTERM 1000
    service_start weights
}

# What follows runs in the service, without a fork as long as there is nothing to do.
weights_watch() {
    local nice never again wait_s
    nice=$(nice)
    exec {never}<> <(:) # what nobody writes to, to wait at
    while true; do
        again=no wait_s=2
        weigh_backends "$1"
        [[ $again == no ]] || wait_s=0.2
        read -rt "$wait_s" -u "$never" || true
    done
}

# weigh_backends FILE: of the server whose number FILE has. A title names the role that is served.
weigh_backends() {
    local server pid title WEIGHT
    local -a pids=()
    read -r server 2>/dev/null <"$1" || return 0
    read -ra pids 2>/dev/null <"/proc/$server/task/$server/children" || true # it ends without \n
    for pid in "${pids[@]}"; do
        read -rd '' title 2>/dev/null <"/proc/$pid/cmdline" || true
        [[ $title =~ ^postgres:.*\ firstcome_([a-z]+)\ firstcome\  ]] || continue
        weight_of "${BASH_REMATCH[1]}"
        weigh "$pid" "$WEIGHT" || again=yes
    done
}

# weigh PID WEIGHT: its niceness and its session's; fails when the kernel says "again".
weigh() {
    local stat group wanted=$((nice + $2))
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
    read -ra stat <<<"${stat##*) }"
    ((stat[16] >= wanted)) || renice -n "$wanted" -p "$1" >/dev/null 2>&1
    read -r group 2>/dev/null <"/proc/$1/autogroup" || return 0
    [[ ${group##* } -lt $2 && -w /proc/$1/autogroup ]] || return 0
    { echo "$2" >"/proc/$1/autogroup"; } 2>/dev/null
}
