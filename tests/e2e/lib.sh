# shellcheck shell=bash
# Sourced by every end-to-end test: installations of its own, words to use and to look at them from
# outside (HTTP, SQL, exit codes, signals), checks, and an end that leaves nothing behind.
#
# Set by it:  WORK   a folder for the test, removed at the end
#             STATE  the state folder of the installation that the words below talk to
#             URL    where its clients come in
# By hand:    tests/e2e/test_x.sh works on build/release; FIRSTCOME_BUILD names another build.
#             FIRSTCOME_KEEP=1 leaves the installations running.

# A test that hangs ends by itself, before ctest would kill it and leave its servers behind.
[[ -n ${FIRSTCOME_GUARD:-} || -t 0 ]] || FIRSTCOME_GUARD=1 exec timeout -k 60 800 "$0" "$@"

REPO=${FIRSTCOME_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}
BUILD=${FIRSTCOME_BUILD:-$REPO/build/release}
NAME=$(basename "$0" .sh)
STACKS=()
CHILDREN=()
# Words to be called at the end, when the installations are down.
AT_END=()
STATE='' URL=''

# ---- saying, failing, checking

say() { printf '%4d s  %s\n' "$SECONDS" "$*"; }

fail() {
    say "FAILED: $*" | tee -a "$WORK/failure"
    exit 1
}

# skip SENTENCE: ctest shows the test as skipped.
skip() {
    printf 'skipped: %s\n' "$*"
    exit 77
}

# is WHAT GOT WANTED
is() {
    [[ $2 == "$3" ]] || fail "$1: '$2', but it should be '$3'"
    say "$1: $2"
}

# within WHAT GOT MIN MAX
within() {
    if [[ ! $2 =~ ^-?[0-9]+$ ]] || (($2 < $3 || $2 > $4)); then
        fail "$1: '$2', but it should be from $3 to $4"
    fi
    say "$1: $2 (from $3 to $4)"
}

# says WHAT TEXT PATTERN: the text has a match of the extended pattern.
says() { grep -Eq -- "$3" <<<"$2" || fail "$1: no '$3' in: $2"; }

# long SHORT LONG: the first, or the second in the long form of the suite.
long() { if [[ -n ${FIRSTCOME_LONG:-} ]]; then echo "$2"; else echo "$1"; fi; }

pause() { sleep 0.1; } # sleep: between two looks at a condition, never instead of one

# wait_for SECONDS WHAT COMMAND…: until the command succeeds; a failure when the time is over.
wait_for() {
    local end=$((SECONDS + $1 + 1)) what=$2
    shift 2
    until "$@"; do
        ((SECONDS < end)) || fail "waited in vain for: $what"
        pause
    done
}

# ---- installations

# stack_up NAME [option of deploy/up…]: starts one, and makes it the one that is talked to.
stack_up() {
    STATE=$WORK/$1
    STACKS+=("$STATE")
    stack_change --port any --no-broker-http --standins "${@:2}"
    URL=$(sed -n 's/^FIRSTCOME_URL=//p' "$STATE/programs.env")
    say "$1 is up: $URL"
}

# stack_change [option of deploy/up…]
stack_change() {
    deploy up --no-build --build "$BUILD" "$@" >"$WORK/deploy.log" 2>&1 ||
        fail "deploy/up $*: $(<"$WORK/deploy.log")"
    ports_read
}

# stack_down: the one that is talked to, and all it has.
stack_down() {
    nobody_gave_up
    deploy down --purge >"$WORK/deploy.log" 2>&1 || fail "deploy/down: $(<"$WORK/deploy.log")"
}

# deploy up|down|status [option…]
deploy() { timeout 300 "$REPO/deploy/$1" --dir "$STATE" "${@:2}" </dev/null; }

# ---- processes

# PORT_OF: where each process listens, the programs with /readyz. (One that is busy just now is no
# reason to fail.)
declare -A PORT_OF
ports_read() {
    local name port
    PORT_OF=()
    while read -r name port; do PORT_OF[$name]=$port; done < <(
        { deploy status --json || true; } | jq -r '.processes[] | "\(.name) \(.port)"')
}

pid_of() { s6-svstat -o pid "$STATE/service/$1" 2>/dev/null || echo -1; }

# send SIGNAL NAME: to the process itself, behind its supervisor's back. Fails when it is not there.
send() {
    local pid
    pid=$(pid_of "$2")
    ((pid > 1)) && kill -s "$1" "$pid" 2>/dev/null
}

# strike SIGNAL NAME: as send, and told.
strike() {
    send "$1" "$2" || fail "$2 is not there to get SIG$1"
    say "$2 got SIG$1"
}

# is_up NAME: it runs and is ready.
is_up() {
    (($(pid_of "$1") > 1)) || return 1
    case $1 in
    postgresql) sql 'SELECT 1' >/dev/null 2>&1 ;;
    rabbitmq) (exec 3<>"/dev/tcp/127.0.0.1/${PORT_OF[$1]}") 2>/dev/null ;;
    standin-*) curl -sf -o "$WORK/ready" --max-time 3 "http://127.0.0.1:${PORT_OF[$1]}/livez" ;;
    *) curl -sf -o "$WORK/ready" --max-time 3 "http://127.0.0.1:${PORT_OF[$1]}/readyz" ;;
    esac
}

# is_another NAME PID: a new process is in its place, and ready.
is_another() { [[ $(pid_of "$1") != "$2" ]] && is_up "$1"; }

