#!/usr/bin/env bash
# The race while a coupon worker is killed every second: the one that decides this race and the next
# in turn, alternately. Same result. Once with few winners (500 of many, decided within the first
# moments), once with a coupon for every other request, so that winners are decided through all the
# kills.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/race.sh
. "$(dirname "$0")/race.sh"

readonly KILLS_MIN=3

# decider TEMPLATE: the worker whose session holds the template's queue.
decider() {
    sql "SELECT application_name
         FROM pg_locks l JOIN pg_stat_activity USING (pid)
         WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 7201
           AND l.objid = (SELECT partition FROM journal WHERE key = 'template:$1' LIMIT 1)"
}

decided() {
    sql "SELECT count(*) FROM journal WHERE key = 'template:$1' AND type = 'coupon.issue'"
}

# killer TEMPLATE: from when the template is there until the file stop is. The file kills gets a
# line for each: how many requests were decided by then, and which worker it was.
killer() {
    local turn=0 name count
    trap - ERR EXIT
    until [[ -n $(decider "$1") ]]; do
        [[ ! -e $WORK/stop ]] || return 0
        pause
    done
    while [[ ! -e $WORK/stop ]]; do
        name=''
        ((turn % 2)) || name=$(decider "$1")
        name=${name:-coupon-$((turn / 2 % 3 + 1))}
        count=$(decided "$1")
        ! send KILL "$name" || echo "$count $name" >>"$WORK/kills"
        turn=$((turn + 1))
        sleep 1 # sleep: a kill a second is what the test is about
    done
}

# race_killed TEMPLATE QUANTITY REQUESTS
race_killed() {
    local killer kills
    rm -f -- "$WORK/stop"
    : >"$WORK/kills"
    killer "$1" &
    killer=$!
    CHILDREN=("$killer")
    race "$@"
    touch "$WORK/stop"
    wait "$killer"
    CHILDREN=()
    kills=$(awk -v requests="$3" '$1 > 0 && $1 < requests' "$WORK/kills" | wc -l)
    say "killed, each behind the number of requests decided: $(paste -sd, "$WORK/kills")"
    within "workers killed between the first verdict and the last" "$kills" "$KILLS_MIN" 1000
    race_is_fair "$@"
}

requests=$(long 50000 200000)
stack_up shop --ingress 2 --coupon-workers 3
for worker in 1 2 3; do wait_for 30 "a share for coupon-$worker" holds "coupon-$worker" 5 6; done
race_killed 77 500 "$requests"
template_put 78 $((requests / 2))
race_killed 78 $((requests / 2)) "$requests" --no-setup
audit_is_clean
