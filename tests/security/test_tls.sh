#!/usr/bin/env bash
# An installation whose PostgreSQL and RabbitMQ are reached by TLS alone, with certificates of a
# private authority: the whole pipeline works, also while the broker takes nothing and gives all at
# once. A wrong authority, a wrong name, a certificate that has ended, a plain connection: refused,
# with a sentence that says why; nobody falls back to plain; and it goes on by itself when the
# certificates are right again.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"

CA=$WORK/ca

# ---- a private authority

openssl_quietly() {
    openssl "$@" >"$WORK/openssl.log" 2>&1 </dev/null || fail "openssl $*: $(<"$WORK/openssl.log")"
}

# authority NAME
authority() {
    openssl_quietly req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -subj "/CN=$1" -days 60 -keyout "$CA/$1.key" -out "$CA/$1.crt"
}

# certificate FILE AUTHORITY NAMES DAYS: FILE.key and FILE.crt. Less than no days: it has ended.
certificate() {
    echo "subjectAltName=$3" >"$CA/ext"
    openssl_quietly req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -subj /CN=firstcome -keyout "$1.key" -out "$CA/csr"
    openssl_quietly x509 -req -in "$CA/csr" -CA "$CA/$2.crt" -CAkey "$CA/$2.key" -days "$4" \
        -extfile "$CA/ext" -out "$1.crt"
}

# Here all server certificates are of one authority, so that one file names it.
installation_certificates() {
    mkdir -p "$WORK/shop/tls"
    cp "$CA/good.crt" "$WORK/shop/tls/ca.crt"
    certificate "$WORK/shop/tls/postgresql" good IP:127.0.0.1 60
    certificate "$WORK/shop/tls/rabbitmq" good IP:127.0.0.1 60
}

# servers_show FILE: both servers show FILE.crt from now on, and both have been seen to.
servers_show() {
    local name
    for name in postgresql rabbitmq; do
        cat -- "$1.key" >"$STATE/tls/$name.key"
        cat -- "$1.crt" >"$STATE/tls/$name.crt"
    done
    send HUP postgresql
    "$STATE/bin/rabbitmqctl" -q eval 'ssl:clear_pem_cache().' >"$WORK/pem" ||
        fail "rabbitmqctl eval: $(<"$WORK/pem")"
    wait_for 30 "PostgreSQL to show $1" shows "$1" "${PORT_OF[postgresql]}" -starttls postgres
    wait_for 30 "RabbitMQ to show $1" shows "$1" "${PORT_OF[rabbitmq]}"
}

# shows FILE PORT [word of openssl s_client…]
shows() {
    local got
    got=$(timeout 10 openssl s_client -connect "127.0.0.1:$2" "${@:3}" </dev/null 2>"$WORK/shown" |
        openssl x509 -noout -fingerprint 2>>"$WORK/shown") || return 1
    [[ $got == "$(openssl x509 -in "$1.crt" -noout -fingerprint)" ]]
}

# ---- what works

all_is_encrypted() {
    local broker
    is "sessions of programs at PostgreSQL in plain" "$(sql "SELECT count(*)
        FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
        WHERE usename LIKE 'firstcome\\_%' AND NOT (ssl AND version >= 'TLSv1.2')")" 0
    within "sessions of programs at PostgreSQL" "$(sql "SELECT count(*)
        FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
        WHERE usename LIKE 'firstcome\\_%' AND ssl")" 4 1000
    broker=$("$STATE/bin/rabbitmqctl" -q list_connections ssl </dev/null) ||
        fail "rabbitmqctl list_connections: $broker"
    is "connections of programs to RabbitMQ in plain" \
        "$(grep -cvx -e ssl -e true <<<"$broker" || true)" 0
    within "connections of programs to RabbitMQ" "$(grep -cx true <<<"$broker")" 4 1000
}

# Through a socket that holds next to nothing, to a broker that stands still now and then.
flood() {
    local round out flooding
    (
        # shellcheck source=/dev/null
        . "$STATE/env"
        exec "$BUILD/bin/mq_flood" "$(long 1000 50000)"
    ) >"$WORK/flood" 2>&1 &
    flooding=$!
    CHILDREN+=("$flooding")
    # Longer than HEARTBEAT_S: the library wants to say something while our write is cut.
    for ((round = 0; round < 2; round++)); do
        for ((out = 0; out < 10; out++)); do pause; done
        kill -0 "$flooding" 2>/dev/null || break
        send STOP rabbitmq
        for ((out = 0; out < 65; out++)); do pause; done
        send CONT rabbitmq
    done
    wait "$flooding" || fail "the flood: $(<"$WORK/flood")"
    out=$(<"$WORK/flood")
    is "messages that came out as they went in" "${out% *}" "$(long 1000 50000)"
    within "times that the socket did not take all" "${out#* }" 3 100000000
}

# ---- what does not

# refused WHAT PATTERN FUNCTION [word…]: ends with 111 or 1 (trouble, not settings), and says why.
refused() {
    local rc=0 words
    words=$("${@:3}" 2>&1 </dev/null) || rc=$?
    ((rc == 111 || rc == 1)) || fail "$1 is not refused: it ended with $rc, and said: $words"
    says "$1" "$words" "$2"
    say "$1: refused, $(grep -Eom1 -- "$2" <<<"$words")"
}

