# shellcheck shell=bash disable=SC2034 # its names are for the files beside it
# One installation: its folder, its ports, its users and what was asked of it.
#
#   STATE   the folder, as the operator named it (absolute)
#   SAFE    the same folder by a short path of plain characters, for the servers' own settings:
#           a unix socket's path ends at 107 bytes and RabbitMQ's scripts split words at spaces
#   PORT    the first of the installation's 200 ports
#   COUNT   how many processes of each job

declare -A COUNT

# A job of the pipeline: its program is firstcome-<job>, its option of deploy/up, how many run
# unless asked otherwise, where its metrics ports begin (up to 20 processes each).
readonly JOBS=(
    "ingress  ingress          2 20"
    "coupon   coupon-workers   3 40"
    "order    order-workers    2 60"
    "stats    stats-workers    1 80"
    "payment  payment-workers  1 100"
    "platform platform-workers 1 120"
    "clock    clocks           2 140"
)
readonly JOB_COUNT_MAX=20 PORT_DEFAULT=8080 PORT_SPAN=200

# Who plays another party where the operator names none: firstcome-standin-<name>, the setting
# that would name the real one, the path of the stand-in that takes its place.
readonly STANDINS=(
    "gateway  FIRSTCOME_PAYMENT_URL"
    "platform FIRSTCOME_PLATFORM_URL /events"
)

# Where each server listens, counted from PORT. rabbitmqctl takes ten for its answers.
declare -rA PORT_OFFSET=(
    [http]=0 [postgresql]=1 [rabbitmq]=2 [epmd]=3 [erlang]=4 [prometheus]=5 [management]=6
    [rabbitmqctl]=8 [standin-gateway]=18 [standin-platform]=19
)

# The settings that are remembered between two calls of deploy/up. STANDINS_WISH: yes, no, or auto
# as long as nobody has decided.
readonly SETTINGS=(PORT BROKER_HTTP STANDINS_WISH TLS)

port_of() { echo $((PORT + PORT_OFFSET[$1])); }

# job_of INSTANCE: coupon-2 → coupon
job_of() { echo "${1%-*}"; }

# program_of INSTANCE: coupon-2 → firstcome-coupon, standin-gateway → firstcome-standin-gateway
program_of() {
    case $1 in
    standin-*) echo "firstcome-$1" ;;
    *) echo "firstcome-$(job_of "$1")" ;;
    esac
}

# job_field JOB option|default|port
job_field() {
    local job option default port
    for row in "${JOBS[@]}"; do
        read -r job option default port <<<"$row"
        [[ $job == "$1" ]] || continue
        case $2 in
        option) echo "$option" ;;
        default) echo "$default" ;;
        port) echo "$port" ;;
        esac
        return
    done
}

jobs_names() {
    local row
    for row in "${JOBS[@]}"; do echo "${row%% *}"; done
}

