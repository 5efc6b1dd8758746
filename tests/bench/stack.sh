# shellcheck shell=bash disable=SC2153 # PORT is of deploy/lib/layout.sh
# What tests/bench/run measures: one installation by deploy/up, and the references on the same
# servers. Nothing but what is measured has work to do.

# As many of each as two processors serve best, and one queue a family for its one worker: what
# comes together travels in one message (docs/capacity.md, partitions). A row that is about the
# number changes it.
readonly STACK=(--ingress 1 --coupon-workers 1 --order-workers 1 --clocks 1
    --set FIRSTCOME_PARTITIONS=1)

# ---- the installation

# stack_change [option of deploy/up…]
stack_change() {
    local log=$WORK/deploy.log
    "$REPO/deploy/up" --dir "$WORK/stack" --no-build --build "$BUILD" "$@" \
        >"$log" 2>&1 </dev/null || die "deploy/up $*: $(<"$log")"
    settings_load
    POSTGRESQL_BIN=$(postgresql_bin)
    roots_read
}

stack_up() {
    layout_open "$WORK/stack"
    say stack "starting PostgreSQL, RabbitMQ and the programs"
    # A command that is measured is decided, however long the queue is that a row asks for.
    stack_change --port any --no-broker-http --standins "${STACK[@]}" \
        --set FIRSTCOME_WAIT_MAX_MS=0
    URL[ours]=http://127.0.0.1:$PORT
}

# roots_read: ROOTS anew, after processes have been replaced. What belongs to no service of the
# supervisor's is the supervisor's own: it and the loggers.
roots_read() {
    local name pid
    ROOTS=("supervisor $(scanner_pid)")
    for name in $(services); do
        pid=$(service_pid "$name")
        ((pid <= 0)) || ROOTS+=("$(part_of "$name") $pid")
    done
    for name in "${!REFERENCE[@]}"; do ROOTS+=("$name ${REFERENCE[$name]}"); done
}

# part_of SERVICE
part_of() {
    case $1 in
    rabbitmq | epmd) echo broker ;;
    weights) echo supervisor ;;
    *) echo "${1%%-*}" ;;
    esac
}

service_pid() { service_fact "$1" pid; }

# programs_of JOB…: the names of their instances.
programs_of() {
    local name
    for name in $(services); do
        [[ " $* " != *" ${name%%-*} "* || $name != *-* ]] || echo "$name"
    done
}

# programs_rest NAME… / programs_wake NAME…: some processes stand still for a row.
programs_rest() {
    local name
    for name in "$@"; do service_stop "$name" 40; done
    roots_read
}
programs_wake() {
    local name
    for name in "$@"; do service_start "$name"; done
    for name in "$@"; do
        wait_until 60 http_is_ready "$(metrics_port "$name")" /readyz || die "$name is not ready."
    done
    roots_read
}

# stack_is_well: nobody died unasked.
stack_is_well() {
    local deaths
    deaths=$("$REPO/deploy/status" --dir "$WORK/stack" --json </dev/null |
        jq -r '.processes[] | select(.deaths > 0) | "\(.name) died \(.deaths) times"') || true
    [[ -z $deaths ]] || die "figures of a stack whose processes die are worth nothing: $deaths"
}

# admin_sql DATABASE STATEMENT: as superuser, the answer bare.
admin_sql() {
    (cd / && run_as "$PG_USER" "$POSTGRESQL_BIN/psql" -XAtq -v ON_ERROR_STOP=1 \
        -h "$SAFE/socket" -p "$(port_of postgresql)" -U postgres -d "$1" -c "$2" </dev/null)
}

# ---- the references

# What listens for clients, by side.
declare -A URL=()
# The process of each reference that serves, by part.
declare -A REFERENCE=()

# database_of NAME: how a reference reaches its own database on the stack's server. It comes in as
# the superuser, whom nothing is checked for: the difference is in its favour.
database_of() {
    echo "host=$SAFE/socket port=$(port_of postgresql) dbname=bench_$1 user=postgres"
}

database_is_there() {
    [[ $(admin_sql postgres "SELECT count(*) FROM pg_database WHERE datname = '$1'") == 1 ]]
}

database_make() { admin_sql postgres "CREATE DATABASE bench_$1"; }

# as_reference COMMAND…: as the user that PostgreSQL lets in.
as_reference() { (cd / && run_as "$PG_USER" "$@"); }

# reference_serve PART PORT PATH COMMAND…: starts a server, and waits until it answers.
reference_serve() {
    local part=$1 port=$2 path=$3
    shift 3
    (cd / && exec_as_reference "$@") >"$WORK/$part.log" 2>&1 </dev/null &
    REFERENCE[$part]=$!
    wait_until 30 http_answers "$port" "$path" ||
        die "the reference $part does not start: $(tail -n 5 "$WORK/$part.log")"
    URL[$part]=http://127.0.0.1:$port
    roots_read
}

exec_as_reference() {
    local words
    words=$(as_user "$PG_USER")
    # shellcheck disable=SC2086 # several words, of which none holds a space
    exec $words "$@"
}

http_answers() { [[ $(http_code "$1" "$2") == ??? ]]; }

# reference_end PART: by its process id.
reference_end() {
    local pid=${REFERENCE[$1]:-}
    [[ -n $pid ]] || return 0
    unset "REFERENCE[$1]"
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

# http_serve PART [--made]: tests/bench/bench_http.
http_serve() {
    local port=$((PORT + 198))
    [[ $1 == http ]] || port=$((PORT + 197))
    reference_serve "$1" "$port" / "$WORK/bin/bench_http" "$port" "${@:2}"
}

# ---- load

# load SIDE WHAT [option…]: the load tool against a side. It ends by itself, and is ended if not.
load() {
    timeout 900 "$STATE/bin/firstcome" load "$2" --url "${URL[$1]}" --json "${@:3}"
}

# warm SIDE WHAT [option…]: the same, not measured.
warm() {
    load "$@" --seconds "$WARM_UP_S" >"$WORK/warm" 2>&1 </dev/null ||
        die "warming up $1: $(tail -n 3 "$WORK/warm")"
}