# broker URL, database CONNINFO: a look at one of them.
broker() { FIRSTCOME_BROKER=$1 timeout 60 "$STATE/program/firstcome" topology check; }
database() { FIRSTCOME_DATABASE=$1 timeout 60 "$STATE/program/firstcome" parked list; }

wrong_ways() {
    local broker=$FIRSTCOME_BROKER database=$FIRSTCOME_DATABASE
    refused "a broker of another authority" 'certificate is refused: .*self-signed' \
        broker "${broker/$STATE\/tls\/ca.crt/$CA/other.crt}"
    refused "a broker that this system's own authorities do not know" 'certificate is refused' \
        broker "${broker%\?*}"
    refused "a plain connection to the broker" 'begins with amqps://' \
        broker "$(plain "$broker")"
    broker=${broker/:${PORT_OF[rabbitmq]}/:$(plain_port)}
    refused "TLS to a broker that speaks plainly" 'SSL handshake failed' broker "$broker"
    refused "a database of another authority" 'certificate verify failed' \
        database "${database/$STATE\/tls\/ca.crt/$CA/other.crt}"
    refused "a plain connection to the database" 'no pg_hba.conf entry .*no encryption' \
        database "${database/sslmode=verify-full/sslmode=disable}"
}

# plain URL: the same without TLS.
plain() {
    local address=${1#amqps}
    echo "amqp${address%\?*}"
}

# A port of the installation where somebody answers in plain: a stand-in.
plain_port() { echo "${PORT_OF[standin-gateway]}"; }

# While the servers show FILE: refused by hand and for good, also by a worker that has to come back.
while_they_show() {
    local file=$1 what=$2 broker_says=$3 database_says=$4 old
    servers_show "$file"
    refused "$what, of the broker" "$broker_says" broker "$FIRSTCOME_BROKER"
    refused "$what, of the database" "$database_says" database "$FIRSTCOME_DATABASE"
    old=$(pid_of coupon-1)
    strike KILL coupon-1
    wait_for 30 "coupon-1 to be started again" is_started_again "$old"
    wait_for 30 "its log to say why" grep -Eq -- "cannot connect.*$database_says" \
        "$STATE/log/coupon-1/current"
    if is_up coupon-1; then fail "coupon-1 is up: $what did not keep it"; fi
    servers_show "$WORK/kept"
    wait_for 60 "coupon-1 to come back by itself" is_up coupon-1
}

is_started_again() { [[ $(pid_of coupon-1) != "$1" ]]; }

# The files behind amqps:// are shown to a broker that asks for them.
own_certificate() {
    local port=$((PORT_OF[postgresql] + 180)) url
    certificate "$CA/server" good IP:127.0.0.1 2
    certificate "$CA/client" good DNS:producer 2
    openssl s_server -accept "127.0.0.1:$port" -naccept 1 -www -Verify 1 -verify_return_error \
        -CAfile "$CA/good.crt" -cert "$CA/server.crt" -key "$CA/server.key" \
        >"$WORK/asked" 2>&1 </dev/null &
    CHILDREN+=("$!")
    wait_for 10 "a server that asks for a certificate" grep -q ACCEPT "$WORK/asked"
    url="amqps://u:p@127.0.0.1:$port/x?cacertfile=$CA/good.crt"
    # It is no broker, and never answers what comes then.
    broker "$url&certfile=$CA/client.crt&keyfile=$CA/client.key" >"$WORK/shown" 2>&1 &
    wait_for 10 "the certificate to be shown" grep -q 'depth=0 CN = firstcome' "$WORK/asked"
    wait "$!" || true
    says "what the server found" "$(<"$WORK/asked")" '1 server accepts that finished'
    if broker "$url&certfile=$CA/client.crt&keyfile=$CA/server.key" >"$WORK/shown" 2>&1; then
        fail "a key of another certificate is taken"
    fi
    says "a key of another certificate" "$(<"$WORK/shown")" 'do not belong together'
}

main() {
    command -v openssl >/dev/null || fail "openssl is not installed: run deploy/setup"
    mkdir -p "$CA"
    authority good
    authority other
    installation_certificates
    stack_up shop --tls --ingress 1 --coupon-workers 2 --order-workers 1 --clocks 1
    # shellcheck source=/dev/null
    . "$STATE/env"
    all_is_encrypted
    fc demo --users "$(long 150 5000)" --quantity 10 >"$WORK/demo" 2>&1 ||
        fail "demo: $(<"$WORK/demo")"
    says "the show" "$(<"$WORK/demo")" '^all as promised +yes$'
    flood
    wrong_ways
    cp "$STATE/tls/rabbitmq.key" "$WORK/kept.key"
    cp "$STATE/tls/rabbitmq.crt" "$WORK/kept.crt"
    certificate "$CA/name" good DNS:elsewhere.example,IP:127.0.0.9 60
    while_they_show "$CA/name" "a wrong name" 'refused: IP address mismatch' \
        'does not match host name'
    certificate "$CA/ended" good IP:127.0.0.1 -1
    while_they_show "$CA/ended" "a certificate that has ended" 'refused: certificate has expired' \
        'certificate verify failed'
    own_certificate
    all_is_encrypted
    http_ok POST /v1/users 9001 '{"user_id":9001}'
    audit_is_clean
}

main
