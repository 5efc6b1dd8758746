#!/usr/bin/env bash
# A kill at every named point of every program (shared/host/fault.h): before and after each step of
# a worker's cycle, of the announcement, of acknowledging, of taking a partition and of handing it
# over, of the ingress's accept, of a payment, of telling the data platform, of the clock's sweep.
# Each point kills twice: the first process that passes it, and again the one that has the same
# deliveries afterwards. Clients are busy all the time; whoever dies comes back by itself, and all
# that was accepted is decided; at the end everybody has got what was promised. The jobs go through
# their points side by side, so that their deaths meet in all manners.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/crashpoints/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/crashpoints/load.sh
. "$(dirname "$0")/load.sh"

readonly JOBS=(coupon order stats payment platform clock ingress)

# lines_of NAME WAY: what brings a process to the point, the death there, and the one afterwards.
lines_of() {
    case $2 in
    START) start_of "$1" ;;
    CAREFUL) printf '%s\n' gather.after gather.after:1:again{,,,} ;;
    esac
    printf '%s\n' "$1" "$1:1:again"
}

# start_of POINT: somebody has to die first.
start_of() {
    case $1 in
    clock.*) echo clock.due ;;
    *) echo gather.before ;;
    esac
}

# visit JOB NAME WAY: two deaths at the point, and life afterwards.
visit() {
    local names since=$SECONDS
    local -a lines
    mapfile -t lines < <(lines_of "$2" "$3")
    names=$(printf '%s\n' "${lines[@]%%:*}" | paste -sd' ')
    deaths "$@" "${lines[@]}"
    is "$1 died at" "$(died_last "$1" ${#lines[@]})" "$names"
    wait_for 60 "$1 to be back after $2" all_up "$1"
    load_is_served "$1"
    say "$1 is back, all that was accepted is decided, after $((SECONDS - since)) s"
}

# deaths JOB NAME WAY LINE…: each line has its death. What comes again may find nothing left to be
# done at the point (a payment that was asked for is not asked for again): once more then, from the
# start.
deaths() {
    local try
    for try in 1 2 3; do
        arm "$1" "${@:4}"
        if [[ $3 == HANDOVER ]]; then come_and_go "$1"; fi
        soon 30 is_disarmed "$1" && return
        say "$1 passes $2, but not with what has come again (try $try)"
    done
    fail "$1 does not pass '$(head -n 1 "$CRASH/$1")'"
}

# soon SECONDS COMMAND…: as wait_for, and no failure.
soon() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        pause
    done
}

# come_and_go JOB: one of its workers is away until the other has everything, and comes back; until
# both have died of it.
come_and_go() {
    local turn=0 name
    until is_disarmed "$1"; do
        name=$1-$((turn % 2 + 1))
        turn=$((turn + 1))
        s6-svc -wD -T 30000 -d "$STATE/service/$name" || true
        wait_for 30 "the other worker to have all" holds "$1-$((turn % 2 + 1))" 16 16
        s6-svc -u "$STATE/service/$name"
        wait_for 30 "shares or deaths" shares_or_deaths "$1"
    done
}

shares_or_deaths() { is_disarmed "$1" || { holds "$1-1" 8 8 && holds "$1-2" 8 8; }; }

# walk JOB: through all its points.
walk() {
    local name way
    trap - EXIT ERR
    while read -r name way <&3; do visit "$1" "$name" "$way"; done 3< <(points_of "$1")
}

points_visited() { cut -d' ' -f1 -- "$CRASH"/*.died | sort -u; }

crash_prepare
stack_up shop --ingress 2 --coupon-workers 1 --order-workers 2 --payment-workers 1 \
    --stats-workers 1 --platform-workers 1 --clocks 1 "${CRASH_OPTIONS[@]}" "${LOAD_OPTIONS[@]}"
shop_make
load_start
WALKS=()
for job in "${JOBS[@]}"; do
    walk "$job" >"$WORK/walk.$job" 2>&1 &
    WALKS+=($!)
    CHILDREN+=($!)
done
for _ in "${JOBS[@]}"; do
    wait -n "${WALKS[@]}" || fail "$(grep -h FAILED "$WORK"/walk.*)"
done
cat -- "$WORK"/walk.*
is "points at which somebody died" "$(points_visited | wc -l)" "$(points_in_table)"
load_stop || fail "clients waited in vain: $(tail -n 3 "$WORK"/client.*)"
load_ends
audit_is_clean
load_check || fail "the clients were promised something else: $(<"$WORK/check")"
cat -- "$WORK/check"
