# shellcheck shell=bash disable=SC2153 # its capital names come from layout.sh and up
# Secrets of an installation, made once and never printed, and who gets which: each program has a
# login of its own at PostgreSQL and RabbitMQ, and finds only its own in its environment.

# The operator's (deploy/up's migrations, the command line), the broker page's, the cookie of the
# broker's node, the key of ids, the signature for the stand-in; then a pair for each job.
readonly SECRETS_SHARED=(DATABASE BROKER OPERATOR COOKIE ID_KEY PLATFORM)

# Settings that are secret, and who reads each: a job, a stand-in, or the operator's command line.
# FIRSTCOME_DATABASE and FIRSTCOME_BROKER are everybody's, the stand-ins' excepted.
readonly SECRET_SETTINGS=(
    "FIRSTCOME_ID_KEY          ingress"
    "FIRSTCOME_GATEWAY_TOKEN   ingress operator"
    "FIRSTCOME_PAYMENT_TOKEN   payment"
    "FIRSTCOME_PLATFORM_SECRET platform standin-platform"
)

secrets_names() {
    local job
    printf '%s\n' "${SECRETS_SHARED[@]}"
    for job in $(jobs_names); do printf 'DATABASE_%s\nBROKER_%s\n' "${job^^}" "${job^^}"; done
}

# An installation of before lacks those that came later: they are made now.
secrets_load() {
    local name value names
    names=$(secrets_names)
    secrets_read "$names"
    for name in $names; do
        value=SECRET_$name
        [[ -n ${!value:-} ]] || printf -v "$value" %s "$(secret_new "$name")"
    done
    {
        echo "# Made by deploy/up. DATABASE_x, BROKER_x: passwords of the program firstcome-x at"
        echo "# PostgreSQL and RabbitMQ; DATABASE, BROKER: of the role and the user firstcome, the"
        echo "# operator's; OPERATOR: of the user operator on RabbitMQ's management page; PLATFORM:"
        echo "# what signs messages to the stand-in of the data platform."
        for name in $names; do
            value=SECRET_$name
            echo "$name=${!value}"
        done
    } | put_file "$STATE/secrets" 600
}

# secrets_read NAMES
secrets_read() {
    local name value
    [[ -f $STATE/secrets ]] || return 0
    while IFS='=' read -r name value; do
        ! grep -qx -- "$name" <<<"$1" || printf -v "SECRET_$name" %s "$value"
    done <"$STATE/secrets"
}

secret_new() {
    case $1 in
    PLATFORM) echo "whsec_$(head -c 24 /dev/urandom | base64)" ;;
    *) random_hex 16 ;;
    esac
}

# secret_of DATABASE|BROKER WHO: a job's, or the operator's.
secret_of() {
    local name=SECRET_$1
    [[ $2 == operator ]] || name=SECRET_$1_${2^^}
    echo "${!name}"
}

# ---- environments: NAME=VALUE lines, taken as they are

# What all programs may know.
programs_environment() {
    cat <<EOF
FIRSTCOME_LISTEN=127.0.0.1:$PORT
FIRSTCOME_URL=http://127.0.0.1:$PORT
EOF
    standins_environment
}

# environment_of WHO: a job, standin-x, or operator. What the operator has set stands last.
environment_of() {
    programs_environment
    case $1 in
    standin-*) ;;
    operator)
        echo "FIRSTCOME_DATABASE=$(postgresql_conninfo firstcome "$SECRET_DATABASE")"
        echo "FIRSTCOME_BROKER=$(rabbitmq_url firstcome "$SECRET_BROKER")" ;;
    *)
        echo "FIRSTCOME_DATABASE=$(postgresql_conninfo "firstcome_$1" "$(secret_of DATABASE "$1")")"
        echo "FIRSTCOME_BROKER=$(rabbitmq_url "firstcome-$1" "$(secret_of BROKER "$1")")" ;;
    esac
    secrets_environment | lines_for "$1"
    lines_for "$1" <"$STATE/local.env"
}

secrets_environment() {
    echo "FIRSTCOME_ID_KEY=$SECRET_ID_KEY"
    [[ " ${STANDINS_WANTED[*]} " != *" platform "* ]] ||
        echo "FIRSTCOME_PLATFORM_SECRET=$SECRET_PLATFORM"
}

# lines_for WHO: those lines of stdin that WHO may have.
lines_for() {
    local line name
    while IFS= read -r line; do
        name=${line%%=*}
        [[ $name =~ ^FIRSTCOME_[A-Z_]+$ ]] || continue
        ! setting_is_kept_from "${name%_FILE}" "$1" || continue
        echo "$line"
    done
}

# setting_is_kept_from NAME WHO
setting_is_kept_from() {
    local row name readers
    case $1,$2 in
    FIRSTCOME_DATABASE,standin-* | FIRSTCOME_BROKER,standin-*) return 0 ;;
    esac
    for row in "${SECRET_SETTINGS[@]}"; do
        read -r name readers <<<"$row"
        [[ $name != "$1" ]] || { [[ " $readers " != *" $2 "* ]] && return || return 1; }
    done
    return 1
}

# environment_file WHO
environment_file() { echo "$STATE/environment/$1"; }

environments_write() {
    local who
    mkdir -p -- "$STATE/environment"
    chmod 700 -- "$STATE/environment"
    programs_environment | put_file "$STATE/programs.env" 600
    for who in operator $(jobs_names) "${STANDINS_WANTED[@]/#/standin-}"; do
        environment_of "$who" | put_file "$(environment_file "$who")" 600
    done
    env_write
}

# env_file_read FILE: a piece of shell that exports what the file says, the last one wins.
env_file_read() {
    cat <<EOF
while IFS='=' read -r name value; do
    [[ \$name =~ ^FIRSTCOME_[A-Z_]+\$ ]] && export "\$name=\$value"
done < $(quote "$1")
EOF
}

# env: what a person or a test sources to reach this installation, or to run any of its programs.
env_write() {
    local name value
    {
        echo "# Source this to reach the installation: . $(quote "$STATE/env")"
        while IFS='=' read -r name value; do
            echo "export $name=$(quote "$value")"
        done < <({
            cat -- "$(environment_file operator)"
            secrets_environment
            cat -- "$STATE/local.env"
        } | sed -n '/^FIRSTCOME_/p')
        echo "export FIRSTCOME_PSQL=$(quote "$STATE/bin/psql")"
        echo "export FIRSTCOME_RABBITMQCTL=$(quote "$STATE/bin/rabbitmqctl")"
    } | put_file "$STATE/env" 600
}

# ---- what the operator sets

# local_get NAME: what the operator has set, now (SET) or before.
local_get() {
    { cat -- "$STATE/local.env" 2>/dev/null || true; printf '%s\n' "${SET[@]}"; } |
        sed -n "s/^$1=//p" | tail -n 1
}

# local_set NAME=VALUE: remembers a setting of the operator's in STATE/local.env.
local_set() {
    { sed "/^${1%%=*}=/d" "$STATE/local.env" && echo "$1"; } | put_file "$STATE/local.env" 600
}

local_make() {
    [[ -f $STATE/local.env ]] ||
        echo "# Settings of your own, NAME=VALUE as in env.example; deploy/up makes them hold." |
        put_file "$STATE/local.env" 600
}

# setting_is_secret NAME
setting_is_secret() {
    [[ $1 == FIRSTCOME_DATABASE || $1 == FIRSTCOME_BROKER ]] ||
        printf '%s\n' "${SECRET_SETTINGS[@]}" | grep -q "^$1 "
}
