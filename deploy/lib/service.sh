# shellcheck shell=bash
# Supervision by s6: one folder STATE/service/<name> a process, one logger each, one s6-svscan
# above them. A process that dies is started again; one that ends with 100 stays down.

service_dir() { echo "$STATE/service/$1"; }

# services: the names of all that are set up, sorted.
services() {
    local dir
    for dir in "$STATE"/service/*/; do
        [[ ! -d $dir ]] || basename "$dir"
    done
}

# process_gone PID: ended, even if the system has not cleared it away yet (state Z).
process_gone() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    [[ ${stat##*) } == Z* ]]
}

# ---- the scanner above all services

# Its process id, if it lives. Its working folder tells it from a stranger that got the same
# number after a reboot.
scanner_pid() {
    local pid
    pid=$(cat "$STATE/s6-svscan.pid" 2>/dev/null) || return 1
    [[ -n $pid ]] || return 1
    [[ $(readlink "/proc/$pid/cwd") == "$(realpath -- "$STATE/service")" ]] || return 1
    echo "$pid"
}

scanner_start() {
    ! scanner_pid >/dev/null || return 0
    services_end_orphans
    rm -rf -- "$STATE"/service/* # or all would start at once, as they were set up last time
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        setsid s6-svscan "$STATE/service" \
        </dev/null >>"$STATE/log/s6-svscan" 2>&1 {LOCK}>&- &
    echo $! >"$STATE/s6-svscan.pid"
    wait_until 10 s6-svscanctl -a "$STATE/service" 2>/dev/null ||
        die "the supervisor s6-svscan does not start; its words are in $STATE/log/s6-svscan."
}

# The end of everything that still runs.
scanner_stop() {
    local pid
    if ! pid=$(scanner_pid); then
        services_end_orphans
        return
    fi
    s6-svscanctl -t "$STATE/service"
    wait_until 30 process_gone "$pid" ||
        die "the supervisor (process $pid) does not end; see $STATE/log/s6-svscan."
    rm -f -- "$STATE/s6-svscan.pid"
}

# Supervisors whose scanner was killed go on alone: end them, or new ones cannot take over.
services_end_orphans() {
    local name dir
    for name in $(services); do
        dir=$(service_dir "$name")
        service_is_unsupervised "$dir" && continue
        ! s6-svok "$dir" || s6-svc -wD -T 60000 -dx "$dir" || true
        ! s6-svok "$dir/log" || s6-svc -dx "$dir/log"
        wait_until 10 service_is_unsupervised "$dir" ||
            die "the supervisor of $name does not end; find it with: s6-svstat $dir"
    done
}

# ---- one service

# service_define NAME STOP_SIGNAL KILL_AFTER_MS, with the run script's body on stdin. What the
# process prints on either stream goes to STATE/log/NAME/current (10 files of 1 MB are kept). It has
# the weight of its job (weights.sh).
service_define() {
    local name=$1 dir
    dir=$(service_dir "$name")
    mkdir -p -- "$dir/log" "$STATE/log/$name"
    { service_head && weight_lines "$name" && cat; } | put_file "$dir/run" 755
    service_finish "$name" | put_file "$dir/finish" 755
    echo "$2" | put_file "$dir/down-signal" 644
    echo "$3" | put_file "$dir/timeout-kill" 644
    {
        service_head
        echo "exec s6-log -b n10 s1000000 $(quote "$STATE/log/$name")"
    } | put_file "$dir/log/run" 755
}

service_head() {
    script_head
    echo 'exec 2>&1'
    echo 'ulimit -c 0 # a core holds secrets'
}

script_head() {
    printf '%s\n' '#!/bin/bash' \
        '# Written by deploy/up, which will write it again: change nothing here.'
}

# After a death: $1 = exit code (256 = killed by signal $2). 125 tells s6 to leave it down.
service_finish() {
    service_head
    cat <<EOF
[[ \$(s6-svstat -o wantedup .) == true ]] || exit 0
case \$1 in
100)
    echo "supervisor: $1 ended with 100: it stays down until the next deploy/up"
    exit 125 ;;
256) echo "supervisor: $1 was killed by signal \$2: starting it again" ;;
*)
    echo "supervisor: $1 ended with \$1: starting it again in a second"
    sleep 1 ;;
esac
exit 0
EOF
}

# service_start NAME: wanted up from now on.
service_start() {
    local dir
    dir=$(service_dir "$1")
    if s6-svok "$dir" 2>/dev/null; then
        service_is_up "$1" || s6-svc -wu -T 10000 -u "$dir" || true
    else
        s6-svscanctl -a "$STATE/service"
        wait_until 10 s6-svok "$dir" || die "the supervisor does not take up $1; see deploy/status."
    fi
}

# service_stop NAME SECONDS [letters for s6-svc]: down, and waited for.
service_stop() {
    local dir
    dir=$(service_dir "$1")
    s6-svok "$dir" 2>/dev/null || return 0
    s6-svc -wD -T $(($2 * 1000)) "-d${3:-}" "$dir" 2>/dev/null || service_is_down "$1" ||
        die "$1 did not stop within $2 seconds; see $STATE/log/$1/current."
}

# service_remove NAME: stopped, forgotten, its folder gone (its log stays).
service_remove() {
    local dir away
    dir=$(service_dir "$1") away=$STATE/service/.$1
    service_stop "$1" 60
    mv -T -- "$dir" "$away"
    s6-svscanctl -an "$STATE/service"
    wait_until 10 service_is_unsupervised "$away" || die "the supervisor of $1 does not end."
    rm -rf -- "$away"
}

service_is_unsupervised() { ! s6-svok "$1" && ! s6-svok "$1/log"; }

# service_fact NAME FACT…: as s6-svstat names them; "-" for each when nothing supervises it.
service_fact() {
    local IFS=,
    s6-svstat -o "${*:2}" "$(service_dir "$1")" 2>/dev/null || echo "- - - - - -"
}

service_is_up() { [[ $(service_fact "$1" up) == true ]]; }
service_is_down() { [[ $(service_fact "$1" up) != true ]]; }

# service_has_failed NAME: down for good, by its own wish (exit 100).
service_has_failed() {
    local up code
    read -r up code _ < <(service_fact "$1" up exitcode)
    [[ $up == false && $code == 100 ]]
}

# service_deaths NAME: deaths nobody asked for, among the last 100.
service_deaths() {
    s6-svdt "$(service_dir "$1")" 2>/dev/null |
        grep -cv -e ' exitcode 0$' -e ' signal SIGTERM$' || true
}

# ---- readiness

# service_wait NAME SECONDS COMMAND…: until COMMAND succeeds. Ends the script with the log's
# tail when the time is over, or at once when the process has died three times meanwhile.
service_wait() {
    local name=$1 before READY=no
    before=$(service_deaths "$name")
    wait_until "$2" service_ready_or_dead "$name" "$before" "${@:3}" || true
    [[ $READY == no ]] || return 0
    service_log_tail "$name" >&2
    ! service_has_failed "$name" ||
        die "$name gave up (exit 100): correct what the lines above name, then repeat deploy/up."
    die "$name is not ready within $2 seconds or dies again and again; the lines above say why."
}

service_ready_or_dead() {
    if "${@:3}"; then READY=yes && return; fi
    service_has_failed "$1" || (($(service_deaths "$1") >= $2 + 3))
}

service_log_tail() {
    echo "The last lines of $STATE/log/$1/current:"
    tail -n 15 -- "$STATE/log/$1/current" 2>/dev/null | sed 's/^/    /'
}

# tcp_answers PORT
tcp_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# http_code PORT PATH: the status of a GET; fails when nobody answers within 3 seconds.
http_code() {
    # shellcheck disable=SC2016 # expanded by the inner bash
    timeout 3 bash -c '
        exec 3<>"/dev/tcp/127.0.0.1/$1"
        printf "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n" "$2" | cat >&3
        IFS=" " read -r _ code _ <&3 && echo "$code"' - "$1" "$2" 2>/dev/null
}

# http_is_ready PORT PATH
http_is_ready() { [[ $(http_code "$1" "$2") == 200 ]]; }
