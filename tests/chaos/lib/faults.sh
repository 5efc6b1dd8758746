# shellcheck shell=bash disable=SC2034 # run and the files beside it use what it sets
# Which faults there are, and one round: inject, see it, hold, heal, and the system comes back with
# no one touching it.

# The fault, its words (<word>_inject, <word>_seen, <word>_heal), their argument, what it strikes
# (a pair strikes two), and for how long it is held, seconds from and to. Timeouts end below 15 s:
# what is to last longer than every one of them is held for 17.
readonly FAULTS=(
    "kill-ingress       kill         ingress         ingress   0  2"
    "kill-coupon        kill         coupon          coupon    0  2"
    "kill-order         kill         order           order     0  2"
    "kill-stats         kill         stats           stats     0  2"
    "kill-payment       kill         payment         payment   0  2"
    "kill-platform      kill         platform        platform  0  2"
    "kill-clock         kill         clock           clock     0  2"
    "freeze-ingress     freeze       ingress         ingress   17 25"
    "freeze-coupon      freeze       coupon          coupon    17 25"
    "freeze-order       freeze       order           order     17 25"
    "freeze-stats       freeze       stats           stats     17 25"
    "freeze-payment     freeze       payment         payment   17 25"
    "freeze-platform    freeze       platform        platform  17 25"
    "freeze-clock       freeze       clock           clock     17 25"
    "skew-ingress       skew         ingress         ingress   3  10"
    "skew-coupon        skew         coupon          coupon    3  10"
    "skew-order         skew         order           order     3  10"
    "skew-clock         skew         clock           clock     3  15"
    "bounce-coupon      bounce       coupon          coupon    8  20"
    "bounce-order       bounce       order           order     8  20"
    "broker-kill        broker_kill  -               broker    0  2"
    "broker-freeze      broker_freeze -              broker    5  25"
    "broker-memory      broker_alarm memory          broker    3  15"
    "broker-disk        broker_alarm disk            broker    3  15"
    "broker-close       broker_close -               broker    0  2"
    "db-kill            db_end       KILL            database  0  2"
    "db-immediate       db_end       QUIT            database  0  2"
    "db-freeze          db_freeze    -               database  5  25"
    "db-sessions        db_sessions  all             database  0  2"
    "db-some-sessions   db_sessions  some            database  0  2"
    "db-limit           db_limit     -               database  5  15"
    "db-timeouts        db_timeouts  -               database  3  10"
    "db-lock-rows       db_lock      rows            database  5  15"
    "db-lock-table      db_lock      table           database  12 20"
    "db-disk            db_disk      -               database  3  12"
    "net-db-slow        net          db:slow         database  5  15"
    "net-db-narrow      net          db:narrow       database  5  15"
    "net-db-cut         net          db:cut          database  1  5"
    "net-db-silent      net          db:silent       database  5  25"
    "net-db-in          net          db:in           database  5  25"
    "net-db-out         net          db:out          database  5  25"
    "net-db-frames      net          db:frames       database  4  12"
    "net-mq-slow        net          mq:slow         broker    5  15"
    "net-mq-narrow      net          mq:narrow       broker    5  15"
    "net-mq-cut         net          mq:cut          broker    1  5"
    "net-mq-silent      net          mq:silent       broker    5  25"
    "net-mq-in          net          mq:in           broker    5  25"
    "net-mq-out         net          mq:out          broker    5  25"
    "net-mq-frames      net          mq:frames       broker    4  12"
    "net-http-slow      net          http:slow       ingress   5  15"
    "net-http-narrow    net          http:narrow     ingress   5  15"
    "net-http-cut       net          http:cut        ingress   1  5"
    "net-http-silent    net          http:silent     ingress   5  25"
    "net-http-in        net          http:in         ingress   5  25"
    "net-http-out       net          http:out        ingress   5  25"
    "net-http-frames    net          http:frames     ingress   4  12"
    "gateway-worst      party        gateway:worst   gateway   8  20"
    "gateway-down       party        gateway:down    gateway   15 30"
    "platform-worst     party        platform:worst  receiver  8  20"
    "platform-down      party        platform:down   receiver  15 30"
)

# What comes back comes back within this, with no one touching it: PostgreSQL's recovery and
# RabbitMQ's boot on a busy small machine, every back-off at its longest, and what has piled up.
readonly DRAIN_S=120 QUEUE_MAX=300 FLOW=20

declare -A SKIPPED=()
ROUNDS=()

fault_names() { printf '%s\n' "${FAULTS[@]%% *}"; }

# fault_read NAME: sets FAULT_WORD, FAULT_ARGUMENT, FAULT_PLACE, FAULT_MIN, FAULT_MAX.
fault_read() {
    local row name
    for row in "${FAULTS[@]}"; do
        read -r name FAULT_WORD FAULT_ARGUMENT FAULT_PLACE FAULT_MIN FAULT_MAX <<<"$row"
        [[ $name != "$1" ]] || return 0
    done
    return 1
}

# fault_possible NAME: else WHY tells why not, and it is skipped.
fault_possible() {
    fault_read "$1"
    [[ $(type -t "${FAULT_WORD}_possible") != function ]] || "${FAULT_WORD}_possible" || {
        SKIPPED[$1]=$WHY
        say "$1: not possible here: $WHY"
        return 1
    }
}

# fault inject|seen|heal NAME
fault() {
    fault_read "$2"
    NOW=$2
    "${FAULT_WORD}_$1" "$2" "$FAULT_ARGUMENT"
}

# pair_choose NAME…: PAIR = two of them that strike different parts. There must be such.
pair_choose() {
    local place
    while :; do
        chance_shuffle "$@"
        fault_read "${SHUFFLED[0]}"
        place=$FAULT_PLACE
        fault_read "${SHUFFLED[1]}"
        [[ $place == "$FAULT_PLACE" ]] || break
    done
    PAIR=("${SHUFFLED[@]:0:2}")
}

# round NAME…: one fault, or several at a time.
round() {
    local name held=0
    ROUND=$((ROUND + 1))
    say "---- round $ROUND: $*"
    for name in "$@"; do
        fault inject "$name"
        fault seen "$name"
        chance_between "$FAULT_MIN" "$FAULT_MAX"
        ((CHANCE <= held)) || held=$CHANCE
    done
    rest "$held"
    for name in "$@"; do fault heal "$name"; done
    NOW="round $ROUND ($*)"
    recovers
    ROUNDS+=("$(IFS=+ && echo "$*") $held$STEPS")
    say "round $ROUND: milliseconds after the healing:$STEPS"
}

# recovers: what was accepted by now is decided, all processes are up, the queues are short, and
# the flow goes on.
recovers() {
    HEALED=$(now_ms) UNTIL=$((SECONDS + DRAIN_S)) STEPS=''
    load_accepted
    step decided "a verdict for everything accepted by now" load_decided
    step up "all processes to be up" all_up
    step short "short queues" queues_short "$QUEUE_MAX"
    step flow "verdicts for what is accepted afterwards" load_flows
}

# step NAME WHAT COMMAND…: it comes true while there is time.
step() {
    wait_for $((UNTIL > SECONDS ? UNTIL - SECONDS : 1)) "$NOW: $2" "${@:3}"
    STEPS+=" $1 $(($(now_ms) - HEALED))"
}
