#!/usr/bin/env bash
# What accepts goes before what decides, and that before what only follows (ADR 25): the weights
# arrive at the processes, at PostgreSQL's that serve them, at those that come later, and at an
# installation that was without; and nobody is shut out, however long the rush.
set -euo pipefail
REPO=${FIRSTCOME_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd -P)}
# shellcheck source=tests/e2e/lib.sh
. "$REPO/tests/e2e/lib.sh"

# Steps below normal, of the job that a process is or serves.
declare -rA WEIGHTS=([ingress]=0 [rabbitmq]=0 [epmd]=0 [postgresql]=0 [coupon]=5 [order]=5
    [stats]=10 [payment]=10 [platform]=10 [clock]=10 [standin]=10)

# Where the kernel weighs no sessions there is nothing to be seen of it.
has_sessions() { [[ $(cat /proc/sys/kernel/sched_autogroup_enabled 2>/dev/null) == 1 ]]; }

# weights_of PID: its niceness and its session's; of the latter "-" where there is none.
weights_of() {
    local stat group=-
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    read -ra stat <<<"${stat##*) }"
    ! has_sessions || group=$(cat "/proc/$1/autogroup" 2>/dev/null) || return 1
    echo "${stat[16]} ${group##* }"
}

# weighs PID JOB
weighs() {
    local weight=${WEIGHTS[$2]} wanted
    wanted="$((BASE + weight)) $weight"
    has_sessions || wanted="$((BASE + weight)) -"
    [[ $(weights_of "$1") == "$wanted" ]]
}

program_weighs() { weighs "$(pid_of "$1")" "${1%-*}"; }

# backend_weighs JOB: all processes of PostgreSQL's that serve it; one at least.
backend_weighs() {
    local pid any=no
    for pid in $(backends_of "$1"); do
        weighs "$pid" "$1" || return 1
        any=yes
    done
    [[ $any == yes ]]
}

backends_of() { sql "SELECT pid FROM pg_stat_activity WHERE usename = 'firstcome_$1'"; }

everybody_weighs() {
    local name job
    for name in ingress-1 rabbitmq epmd postgresql coupon-1 order-1 stats-1 payment-1 platform-1 \
        clock-1 standin-gateway standin-platform; do
        wait_for 10 "the weight of $name (it has $(weights_of "$(pid_of "$name")"))" \
            program_weighs "$name"
    done
    for job in ingress coupon order stats payment platform clock; do
        wait_for 20 "the weight of what serves $job in PostgreSQL" backend_weighs "$job"
    done
    say "everybody has the weight of his job"
}

has_another_backend() { [[ -n $(backends_of order) && $(backends_of order) != "$1" ]]; }

# One that comes later is of no other weight.
later() {
    local before
    before=$(backends_of order)
    [[ $(sql "SELECT pg_terminate_backend($before, 10000)") == t ]] || fail "it does not end"
    wait_for 30 "another connection" has_another_backend "$before"
    wait_for 20 "its weight" backend_weighs order
    say "a new connection has its weight, too"
}

# As it was before there were weights: the next deploy/up gives them.
upgraded() {
    service_without order-1
    s6-svc -wD -T 10000 -d "$STATE/service/weights"
    ! program_weighs order-1 || fail "order-1 has a weight still"
    stack_change
    everybody_weighs
}

# service_without NAME: runs by a script that says nothing of weights.
service_without() {
    sed -i -e '/^renice /d' -e '/^for ((try/,/^done/d' "$STATE/service/$1/run"
    printf 'before\n' >"$STATE/service/$1/stamp"
    s6-svc -wr -T 40000 -r "$STATE/service/$1"
    wait_for 60 "$1" is_up "$1"
}

decided() { sql 'SELECT coalesce(max(seq), 0) FROM journal'; }

decides_on() { (($(decided) >= $1)); }

# Orders for what nobody sells are as good as others for that.
nobody_starves() {
    local load before
    before=$(decided)
    "$STATE/bin/firstcome" load orders --url "$URL" --users 1000 --options 10 --clients 64 \
        --no-wait --seconds 600 --warm-up 0 >"$WORK/load" 2>&1 </dev/null &
    load=$!
    CHILDREN+=("$load")
    wait_for 60 "decisions in a rush that does not end" decides_on $((before + 2000))
    kill -0 "$load" 2>/dev/null || fail "the rush ended: $(<"$WORK/load")"
    kill "$load"
    wait "$load" 2>/dev/null || true
    say "in a rush commands are decided as well"
}

main() {
    stack_up weights --ingress 1 --coupon-workers 1 --order-workers 1 --clocks 1
    BASE=$(ps -o ni= -p "$(pid_of ingress-1)")
    everybody_weighs
    later
    upgraded
    nobody_starves
    stack_down
}

main
