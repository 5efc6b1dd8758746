# shellcheck shell=bash
# Which ports an installation needs, and whether they are free. Reads /proc only, so that it
# needs no tool a small machine may lack.

# ports_listening: lines "port inode" of everything that listens on this machine (TCP).
ports_listening() {
    local address state inode _
    while read -r _ address _ state _ _ _ _ _ inode _; do
        [[ $state == 0A ]] && echo "$((16#${address##*:})) $inode"
    done < <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
    return 0
}

# port_holder INODE: "name (pid 123)" of the process with that socket, as far as we may see.
port_holder() {
    local fd pid
    fd=$(find /proc/[0-9]*/fd -lname "socket:\[$1\]" -print -quit 2>/dev/null) || true
    [[ -n $fd ]] || { echo "another user's process" && return; }
    pid=${fd#/proc/} && pid=${pid%%/*}
    echo "$(cat "/proc/$pid/comm" 2>/dev/null) (pid $pid)"
}

# ports_of_servers / ports_of_programs: lines "port what" of what is not running yet.
ports_of_servers() {
    service_is_up postgresql || echo "$(port_of postgresql) PostgreSQL"
    service_is_up epmd || echo "$(port_of epmd) epmd, RabbitMQ's names"
    service_is_up rabbitmq && return
    echo "$(port_of rabbitmq) RabbitMQ"
    echo "$(port_of erlang) RabbitMQ's own control"
    [[ $BROKER_HTTP == yes ]] || return 0
    echo "$(port_of prometheus) RabbitMQ's metrics"
    echo "$(port_of management) RabbitMQ's management page"
}

ports_of_programs() {
    local name any=no
    for name in $(programs_wanted); do
        if service_is_up "$name"; then
            [[ $(job_of "$name") == ingress ]] && any=yes
        else
            echo "$(metrics_port "$name") metrics of $name"
        fi
    done
    [[ $any == yes ]] || echo "$PORT the ingress"
}

# ports_taken WANTED: the lines of WANTED whose port somebody listens on, with the inode.
ports_taken() {
    local -A inode_of=()
    local port inode what
    [[ -n $1 ]] || return 0
    while read -r port inode; do inode_of[$port]=$inode; done < <(ports_listening)
    while read -r port what; do
        [[ -z ${inode_of[$port]:-} ]] || echo "$port ${inode_of[$port]} $what"
    done <<<"$1"
}

# ports_need_free WANTED: ends with a sentence about the first port that is in use.
ports_need_free() {
    local port inode what
    read -r port inode what < <(ports_taken "$1") || return 0
    die "port $port, needed for $what, is in use by $(port_holder "$inode"):" \
        "end that process, or choose another block of $PORT_SPAN ports with --port."
}

# Two deploy/up that start at the same moment must not find the same block free. The block is
# theirs by a link /tmp/firstcome-port-N, naming the script's process, until the script ends
# (port_release); from then on its listeners speak for it.
port_claim() {
    local link=/tmp/firstcome-port-$PORT pid
    pid=$(readlink "$link" 2>/dev/null) || pid=''
    [[ $pid != "$$" ]] || return 0
    [[ -z $pid || -d /proc/$pid ]] || rm -f -- "$link"
    ln -s "$$" "$link" 2>/dev/null || return 1
    CLAIM=$link
}

port_release() { [[ -z ${CLAIM:-} ]] || rm -f -- "$CLAIM"; }

# port_choose: PORT = a free block below the kernel's own ports (32768), at random.
port_choose() {
    local try
    for ((try = 0; try < 200; try++)); do
        PORT=$((20000 + RANDOM % 60 * PORT_SPAN))
        [[ -z $(ports_taken "$(ports_of_block)") ]] && port_claim && return
    done
    die "found no $PORT_SPAN free ports between 20000 and 32000: name them with --port."
}

ports_of_block() {
    local offset
    for ((offset = 0; offset < PORT_SPAN; offset++)); do echo "$((PORT + offset)) anything"; done
}
