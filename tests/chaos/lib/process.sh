# shellcheck shell=bash disable=SC2034,SC2317 # called by the names in the table of faults
# Faults of processes: killed, frozen for longer than every timeout, with a wrong clock, coming and
# going. A fault is three functions, each called with the fault's name and argument.

declare -A TARGETS PIDS

# ---- kill JOB: one of them, or all

kill_inject() {
    local name
    instance_choose "$2"
    TARGETS[$1]=$INSTANCE
    chance 2
    ((CHANCE)) || TARGETS[$1]=$(instances "$2")
    PIDS[$1]=''
    for name in ${TARGETS[$1]}; do
        strike_soon KILL "$name"
        PIDS[$1]+="$STRUCK "
    done
}

kill_seen() {
    local name
    local -a pids
    read -ra pids <<<"${PIDS[$1]}"
    for name in ${TARGETS[$1]}; do
        seen 30 "$name is another process" pid_differs "$name" "${pids[0]}"
        pids=("${pids[@]:1}")
    done
}

pid_differs() { [[ $(pid_of "$1") != "$2" ]]; }

kill_heal() { :; }

# ---- freeze JOB: SIGSTOP, and SIGCONT when the others believe it dead

freeze_inject() {
    instance_choose "$2"
    TARGETS[$1]=$INSTANCE
    strike_soon STOP "$INSTANCE"
    PIDS[$1]=$STRUCK
}

freeze_seen() { seen 10 "${TARGETS[$1]} stands still" is_frozen "${PIDS[$1]}"; }
is_frozen() { [[ $(process_state "$1") == T ]]; }

freeze_heal() {
    # It may have been killed meanwhile, by another fault.
    kill -s CONT "${PIDS[$1]}" 2>/dev/null || true
    say "${TARGETS[$1]} got SIGCONT"
}

# ---- skew JOB: the wall clock of one process is an hour off

readonly SKEW_S=3600

skew_possible() {
    SKEW_LIBRARY=$(compgen -G '/usr/lib/*/faketime/libfaketime.so.1') ||
        { WHY='the package libfaketime is not installed' && return 1; }
    ! grep -q '^FC_SANITIZE:BOOL=ON' "$BUILD/CMakeCache.txt" ||
        { WHY='a build with sanitizers takes no preloaded library' && return 1; }
    [[ " ${AT_END[*]} " == *" skew_clean "* ]] || AT_END+=(skew_clean)
}

# skew_clean: what the library of a killed process has left behind.
skew_clean() {
    local file
    for file in /dev/shm/*faketime_*; do
        [[ ! $file -nt $WORK/chaos || -d /proc/${file##*_} ]] || rm -f -- "$file"
    done
}

skew_inject() {
    local run sign=+ wrong
    instance_choose "$2"
    chance 2
    ((CHANCE)) || sign=-
    TARGETS[$1]=$INSTANCE
    run=$STATE/service/$INSTANCE/run
    cp -p -- "$run" "$run.right"
    # Only the program itself: what stands before it may be another user.
    wrong="env LD_PRELOAD=$SKEW_LIBRARY FAKETIME=$sign${SKEW_S}s"
    wrong+=" FAKETIME_DONT_FAKE_MONOTONIC=1"
    sed "s| $STATE/program/| $wrong&|" "$run.right" >"$run.wrong"
    chmod --reference="$run" -- "$run.wrong"
    mv -f -- "$run.wrong" "$run"
    s6-svc -r "$STATE/service/$INSTANCE"
    say "$INSTANCE: its clock is ${sign}${SKEW_S} s off"
}

skew_seen() { seen 60 "the clock of ${TARGETS[$1]} is off" clock_is_off "${TARGETS[$1]}"; }

# clock_is_off INSTANCE: by what it writes itself.
clock_is_off() {
    local time
    time=$(tail -n 1 -- "$STATE/log/$1/current" | sed -n 's/^time=\([^ ]*\).*/\1/p')
    time=$(($(date +%s) - $(date -d "${time:-now}" +%s)))
    ((${time#-} > SKEW_S - 300))
}

skew_heal() {
    local dir=$STATE/service/${TARGETS[$1]}
    mv -f -- "$dir/run.right" "$dir/run"
    s6-svc -r "$dir"
}

# ---- bounce JOB: they leave and join every few seconds, so that leases go to and fro

bounce_inject() {
    TARGETS[$1]=$(instances "$2")
    chance 1000
    # shellcheck disable=SC2086 # several
    bounce "$CHANCE" ${TARGETS[$1]} &
    PIDS[$1]=$!
    CHILDREN+=("${PIDS[$1]}")
}

# bounce START NAME…: one after another, gently or not.
bounce() {
    local turn=$1 name
    local -a names=("${@:2}")
    trap - ERR EXIT
    while :; do
        turn=$((turn + 1))
        name=${names[turn % ${#names[@]}]}
        s6-svc "-d$( ((turn % 3)) || echo k)" "$STATE/service/$name"
        echo "$name" >>"$WORK/bounced"
        rest 1.5
        s6-svc -u "$STATE/service/$name"
        rest 0.7
    done
}

bounce_seen() { seen 30 "workers leave and join" has_lines "$WORK/bounced" 3; }
has_lines() { [[ -f $1 ]] && (($(wc -l <"$1") >= $2)); }

bounce_heal() {
    local name
    child_end "${PIDS[$1]}"
    for name in ${TARGETS[$1]}; do s6-svc -u "$STATE/service/$name"; done
    rm -f -- "$WORK/bounced"
}
