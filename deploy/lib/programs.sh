# shellcheck shell=bash disable=SC2153 # its capital names come from layout.sh and up
# firstcome's own programs: copied out of the build, configured, supervised; and the small tools of
# an installation.

# ---- bin/: psql, rabbitmqctl, firstcome and firstcome-clock (for --once) that talk to this
# installation

tools_write() {
    tool_write firstcome operator
    tool_write firstcome-clock clock
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

# tool_write PROGRAM WHO: with the settings of WHO.
tool_write() {
    {
        script_head
        echo 'ulimit -c 0'
        env_file_read "$(environment_file "$2")"
        echo "exec $(quote "$STATE/program/$1") \"\$@\""
    } | put_file "$STATE/bin/$1" 755
}

# ---- the programs

# environment_file_of NAME: coupon-2 → that of the job coupon
environment_file_of() {
    case $1 in
    standin-*) environment_file "$1" ;;
    *) environment_file "$(job_of "$1")" ;;
    esac
}

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
        postgresql | rabbitmq | epmd | weights) ;;
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
        env_file_read "$(environment_file_of "$name")"
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
        "$(environment_file_of "$1")" | sha256sum
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

# programs_prepare: the schema and who may do what with it, exchanges and queues.
programs_prepare() {
    local step
    for step in migrate 'topology apply'; do
        # shellcheck disable=SC2086 # two words
        "$STATE/bin/firstcome" $step >"$STATE/log/prepare" 2>&1 </dev/null && continue
        sed 's/^/    /' "$STATE/log/prepare" >&2
        die "firstcome $step failed; the lines above say why."
    done
    postgresql_rights
}
