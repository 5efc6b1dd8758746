# shellcheck shell=bash disable=SC2317 # called by the names in the table of faults
# Faults of RabbitMQ.

# ---- broker_kill: SIGKILL; the supervisor starts it again

broker_kill_inject() {
    strike_soon KILL rabbitmq
    PIDS[$1]=$STRUCK
}

broker_kill_seen() { seen 30 "RabbitMQ is another process" pid_differs rabbitmq "${PIDS[$1]}"; }
broker_kill_heal() { :; }

# ---- broker_freeze: nobody answers, and no connection breaks

broker_freeze_inject() {
    strike_soon STOP rabbitmq
    PIDS[$1]=$STRUCK
}

broker_freeze_seen() { seen 10 "RabbitMQ stands still" is_frozen "${PIDS[$1]}"; }
broker_freeze_heal() { kill -s CONT "${PIDS[$1]}"; }

# ---- broker_alarm memory|disk: publishers are blocked

broker_alarm_inject() {
    case $2 in
    memory) rabbitmqctl set_vm_memory_high_watermark 0.0001 ;;
    disk) rabbitmqctl set_disk_free_limit 1000000GB ;;
    esac >"$WORK/rabbitmqctl" 2>&1 || fail "$NOW: $(<"$WORK/rabbitmqctl")"
}

broker_alarm_seen() { seen 60 "RabbitMQ has the alarm" has_alarm "$2"; }
has_alarm() { rabbitmqctl eval 'rabbit_alarm:get_alarms().' 2>&1 | grep -q "resource_limit,$1"; }

# To what deploy/up has written into its settings.
broker_alarm_heal() {
    local conf=$STATE/rabbitmq/rabbitmq.conf memory disk
    memory=$(sed -n 's/^vm_memory_high_watermark.absolute = //p' "$conf")
    disk=$(sed -n 's/^disk_free_limit.absolute = //p' "$conf")
    case $2 in
    memory) rabbitmqctl set_vm_memory_high_watermark absolute "$memory" ;;
    disk) rabbitmqctl set_disk_free_limit "$disk" ;;
    esac >"$WORK/rabbitmqctl" 2>&1 || fail "$NOW: $(<"$WORK/rabbitmqctl")"
}

# ---- broker_close: all its connections, a few times

broker_close_inject() {
    connections >"$WORK/connections"
    rabbitmqctl close_all_connections --global chaos >"$WORK/rabbitmqctl" 2>&1 ||
        fail "$NOW: $(<"$WORK/rabbitmqctl")"
}

connections() { rabbitmqctl list_connections --no-table-headers pid 2>/dev/null | sort; }

broker_close_seen() {
    [[ -s $WORK/connections ]] || fail "$NOW: there were no connections to close"
    seen 30 "all connections are new" none_is_left
}

none_is_left() {
    connections >"$WORK/connections.now"
    [[ -s $WORK/connections.now ]] &&
        [[ -z $(comm -12 "$WORK/connections" "$WORK/connections.now") ]]
}

broker_close_heal() { :; }
