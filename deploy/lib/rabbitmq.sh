# shellcheck shell=bash
# The private RabbitMQ node with the epmd it needs: configured and supervised.

rabbitmq_sbin() {
    local dir
    for dir in /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin; do :; done # the newest sorts last
    [[ -x $dir/rabbitmq-server ]] || die "RabbitMQ is not installed: run deploy/setup."
    echo "$dir"
}

# rabbitmq_hash PASSWORD: base64(salt + sha256(salt + password)), as definitions want it.
rabbitmq_hash() {
    local salt digest
    salt=$(random_hex 4 | sed 's/../\\x&/g')
    # shellcheck disable=SC2059 # the salt is a format on purpose: its \x are bytes
    digest=$({ printf "$salt" && printf '%s' "$1"; } | sha256sum | cut -c1-64 | sed 's/../\\x&/g')
    # shellcheck disable=SC2059
    printf "$salt$digest" | base64 -w0
}

# rabbitmq_url USER PASSWORD
rabbitmq_url() {
    local address
    address="$1:$2@127.0.0.1:$(port_of rabbitmq)/firstcome"
    if [[ $TLS == yes ]]; then
        echo "amqps://$address?cacertfile=$(tls_dir)/ca.crt"
    else
        echo "amqp://$address"
    fi
}

# rabbitmq_definitions: users, and what each may do.
rabbitmq_definitions() {
    local job
    local -a hashes=(HASH_FIRSTCOME="$(rabbitmq_hash "$SECRET_BROKER")"
        HASH_OPERATOR="$(rabbitmq_hash "$SECRET_OPERATOR")")
    for job in $(jobs_names); do
        hashes+=("HASH_${job^^}=$(rabbitmq_hash "$(secret_of BROKER "$job")")")
    done
    fill "$REPO/deploy/rabbitmq/definitions.json" "${hashes[@]}" |
        put_file "$STATE/rabbitmq/definitions.json" 400 "$MQ_USER"
}

rabbitmq_configure() {
    local dir=$STATE/rabbitmq plugins='' before
    before=$(cat "$dir/rabbitmq.conf" 2>/dev/null) || before=''
    mkdir -p -- "$dir"/{home,mnesia}
    rabbitmq_conf | put_file "$dir/rabbitmq.conf" 644
    note_changed rabbitmq "$before" "$dir/rabbitmq.conf"
    [[ $BROKER_HTTP == no ]] || plugins=rabbitmq_prometheus,rabbitmq_management
    echo "[$plugins]." | put_file "$dir/enabled_plugins" 644
    rabbitmq_definitions
    printf '%s' "$SECRET_COOKIE" | put_file "$dir/home/.erlang.cookie" 400 "$MQ_USER"
    rabbitmq_environment | put_file "$dir/environment" 644
    chmod 700 -- "$dir" # the messages are in it
    ! is_root || chown -- "$MQ_USER" "$dir" "$dir"/{home,mnesia}
}

# 1 GB of memory, or 40 % of a smaller machine; 1 GB of disk kept free, or a third of what is there.
rabbitmq_conf() {
    local memory=1000000 disk=1000
    (($(memory_kb) * 4 / 10 > memory)) || memory=$(($(memory_kb) * 4 / 10))
    (($(disk_free_mb) > 3 * disk)) || disk=$(($(disk_free_mb) / 3))
    fill "$REPO/deploy/rabbitmq/rabbitmq.conf" \
        DIR="$SAFE/rabbitmq" MEMORY_LIMIT="$((memory / 1000))MB" DISK_LIMIT="${disk}MB"
    if [[ $TLS == yes ]]; then
        fill "$REPO/deploy/rabbitmq/rabbitmq-tls.conf" AMQP_PORT="$(port_of rabbitmq)" \
            TLS="$(tls_dir)"
    else
        fill "$REPO/deploy/rabbitmq/rabbitmq-plain.conf" AMQP_PORT="$(port_of rabbitmq)"
    fi
    [[ $BROKER_HTTP == yes ]] || return 0
    fill "$REPO/deploy/rabbitmq/rabbitmq-http.conf" \
        PROMETHEUS_PORT="$(port_of prometheus)" MANAGEMENT_PORT="$(port_of management)"
}

