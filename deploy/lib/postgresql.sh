# shellcheck shell=bash
# The private PostgreSQL: made, configured, supervised, given its role and database.

# postgresql_bin: the folder of the programs, of the version that made the data if there are data.
postgresql_bin() {
    local version dir
    version=$(cat "$STATE/postgresql/data/PG_VERSION" 2>/dev/null) || version=''
    for dir in /usr/lib/postgresql/${version:-*}/bin; do :; done # the newest sorts last
    [[ -x $dir/postgres ]] ||
        die "PostgreSQL ${version:-15} is not installed: run deploy/setup."
    echo "$dir"
}

# postgresql_conninfo ROLE PASSWORD: through the socket, or encrypted by TCP.
postgresql_conninfo() {
    local login="dbname=firstcome user=$1 password=$2"
    if [[ $TLS == yes ]]; then
        echo "host=127.0.0.1 port=$(port_of postgresql) sslmode=verify-full" \
            "sslrootcert=$(tls_dir)/ca.crt $login"
    else
        echo "host=$SAFE/socket port=$(port_of postgresql) $login"
    fi
}

# postgresql_doors RIGHTS: who may enter. The test servers' role makes databases of its own. Where
# the server runs, it reads that anew.
postgresql_doors() {
    local databases=firstcome host=host file=$STATE/postgresql/pg_hba.conf before
    before=$(cat "$file" 2>/dev/null) || before=''
    [[ $1 == NOSUPERUSER ]] || databases=all
    [[ $TLS == no ]] || host=hostssl
    fill "$REPO/deploy/postgresql/pg_hba.conf" DATABASE="$databases" HOST="$host" |
        put_file "$file" 644
    [[ -z $before || $before == "$(<"$file")" ]] || ! service_is_up postgresql ||
        s6-svc -h "$(service_dir postgresql)"
}

# postgresql_configure RIGHTS: RAM / 8, at most 256 MB, in kB; and less log on a small disk.
postgresql_configure() {
    local dir=$STATE/postgresql memory wal=2GB before
    before=$(cat "$dir/postgresql.conf" 2>/dev/null) || before=''
    memory=$(($(memory_kb) / 8))
    ((memory < 262144)) || memory=262144
    (($(disk_free_mb) > 8000)) || wal=512MB
    fill "$REPO/deploy/postgresql/postgresql.conf" PORT="$(port_of postgresql)" \
        SOCKETS="$SAFE/socket" DIR="$SAFE/postgresql" SHARED_BUFFERS="${memory}kB" \
        MAX_WAL_SIZE="$wal" >"$dir/postgresql.conf.next"
    [[ $TLS == no ]] ||
        fill "$REPO/deploy/postgresql/postgresql-tls.conf" TLS="$(tls_dir)" \
            >>"$dir/postgresql.conf.next"
    put_file "$dir/postgresql.conf" 644 <"$dir/postgresql.conf.next"
    rm -f -- "$dir/postgresql.conf.next"
    note_changed postgresql "$before" "$dir/postgresql.conf"
    postgresql_doors "$1"
    printf 'admin "%s" postgres\n' "$PG_USER" | put_file "$dir/pg_ident.conf" 644
}

postgresql_init() {
    local dir=$STATE/postgresql bin
    bin=$(postgresql_bin)
    mkdir -p -- "$dir"
    ! is_root || chown -- "$PG_USER" "$dir" "$STATE/socket"
    [[ ! -f $dir/data/PG_VERSION ]] || return 0
    rm -rf -- "$dir/new"
    (cd / && run_as "$PG_USER" "$bin/initdb" -D "$SAFE/postgresql/new" --username=postgres \
        --data-checksums --encoding=UTF8 --locale=C.UTF-8 \
        --auth-local=peer --auth-host=scram-sha-256) >"$STATE/log/initdb" 2>&1 ||
        die "initdb failed: $(tail -n 1 "$STATE/log/initdb"); all it said is in $STATE/log/initdb."
    mv -T -- "$dir/new" "$dir/data" # only whole data folders get the name
}

# SIGINT: end the sessions, write a checkpoint, leave. Never killed by the supervisor.
postgresql_service() {
    service_define postgresql SIGINT 0 <<EOF
cd / || exit 111
exec $(as_user "$PG_USER") $(quote "$(postgresql_bin)/postgres" -D "$SAFE/postgresql/data" \
        --config-file="$SAFE/postgresql/postgresql.conf")
EOF
}

postgresql_is_ready() {
    "$POSTGRESQL_BIN/pg_isready" -q -t 2 -h "$SAFE/socket" -p "$(port_of postgresql)" \
        -d firstcome -U firstcome
}

# postgresql_admin DATABASE: the script on stdin, as superuser.
postgresql_admin() {
    (cd / && run_as "$PG_USER" "$POSTGRESQL_BIN/psql" -X -q -h "$SAFE/socket" \
        -p "$(port_of postgresql)" -U postgres "$1")
}

# postgresql_roles RIGHTS: passwords go by the pipe, where no list of processes shows them.
postgresql_roles() {
    local job
    {
        printf "\\\\set password '%s'\n\\\\set rights %s\n" "$SECRET_DATABASE" "$1"
        for job in $(jobs_names); do
            printf "\\\\set password_%s '%s'\n" "$job" "$(secret_of DATABASE "$job")"
        done
        cat "$REPO/deploy/postgresql/roles.sql"
    } | postgresql_admin postgres || die "PostgreSQL refuses the roles; the line above says why."
}

# postgresql_rights: what each program may do, once the schema is there.
postgresql_rights() {
    postgresql_admin firstcome <"$REPO/deploy/postgresql/rights.sql" ||
        die "PostgreSQL refuses the programs' rights; the line above says why."
}

# postgresql_up RIGHTS
postgresql_up() {
    local new=''
    [[ -f $STATE/postgresql/data/PG_VERSION ]] || new=' (a new, empty database)'
    postgresql_init
    postgresql_configure "$1"
    postgresql_service
    service_start postgresql
    POSTGRESQL_BIN=$(postgresql_bin)
    service_wait postgresql 60 postgresql_is_ready
    postgresql_roles "$1"
    say postgresql "127.0.0.1:$(port_of postgresql)$new"
}

memory_kb() { sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo; }

disk_free_mb() { echo $(($(df -Pk -- "$STATE" | awk 'NR == 2 { print $4 }') / 1024)); }
