# shellcheck shell=bash disable=SC2317 # called by the names in the table of faults
# The network between the parts, by tests/support/programs/tcp_proxy: a proxy stands before
# PostgreSQL (db), one before RabbitMQ (mq), one before the ingresses (http).

declare -A PROXY_FD PROXY_PORT PROXY_PID

# proxy_start LINK PORT SERVER_PORT
proxy_start() {
    local fd
    mkfifo -- "$WORK/proxy.$1"
    : >"$WORK/proxy.$1.log" # the proxy's shell comes to it only when the fifo has a writer
    "$BUILD/bin/tcp_proxy" "$2" "$3" <"$WORK/proxy.$1" >>"$WORK/proxy.$1.log" 2>&1 &
    PROXY_PID[$1]=$! # not of CHILDREN: the programs need it until they are down
    exec {fd}>"$WORK/proxy.$1"
    PROXY_FD[$1]=$fd PROXY_PORT[$1]=$2
    proxy_say "$1" stats
}

proxies_end() { kill "${PROXY_PID[@]}" && wait "${PROXY_PID[@]}"; }

# proxy_say LINK WORD…: PROXIED = its answer.
proxy_say() {
    local log=$WORK/proxy.$1.log before
    before=$(wc -l <"$log")
    echo "${*:2}" >&"${PROXY_FD[$1]}"
    wait_for 20 "the proxy $1 to answer '${*:2}': $(<"$log")" has_lines "$log" $((before + 1))
    PROXIED=$(tail -n 1 -- "$log")
    [[ $PROXIED == "${*:2}: open "* ]] || fail "the proxy $1 says: $PROXIED"
}

# proxy_count LINK NAME: COUNT_OF = open, accepted, resets, in, out, held.
proxy_count() {
    proxy_say "$1" stats
    COUNT_OF=$(sed -n "s/.* $2 \([0-9]*\).*/\1/p" <<<"$PROXIED")
}

# probe LINK: PROBED = milliseconds to a server's first byte, or "silent".
probe() {
    local since rc=0 fd
    since=$(now_ms)
    exec {fd}<>"/dev/tcp/127.0.0.1/${PROXY_PORT[$1]}" || { PROBED='cut' && return; }
    { probe_ask "$1" >&"$fd" || true; } 2>/dev/null
    LC_ALL=C IFS= read -r -N 1 -t 3 -u "$fd" _ || rc=$?
    exec {fd}>&-
    PROBED=$(($(now_ms) - since))
    if ((rc > 128)); then PROBED=silent; elif ((rc)); then PROBED='cut'; fi
}

probe_ask() {
    case $1 in
    db) printf '\0\0\0\10\4\322\26\57' ;; # may I have TLS?
    mq) printf 'AMQP\0\0\11\1' ;;
    http) printf 'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' ;;
    esac
}

# ---- net LINK:slow|narrow|cut|silent|in|out|frames

net_inject() {
    local link=${2%:*}
    proxy_count "$link" resets
    PIDS[$1]=$COUNT_OF
    case ${2#*:} in
    slow) chance_between 40 250 && proxy_say "$link" delay "$CHANCE" ;;
    narrow) chance_between 4 20 && proxy_say "$link" rate "${CHANCE}000" ;;
    cut) proxy_say "$link" cut ;;
    silent) proxy_say "$link" hole both ;;
    in | out) proxy_say "$link" hole "${2#*:}" ;;
    frames) chance_between 1500 9000 && proxy_say "$link" reset-after "$CHANCE" ;;
    esac
    say "network, $link: $PROXIED"
    TARGETS[$1]=$CHANCE
}

net_seen() {
    local link=${2%:*} before
    case ${2#*:} in
    slow) seen 20 "an answer takes twice ${TARGETS[$1]} ms" is_slow "$link" $((2 * TARGETS[$1])) ;;
    silent | in | out) seen 20 "no answer comes" is_silent "$link" ;;
    cut | frames) seen 90 "connections are reset" has_reset "$link" "${PIDS[$1]}" ;;
    narrow)
        proxy_count "$link" out
        before=$COUNT_OF
        rest 1
        proxy_count "$link" out
        # One second, and what a busy machine makes of it.
        ((COUNT_OF - before <= 20 * TARGETS[$1] * 1000)) ||
            fail "$NOW: $((COUNT_OF - before)) bytes passed in a second" ;;
    esac
}

is_slow() {
    probe "$1"
    [[ $PROBED =~ ^[0-9]+$ ]] && ((PROBED >= $2))
}

is_silent() { probe "$1" && [[ $PROBED == silent ]]; }

has_reset() { proxy_count "$1" resets && ((COUNT_OF > $2)); }

net_heal() {
    [[ $2 != *:cut ]] || proxy_say "${2%:*}" cut
    proxy_say "${2%:*}" heal
}