# metrics_port INSTANCE: coupon-2 → PORT + 41. A stand-in has one port for all.
metrics_port() {
    case $1 in
    standin-*) port_of "$1" ;;
    *) echo $((PORT + $(job_field "$(job_of "$1")" port) + ${1##*-} - 1)) ;;
    esac
}

state_default() {
    if is_root; then echo /var/lib/firstcome; else echo "${HOME:?}/.local/state/firstcome"; fi
}

# layout_open DIR: names the folder ("" = the usual one) without touching it.
layout_open() {
    STATE=$(realpath -ms -- "${1:-$(state_default)}")
    [[ ! $STATE =~ [[:cntrl:]] && $STATE != / ]] || wrong "--dir cannot be '$STATE'."
    if [[ $STATE =~ ^[A-Za-z0-9._/+-]+$ ]] && ((${#STATE} <= 80)); then
        SAFE=$STATE
    else
        SAFE=/tmp/firstcome-$(printf '%s' "$STATE" | sha256sum | cut -c1-12)
    fi
    PORT='' BROKER_HTTP=yes STANDINS_WISH=auto TLS=no
    users_choose
}

layout_exists() { [[ -f $STATE/settings ]]; }

# Only its owner may change an installation; root would leave files that the owner cannot touch.
layout_need_owner() {
    local owner
    owner=$(stat -c %U -- "$STATE" 2>/dev/null) || return 0
    [[ -O $STATE ]] || die "$STATE belongs to $owner: repeat this as that user."
}

# layout_create: the folder with the parts that are there whatever runs in it.
layout_create() {
    local other
    if ! layout_exists && [[ -d $STATE && ! -f $STATE/lock ]]; then
        other=$(find "$STATE" -mindepth 1 -maxdepth 1 ! -name local.env ! -name tls \
            -printf '%f' -quit)
        [[ -z $other ]] ||
            wrong "$STATE holds '$other' and is no installation: choose another --dir."
    fi
    mkdir -p -- "$STATE" 2>/dev/null ||
        die "cannot make the folder $STATE: choose another with --dir."
    layout_need_owner
    chmod 755 -- "$STATE"
    layout_link
    mkdir -p -- "$STATE"/{bin,log,program,socket,service}
    chmod 700 -- "$STATE/log"
}

# layout_undo: an installation that never got its settings leaves nothing behind.
layout_undo() {
    ! layout_exists || return 0
    rm -f -- "$STATE/lock"
    rmdir -- "$STATE"/{bin,log,program,socket,service} "$STATE" 2>/dev/null || true
    [[ $SAFE == "$STATE" || -d $STATE || ! -L $SAFE ]] || rm -f -- "$SAFE"
}

# SAFE is a link in /tmp when the folder's own path will not do; a reboot may have taken it.
layout_link() {
    [[ $SAFE != "$STATE" ]] || return 0
    [[ ! -e $SAFE && ! -L $SAFE ]] || [[ -L $SAFE && $(stat -c %u "$SAFE") == "$EUID" ]] ||
        die "$SAFE is in the way and not ours: remove it, or choose a --dir of at most 80" \
            "plain characters."
    ln -sfn -- "$STATE" "$SAFE"
}

settings_save() {
    local name
    {
        echo "# firstcome: what deploy/up was asked for; change it by calling deploy/up."
        for name in "${SETTINGS[@]}"; do echo "$name=${!name}"; done
        for name in "${!COUNT[@]}"; do echo "COUNT_$name=${COUNT[$name]}"; done | sort
    } | put_file "$STATE/settings" 644
}

settings_load() {
    local name value
    while IFS='=' read -r name value; do
        case $name in
        COUNT_*) COUNT[${name#COUNT_}]=$value ;;
        PORT | BROKER_HTTP | STANDINS_WISH | TLS) printf -v "$name" %s "$value" ;;
        esac
    done <"$STATE/settings"
}

# Root gives each part a user of its own that owns nothing else; anybody else is all three.
users_choose() {
    if is_root; then
        PG_USER=postgres MQ_USER=rabbitmq PROGRAM_USER=nobody
    else
        PG_USER=$(id -un) MQ_USER=$PG_USER PROGRAM_USER=$PG_USER
    fi
}

# as_user USER: prints the words that, put before a command, run it as that user.
as_user() {
    is_root || return 0
    quote setpriv --reuid="$1" --regid="$(id -g "$1")" --clear-groups --no-new-privs
}

# run_as USER COMMAND…
run_as() {
    local -a prefix=()
    if is_root; then
        prefix=(setpriv --reuid="$1" --regid="$(id -g "$1")" --clear-groups --no-new-privs)
    fi
    "${prefix[@]}" "${@:2}"
}

# layout_closed_to DIR: the first of the users that cannot walk to it, if there is one: /root is
# closed to the servers' users, for example.
layout_closed_to() {
    local user
    for user in "$PG_USER" "$MQ_USER" "$PROGRAM_USER"; do
        run_as "$user" test -x "$1/" || { echo "$user" && return; }
    done
}

layout_need_open_path() {
    local user
    user=$(layout_closed_to "$SAFE")
    [[ -z $user ]] ||
        die "the user $user cannot enter $STATE: choose a --dir that is not below a closed" \
            "folder, for example /var/lib/firstcome."
}
