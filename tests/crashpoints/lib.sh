# shellcheck shell=bash
# Sourced after tests/e2e/lib.sh: makes processes of an installation die at named points, and says
# which points there are. The programs must be of a build with FC_FAULTS; how they are told where to
# die is in shared/host/fault.h.

CRASH=$WORK/crash

# crash_prepare: before stack_up, which is given "${CRASH_OPTIONS[@]}". The programs run as somebody
# else when the test is root's.
crash_prepare() {
    grep -qaF FIRSTCOME_CRASH_DIR "$BUILD/bin/firstcome-order" ||
        fail "$BUILD is a build without FC_FAULTS: cmake --preset faults"
    mkdir -- "$CRASH"
    chmod 777 -- "$CRASH"
    # shellcheck disable=SC2034 # the test gives them to stack_up
    CRASH_OPTIONS=(--set "FIRSTCOME_CRASH_DIR=$CRASH")
}

# points: "NAME WAY JOB…" of each row of the table.
points() {
    sed -nE 's/^ +X\([A-Z_]+, "([a-z_.]+)", "([a-z ]+)", ([A-Z]+)\).*/\1 \3 \2/p' \
        "$REPO/shared/host/fault.h"
}

# points_in_table: how many rows it has, however they are written.
points_in_table() { grep -cE '^ +X\(' "$REPO/shared/host/fault.h"; }

# points_of JOB: "NAME WAY" of each that its processes pass.
points_of() {
    points | awk -v job="$1" '{ for (i = 3; i <= NF; i++) if ($i == job) print $1, $2 }'
}

# arm JOB LINE…: from now on; the lines are seen to one behind the other.
arm() {
    printf '%s\n' "${@:2}" >"$CRASH/.$1"
    chmod 666 -- "$CRASH/.$1"
    mv -- "$CRASH/.$1" "$CRASH/$1"
}

# is_disarmed JOB: every line has had its death.
is_disarmed() { [[ ! -s $CRASH/$1 ]]; }

# died_last JOB COUNT: where its last ones died, as they wrote themselves.
died_last() { tail -n "$2" "$CRASH/$1.died" | cut -d' ' -f1 | paste -sd' '; }

# processes_of JOB: their names.
processes_of() {
    local name
    for name in "${!PORT_OF[@]}"; do [[ ${name%-*} != "$1" ]] || echo "$name"; done
}

# all_up JOB
all_up() {
    local name
    for name in $(processes_of "$1"); do is_up "$name" || return 1; done
}