# partitions_of WORKER: how many it holds; -1 when it does not say.
partitions_of() {
    curl -s --max-time 3 "http://127.0.0.1:${PORT_OF[$1]}/readyz" | jq -r '.partitions' ||
        echo -1
}

# holds WORKER MIN MAX: that many partitions.
holds() {
    local count
    count=$(partitions_of "$1" 2>/dev/null)
    [[ $count =~ ^[0-9]+$ ]] && ((count >= $2 && count <= $3))
}

# ---- words to the installation

# fc WORD…: its command line.
fc() { timeout 600 "$STATE/bin/firstcome" "$@" </dev/null; }

# sql QUERY: the answer bare, columns parted by a bar.
sql() { timeout 60 "$STATE/bin/psql" -XAtq -v ON_ERROR_STOP=1 -c "$1" </dev/null; }

# http METHOD PATH USER [BODY]: sets STATUS and BODY. USER "admin" has the role, "" is nobody.
http() {
    local -a words=(-X "$1" -H 'Content-Type: application/json')
    case $3 in
    '') ;;
    admin) words+=(-H 'X-User-Id: 1' -H 'X-Role: admin') ;;
    *) words+=(-H "X-User-Id: $3" -H 'X-Role: user') ;;
    esac
    (($# < 4)) || words+=(--data-binary "$4")
    STATUS=$(curl -s --max-time 60 -o "$WORK/answer" -w '%{http_code}' "${words[@]}" \
        -H 'Prefer: wait=30' "$URL$2") || true
    BODY=$(<"$WORK/answer")
}

# http_ok METHOD PATH USER [BODY]: as http, and its verdict is yes.
http_ok() {
    http "$@"
    [[ $STATUS == 20[01] ]] || fail "$1 $2 is answered $STATUS: $BODY"
}

# ---- what must hold at the end of every test

# audit_is_clean: once the queues are empty and the counters have caught up, `firstcome audit`
# finds nothing.
audit_is_clean() {
    fc audit --wait 60 >"$WORK/audit" 2>&1 || fail "the audit is not clean: $(<"$WORK/audit")"
    say "audit: clean"
}

# flows COUNT: the system is at work: so many more commands are decided, soon.
flows() {
    local before
    before=$(journal_count)
    wait_for 60 "$1 more decisions" journal_has $((before + $1))
}

journal_count() { sql 'SELECT count(*) FROM journal'; }
journal_has() { (($(journal_count 2>/dev/null) >= $1)) 2>/dev/null; }

# nobody_gave_up: no process found a mistake of its own (an assertion; a sanitizer, in a build
# that has them).
nobody_gave_up() {
    ! grep -HE 'killed by signal SIG(ABRT|SEGV|BUS|FPE|ILL)|Sanitizer|runtime error:' \
        "$STATE"/log/*/current || fail "a process found a mistake of its own, see above"
}

# ---- the end

at_end() {
    local rc=$? child stack
    trap - EXIT ERR
    # Who asks for an end often asks twice (timeout does), and this is the end.
    trap : INT TERM
    # Whoever read what it says may be gone; the servers have to go as well.
    trap '' PIPE
    set +e
    if ((rc == 0)); then
        for stack in "${STACKS[@]}"; do
            STATE=$stack
            [[ ! -d $STATE/log ]] || (nobody_gave_up) || rc=1
        done
    fi
    for child in "${CHILDREN[@]}"; do child_end "$child"; done
    if ((rc != 0 && rc != 77)); then
        for stack in "${STACKS[@]}"; do logs_print "$stack"; done
        cat -- "$WORK/failure"
    fi
    if [[ -n ${FIRSTCOME_KEEP:-} ]]; then
        echo "kept: $WORK"
        exit "$rc"
    fi
    for stack in "${STACKS[@]}"; do
        STATE=$stack
        deploy down --purge >"$WORK/deploy.log" 2>&1 && continue
        cat -- "$WORK/deploy.log"
        ((rc)) || rc=1
    done
    for child in "${AT_END[@]}"; do "$child"; done
    rm -rf -- "$WORK"
    exit "$rc"
}

# child_end PID: it, and what it has started.
child_end() {
    local child children
    children=$(ps -o pid= --ppid "$1") || true
    kill "$1" 2>/dev/null || true
    for child in $children; do child_end "$child"; done
}

logs_print() {
    local log
    STATE=$1
    deploy status 2>&1 | sed 's/^/    /'
    for log in "$1"/log/*/current; do
        [[ $log != */epmd/* ]] || continue
        printf '%s\n' "---- $log"
        tail -n 15 -- "$log" | cut -c1-300
    done
}

# shellcheck disable=SC2317 # called by the trap
unforeseen() { say "FAILED: $2 line $3 ended with $1: $4" | tee -a "$WORK/failure"; }

# Root's servers are other users: they must be able to walk in.
WORK=$(mktemp -d "${TMPDIR:-/tmp}/firstcome-$NAME-XXXXXX")
chmod 755 -- "$WORK"
: >"$WORK/failure"
set -o errtrace
trap at_end EXIT
trap 'exit 130' INT TERM
trap 'exit 141' PIPE
trap 'unforeseen $? "${BASH_SOURCE[0]}" $LINENO "${BASH_COMMAND%%$'\''\n'\''*}"' ERR
for tool in jq curl ps s6-svstat; do
    command -v "$tool" >/dev/null || fail "$tool is not installed: run deploy/setup"
done
[[ -x $BUILD/bin/firstcome ]] ||
    fail "$BUILD/bin/firstcome is not there: build it, or set FIRSTCOME_BUILD"
