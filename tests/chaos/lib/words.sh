# shellcheck shell=bash disable=SC2034 # what it sets is for the files beside it
# Sourced first: chance that a seed decides, time, and words to look at the installation that do not
# go the way that the faults go.

# ---- chance: a generator of its own, since bash's differs between versions and in subshells

CHANCE_STATE=0
chance_seed() { CHANCE_STATE=$(($1 % 2147483648)); }

# chance BELOW: CHANCE = a number from 0 to BELOW - 1. Never in a subshell: it would be forgotten.
chance() {
    CHANCE_STATE=$(((CHANCE_STATE * 1103515245 + 12345) % 2147483648))
    CHANCE=$((CHANCE_STATE / 65536 % $1))
}

# chance_between MIN MAX
chance_between() {
    chance $(($2 - $1 + 1))
    CHANCE=$((CHANCE + $1))
}

# chance_shuffle WORD…: SHUFFLED = the words in another order.
chance_shuffle() {
    local i word
    SHUFFLED=("$@")
    for ((i = $# - 1; i > 0; i--)); do
        chance $((i + 1))
        word=${SHUFFLED[i]}
        SHUFFLED[i]=${SHUFFLED[CHANCE]}
        SHUFFLED[CHANCE]=$word
    done
}

# ---- time

now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# rest SECONDS: time passes, that is what a fault is held for.
rest() { sleep "$1"; } # sleep: a fault lasts for a chosen time

# seen SECONDS WHAT COMMAND…: as wait_for; a fault that cannot be seen is an error of the test.
seen() { wait_for "$1" "$NOW: $2 (the fault was not seen to be there)" "${@:3}"; }

# ---- the installation, past all faults

# pg_admin QUERY: as the superuser, through the socket, with its own timeouts.
pg_admin() {
    local -a as=()
    ((EUID != 0)) || as=(setpriv --reuid=postgres --regid="$(id -g postgres)" --clear-groups)
    (cd / && PGCONNECT_TIMEOUT=5 timeout 30 "${as[@]}" psql -XAtq -v ON_ERROR_STOP=1 \
        -h "$STATE/socket" -p "$PORT_DATABASE" -U postgres -c "$1" firstcome </dev/null)
}

rabbitmqctl() { timeout 60 "$STATE/bin/rabbitmqctl" -q "$@" </dev/null; }

# instances JOB: the names of its processes.
instances() {
    local name
    for name in "${!PORT_OF[@]}"; do
        [[ $name != "$1"-[0-9]* ]] || echo "$name"
    done | sort
}

# instance_choose JOB: INSTANCE = one of them; mostly one that acts, where others stand by.
instance_choose() {
    local -a names acting
    mapfile -t names < <(instances "$1")
    mapfile -t acting < <(for name in "${names[@]}"; do acts "$name" && echo "$name"; done)
    chance 4
    ((CHANCE == 0 || ${#acting[@]} == 0)) || names=("${acting[@]}")
    ((${#names[@]} > 0)) || fail "$NOW: there is no $1"
    chance "${#names[@]}"
    INSTANCE=${names[CHANCE]}
}

# strike_soon SIGNAL NAME: as strike; one that is being restarted just now is waited for. STRUCK is
# the process that got it.
strike_soon() {
    wait_for 30 "$NOW: $2 to be there" strike_now "$1" "$2"
    say "$2 got SIG$1"
}

strike_now() {
    STRUCK=$(pid_of "$2")
    ((STRUCK > 1)) && kill -s "$1" "$STRUCK" 2>/dev/null
}

acts() {
    curl -s --max-time 3 "http://127.0.0.1:${PORT_OF[$1]}/readyz" |
        jq -e '.active == true or (.partitions // 0) > 0' >"$WORK/jq" 2>&1
}

# process_state PID: R S D T Z, or nothing.
process_state() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    stat=${stat##*) }
    echo "${stat%% *}"
}

log_count() { grep -c -- "$2" "$STATE/log/$1/current" || true; }
log_grows() { (($(log_count "$1" "$2") > $3)); }
