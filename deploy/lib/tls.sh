# shellcheck shell=bash disable=SC2153 # its capital names come from layout.sh and up
# The certificates of an installation whose servers are reached by TLS (deploy/up --tls): an
# authority of its own signs for both servers and is forgotten at once, so that nobody can sign
# anything else by it. The operator may put others in their place, before the first deploy/up or
# between deploy/down and deploy/up; those are left alone.

# Days: so long they hold, and so long before their end deploy/up makes new ones.
readonly TLS_DAYS=825 TLS_RENEW_DAYS=30

tls_dir() { echo "$SAFE/tls"; }

# tls_prepare: the files are there, and hold for a while.
tls_prepare() {
    [[ $TLS == yes ]] || return 0
    need_tool openssl
    mkdir -p -- "$STATE/tls"
    chmod 755 -- "$STATE/tls"
    if ! tls_is_ours; then
        tls_are_there ||
            die "$STATE/tls has a ca.crt that is not deploy/up's, but not both of postgresql.crt" \
                "and rabbitmq.crt with their .key: put them there, or remove the folder."
        tls_hold || warn "certificates in $STATE/tls end within $TLS_RENEW_DAYS days: put" \
            "others in their place, and call deploy/down and deploy/up."
        tls_keys_close
    elif ! tls_are_there; then
        tls_make
    elif tls_hold; then
        tls_keys_close
    elif scanner_pid >/dev/null; then
        # Running servers go on with the old ones, and programs with new ones would refuse them.
        warn "certificates in $STATE/tls end within $TLS_RENEW_DAYS days: call deploy/down and" \
            "deploy/up, which makes new ones."
        tls_keys_close
    else
        tls_make
    fi
}

# tls_is_ours: no authority is there yet, or one that deploy/up has made: those are written down.
tls_is_ours() {
    local made=$STATE/tls/made-by-deploy-up
    [[ -f $STATE/tls/ca.crt ]] || return 0
    [[ -f $made ]] || return 1
    [[ ! -s $made ]] || grep -qxF -- "$(sha256sum <"$STATE/tls/ca.crt")" "$made"
}

tls_are_there() {
    local name
    for name in postgresql rabbitmq; do
        [[ -f $STATE/tls/$name.crt && -f $STATE/tls/$name.key ]] || return 1
    done
}

# tls_hold: for a while longer.
tls_hold() {
    local name
    for name in ca postgresql rabbitmq; do
        openssl x509 -in "$STATE/tls/$name.crt" -noout \
            -checkend $((TLS_RENEW_DAYS * 86400)) >/dev/null 2>&1 || return 1
    done
}

# Each server reads its own key, and nobody else does.
tls_keys_close() {
    ! is_root || {
        chown -- "$PG_USER" "$STATE/tls/postgresql.key"
        chown -- "$MQ_USER" "$STATE/tls/rabbitmq.key"
    }
    chmod 400 -- "$STATE/tls/postgresql.key" "$STATE/tls/rabbitmq.key"
}

tls_make() {
    local work name
    rm -rf -- "$STATE"/tls/new-* # of a death in between: the authority's key is in it
    work=$(mktemp -d -- "$STATE/tls/new-XXXXXX")
    tls_authority "$work"
    tls_certificate "$work" postgresql
    tls_certificate "$work" rabbitmq
    # Before it is there: whoever finds it after a death in between knows whose it is.
    sha256sum <"$work/ca.crt" >>"$STATE/tls/made-by-deploy-up"
    put_file "$STATE/tls/ca.crt" 644 <"$work/ca.crt"
    for name in postgresql rabbitmq; do
        put_file "$STATE/tls/$name.crt" 644 <"$work/$name.crt"
    done
    for name in postgresql rabbitmq; do
        put_file "$STATE/tls/$name.key" 400 <"$work/$name.key"
    done
    tls_keys_close
    rm -rf -- "$work"
    say certificates "made for 127.0.0.1 and localhost, good for $TLS_DAYS days"
}

# openssl_quietly WORD…
openssl_quietly() {
    (umask 077 && openssl "$@" 2>"$STATE/log/openssl" </dev/null) ||
        die "openssl $1 failed: $(tail -n 1 "$STATE/log/openssl")"
}

# tls_authority DIR: its key stays in DIR and goes with it.
tls_authority() {
    openssl_quietly req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -subj "/CN=firstcome $PORT" -days $TLS_DAYS -keyout "$1/ca.key" -out "$1/ca.crt" \
        -addext basicConstraints=critical,CA:true,pathlen:0 \
        -addext keyUsage=critical,keyCertSign
}

# tls_certificate DIR NAME
tls_certificate() {
    printf '%s\n' 'subjectAltName=IP:127.0.0.1,DNS:localhost' 'extendedKeyUsage=serverAuth' \
        'basicConstraints=critical,CA:false' 'keyUsage=critical,digitalSignature' >"$1/$2.ext"
    openssl_quietly req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -subj "/CN=$2 of firstcome" -keyout "$1/$2.key" -out "$1/$2.csr"
    openssl_quietly x509 -req -in "$1/$2.csr" -CA "$1/ca.crt" -CAkey "$1/ca.key" \
        -set_serial "0x$(random_hex 8)" -days $TLS_DAYS -extfile "$1/$2.ext" -out "$1/$2.crt"
}
