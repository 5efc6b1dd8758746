# shellcheck shell=bash disable=SC2153 # its capital names come from layout.sh and up
# firstcome's own programs: copied out of the build, configured, supervised; and the secrets and
# small tools of an installation.

# ---- secrets: made once, never printed

readonly SECRETS=(DATABASE BROKER OPERATOR COOKIE ID_KEY PLATFORM)

# An installation of before lacks those that came later: they are made now.
secrets_load() {
    local name value
    secrets_read
    for name in "${SECRETS[@]}"; do
        value=SECRET_$name
        [[ -n ${!value:-} ]] || printf -v "$value" %s "$(secret_new "$name")"
    done
    {
        echo "# Made by deploy/up. DATABASE, BROKER: passwords of the role and user firstcome;"
        echo "# OPERATOR: of the user operator on RabbitMQ's management page; PLATFORM: what signs"
        echo "# messages to the stand-in of the data platform."
        for name in "${SECRETS[@]}"; do
            value=SECRET_$name
            echo "$name=${!value}"
        done
    } | put_file "$STATE/secrets" 600
}

secrets_read() {
    local name value
    [[ -f $STATE/secrets ]] || return 0
    while IFS='=' read -r name value; do
        [[ " ${SECRETS[*]} " != *" $name "* ]] || printf -v "SECRET_$name" %s "$value"
    done <"$STATE/secrets"
}

secret_new() {
    case $1 in
    PLATFORM) echo "whsec_$(head -c 24 /dev/urandom | base64)" ;;
    *) random_hex 16 ;;
    esac
}

# ---- the environment all programs share: NAME=VALUE lines, taken as they are

programs_environment() {
    local login="dbname=firstcome user=firstcome password=$SECRET_DATABASE"
    cat <<EOF
FIRSTCOME_DATABASE=host=$SAFE/socket port=$(port_of postgresql) $login
FIRSTCOME_BROKER=amqp://firstcome:$SECRET_BROKER@127.0.0.1:$(port_of rabbitmq)/firstcome
FIRSTCOME_ID_KEY=$SECRET_ID_KEY
FIRSTCOME_LISTEN=127.0.0.1:$PORT
FIRSTCOME_URL=http://127.0.0.1:$PORT
EOF
    standins_environment
}

# env_files_read FILE…: a piece of shell that exports what the files say, the last one wins.
env_files_read() {
    cat <<EOF
while IFS='=' read -r name value; do
    [[ \$name =~ ^FIRSTCOME_[A-Z_]+\$ ]] && export "\$name=\$value"
done < <(cat -- $(quote "$@"))
EOF
}

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

# env: what a person or a test sources to reach this installation.
env_write() {
    local name value
    {
        echo "# Source this to reach the installation: . $(quote "$STATE/env")"
        while IFS='=' read -r name value; do
            echo "export $name=$(quote "$value")"
        done < <(cat -- "$STATE"/{programs,local}.env | sed -n '/^FIRSTCOME_/p')
        echo "export FIRSTCOME_PSQL=$(quote "$STATE/bin/psql")"
        echo "export FIRSTCOME_RABBITMQCTL=$(quote "$STATE/bin/rabbitmqctl")"
    } | put_file "$STATE/env" 600
}

# ---- bin/: psql, rabbitmqctl, firstcome and firstcome-clock (for --once) that talk to this
# installation

tools_write() {
    local name
    for name in firstcome firstcome-clock; do
        {
            script_head
            env_files_read "$STATE/programs.env" "$STATE/local.env"
            echo "exec $(quote "$STATE/program/$name") \"\$@\""
        } | put_file "$STATE/bin/$name" 755
    done
    put_file "$STATE/bin/psql" 755 <<EOF
#!/bin/bash
# Written by deploy/up: psql on this installation's database.
PGPASSWORD=\$(sed -n 's/^DATABASE=//p' $(quote "$STATE/secrets"))
export PGPASSWORD PGHOST=$(quote "$SAFE/socket") PGPORT=$(port_of postgresql)
export PGUSER=firstcome PGDATABASE=firstcome
exec $(quote "$(postgresql_bin)/psql") "\$@"
EOF
    put_file "$STATE/bin/rabbitmqctl" 755 <<EOF
#!/bin/bash
# Written by deploy/up: rabbitmqctl on this installation's node.
. $(quote "$SAFE/rabbitmq/environment")
exec $(quote "$(rabbitmq_sbin)/rabbitmqctl") "\$@"
EOF
}

# ---- the programs