# What the node and its command line tools must know alike, as lines for a shell. All else that
# RabbitMQ would read from /etc/rabbitmq is pointed at nothing.
rabbitmq_environment() {
    local dir=$SAFE/rabbitmq ctl
    ctl=$(port_of rabbitmqctl)
    cat <<EOF
export HOME=$dir/home LC_ALL=C.UTF-8
export RABBITMQ_CONF_ENV_FILE=$dir/none RABBITMQ_ADVANCED_CONFIG_FILE=$dir/none.config
export RABBITMQ_NODENAME=firstcome@localhost RABBITMQ_DIST_PORT=$(port_of erlang)
export RABBITMQ_CONFIG_FILE=$dir/rabbitmq.conf
export RABBITMQ_ENABLED_PLUGINS_FILE=$dir/enabled_plugins
export RABBITMQ_MNESIA_BASE=$dir/mnesia RABBITMQ_LOG_BASE=$dir RABBITMQ_LOGS=-
export ERL_EPMD_PORT=$(port_of epmd) ERL_EPMD_ADDRESS=127.0.0.1
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
export RABBITMQ_CTL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
export RABBITMQ_CTL_DIST_PORT_MIN=$ctl RABBITMQ_CTL_DIST_PORT_MAX=$((ctl + 9))
EOF
}

# epmd runs by itself, because one that the broker starts would outlive it.
rabbitmq_services() {
    local environment
    environment=$(quote "$SAFE/rabbitmq/environment")
    service_define epmd SIGTERM 5000 <<EOF
. $environment
cd / || exit 111
exec $(as_user "$MQ_USER") epmd -address 127.0.0.1
EOF
    # detached: the script becomes the broker instead of waiting for it. The broker takes
    # memory for every file it may open, hence not simply all that the machine allows.
    service_define rabbitmq SIGTERM 60000 <<EOF
. $environment
for ((try = 0; try < 100; try++)); do
    (exec 3<>/dev/tcp/127.0.0.1/\$ERL_EPMD_PORT) 2>/dev/null && break
    sleep 0.1
done
((try < 100)) || { echo "supervisor: epmd does not answer on port \$ERL_EPMD_PORT"; exit 111; }
limit=\$(ulimit -Hn)
[[ \$limit != unlimited && \$limit -lt 65536 ]] || limit=65536
ulimit -n "\$limit"
cd \$HOME || exit 111
detached=1 exec $(as_user "$MQ_USER") $(quote "$(rabbitmq_sbin)/rabbitmq-server")
EOF
}

# Starts the broker and does not wait: it takes seconds that PostgreSQL can use.
rabbitmq_start() {
    RABBITMQ_WAS_UP=no
    ! service_is_up rabbitmq || RABBITMQ_WAS_UP=yes
    rabbitmq_configure
    rabbitmq_services
    service_start epmd
    service_start rabbitmq
}

rabbitmq_wait() {
    service_wait rabbitmq 90 tcp_answers "$(port_of rabbitmq)"
    # One that runs already has read other users and rights when it started.
    [[ $RABBITMQ_WAS_UP == no ]] || rabbitmq_import definitions.json
    local page=''
    [[ $BROKER_HTTP == no ]] || page=", its page http://127.0.0.1:$(port_of management)/"
    say rabbitmq "127.0.0.1:$(port_of rabbitmq)$page"
}

# rabbitmq_import NAME: users and rights of STATE/rabbitmq/NAME become those of the running node.
rabbitmq_import() {
    run_as "$MQ_USER" "$STATE/bin/rabbitmqctl" -q import_definitions "$SAFE/rabbitmq/$1" \
        >"$STATE/log/definitions" 2>&1 </dev/null ||
        die "RabbitMQ refuses users or rights; its words are in $STATE/log/definitions."
}