# programs_wanted: the names of all instances, the ingresses last: they let the clients in.
programs_wanted() {
    local job number
    ((${#STANDINS_WANTED[@]} == 0)) || printf 'standin-%s\n' "${STANDINS_WANTED[@]}"
    for job in $(jobs_names | tac); do
        for ((number = 1; number <= ${COUNT[$job]}; number++)); do echo "$job-$number"; done
    done
}

programs_present() {
    local name
    for name in $(services); do
        case $name in
        postgresql | rabbitmq | epmd) ;;
        *) echo "$name" ;;
        esac
    done
}

# programs_install DIR: copies, so that the installation does not change under a new build and
# so that the unprivileged user need not reach the build's folder.
programs_install() {
    local name
    for name in firstcome $(jobs_names | sed 's/^/firstcome-/') \
        "${STANDINS_WANTED[@]/#/firstcome-standin-}"; do
        [[ -x $1/bin/$name ]] ||
            die "$1/bin/$name is missing: build it, or leave out --no-build."
        cmp -s -- "$1/bin/$name" "$STATE/program/$name" && continue
        put_file "$STATE/program/$name" 755 <"$1/bin/$name" ||
            die "cannot copy $name to $STATE/program; is the disk full?"
    done
}

program_define() {
    local name=$1
    {
        env_files_read "$STATE/programs.env" "$STATE/local.env"
        echo "export FIRSTCOME_INSTANCE=$name"
        case $name in
        standin-*) standin_define "${name#standin-}" ;;
        *) echo "export FIRSTCOME_METRICS=127.0.0.1:$(metrics_port "$name")" ;;
        esac
        cat <<EOF
umask 077
cd / || exit 111
exec $(as_user "$PROGRAM_USER") $(quote "$STATE/program/$(program_of "$name")")
EOF
    } | service_define "$name" SIGTERM 30000
}

# program_stamp NAME: changes when anything it was started with changes.
program_stamp() {
    cat -- "$(service_dir "$1")/run" "$STATE/program/$(program_of "$1")" \
        "$STATE"/{programs,local}.env | sha256sum
}

program_stamp_old() { cat -- "$(service_dir "$1")/stamp" 2>/dev/null || true; }

# program_start NAME: up, with the present binary and settings; one that runs with older ones
# is asked to finish first.
program_start() {
    local name=$1 stamp
    program_define "$name"
    stamp=$(program_stamp "$name")
    if service_is_up "$name" && [[ $stamp != "$(program_stamp_old "$name")" ]]; then
        service_stop "$name" 40
        RESTARTED+=("$name")
    fi
    echo "$stamp" >"$(service_dir "$name")/stamp"
    service_start "$name"
}

program_is_ready() { http_is_ready "$(metrics_port "$1")" "$(ready_path "$1")"; }

# ready_path NAME: what is asked for; a stand-in needs nobody else to be ready.
ready_path() {
    case $1 in
    standin-*) echo /livez ;;
    *) echo /readyz ;;
    esac
}

# Those too many go, workers one at a time; then all wanted ones start. Programs that run
# already with something older are replaced one by one, so that somebody always serves.
programs_converge() {
    local name wanted
    wanted=$(programs_wanted)
    for name in $(programs_present); do
        grep -qx -- "$name" <<<"$wanted" || service_remove "$name"
    done
    RESTARTED=()
    for name in $wanted; do
        local count=${#RESTARTED[@]}
        program_start "$name"
        ((${#RESTARTED[@]} == count)) || service_wait "$name" 60 program_is_ready "$name"
    done
    for name in $wanted; do service_wait "$name" 60 program_is_ready "$name"; done
}

# programs_stop [letters for s6-svc]: ingresses first, so that nobody is let in any more; the
# workers then end their batch.
programs_stop() {
    local name
    for name in $(programs_present | sed -n /^ingress-/p); do services_signal "${1:-}" "$name"; done
    for name in $(programs_present | sed -n /^ingress-/p); do service_stop "$name" 40; done
    for name in $(programs_present); do services_signal "${1:-}" "$name"; done
    for name in $(programs_present); do service_stop "$name" 40; done
}

# services_signal LETTERS NAME…: asked to stop, not waited for.
services_signal() {
    local name
    for name in "${@:2}"; do
        ! s6-svok "$(service_dir "$name")" 2>/dev/null || s6-svc "-d$1" "$(service_dir "$name")"
    done
}

programs_prepare() {
    local step
    for step in migrate 'topology apply'; do
        # shellcheck disable=SC2086 # two words
        "$STATE/bin/firstcome" $step >"$STATE/log/prepare" 2>&1 </dev/null && continue
        sed 's/^/    /' "$STATE/log/prepare" >&2
        die "firstcome $step failed; the lines above say why."
    done
}
