# shellcheck shell=bash disable=SC2034,SC2317 # called by the names in the table of faults
# Faults of PostgreSQL: its processes, its sessions, its locks, its disk. What proves that they are
# there is a session of our own that fares as the programs' do.

# ---- db_end KILL|QUIT: the postmaster dies at once; the supervisor starts it again

db_end_inject() {
    strike_soon "$2" postgresql
    PIDS[$1]=$STRUCK
}

db_end_seen() { seen 30 "PostgreSQL is another process" pid_differs postgresql "${PIDS[$1]}"; }
db_end_heal() { :; }

# ---- db_freeze: all its processes

db_freeze_inject() {
    local pid
    pid=$(pid_of postgresql)
    # The postmaster first: it starts no others then.
    kill -s STOP "$pid"
    PIDS[$1]="$pid $(ps -o pid= --ppid "$pid" | tr '\n' ' ')"
    # Some end by themselves just now.
    for pid in ${PIDS[$1]}; do kill -s STOP "$pid" 2>/dev/null || true; done
    say "PostgreSQL and its $(wc -w <<<"${PIDS[$1]}") processes got SIGSTOP"
}

db_freeze_seen() { seen 10 "PostgreSQL stands still" is_frozen "${PIDS[$1]%% *}"; }

db_freeze_heal() {
    local pid
    for pid in ${PIDS[$1]}; do kill -s CONT "$pid" 2>/dev/null || true; done
}

# ---- db_sessions all|some: pg_terminate_backend

db_sessions_inject() {
    local which='true'
    [[ $2 == all ]] || which='pid % 2 = 0'
    PIDS[$1]=$(pg_admin "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                         WHERE usename LIKE 'firstcome%' AND $which")
}

db_sessions_seen() {
    ((PIDS[$1] > 0)) || fail "$NOW: there were no sessions to end"
    say "${PIDS[$1]} sessions ended"
}

db_sessions_heal() { :; }

# ---- db_limit: the door lets one session of each role in, and all have to come anew

db_limit_inject() {
    roles_limit 1
    pg_admin "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE usename LIKE 'firstcome%'" >"$WORK/admin"
    "$STATE/bin/psql" -XAtqc 'SELECT pg_sleep(600)' >"$WORK/sleeper" 2>&1 &
    PIDS[$1]=$!
    CHILDREN+=($!)
}

roles_limit() {
    pg_admin "DO \$\$ DECLARE name text; BEGIN
        FOR name IN SELECT rolname FROM pg_roles WHERE rolname LIKE 'firstcome%' LOOP
            EXECUTE format('ALTER ROLE %I CONNECTION LIMIT %s', name, $1);
        END LOOP; END \$\$" >"$WORK/admin"
}

db_limit_seen() { seen 20 "a session is refused" sql_says 'too many connections' 'SELECT 1'; }
sql_says() { ! sql "$2" >"$WORK/sql" 2>&1 && grep -q "$1" "$WORK/sql"; }

db_limit_heal() {
    roles_limit -1
    child_end "${PIDS[$1]}"
}

# ---- db_timeouts: every statement that takes more than a moment is cancelled, with the code of a
# statement's timeout. (The timeout itself each program sets for its sessions; no role's default
# reaches them. db_lock below lasts longer than it.)

db_timeouts_inject() {
    PIDS[$1]=$(log_count postgresql 'canceling statement due to')
    cancels &
    TARGETS[$1]=$!
    CHILDREN+=("${TARGETS[$1]}")
}

cancels() {
    trap - ERR EXIT
    pg_admin "DO \$\$ BEGIN
        FOR i IN 1 .. 100000 LOOP
            PERFORM pg_cancel_backend(pid) FROM pg_stat_activity
             WHERE usename LIKE 'firstcome%' AND state = 'active'
               AND query_start < clock_timestamp() - interval '1 ms';
            PERFORM pg_sleep(0.005), pg_stat_clear_snapshot();
        END LOOP; END \$\$" >"$WORK/cancels" 2>&1
}

db_timeouts_seen() { seen 20 "a statement is cancelled" sql_says 'canceling' 'SELECT pg_sleep(5)'; }

db_timeouts_heal() {
    local count
    child_end "${TARGETS[$1]}"
    pg_admin "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE query LIKE '%pg_cancel_backend%' AND pid <> pg_backend_pid()" >"$WORK/admin"
    count=$(log_count postgresql 'canceling statement due to')
    say "statements cancelled: $((count - PIDS[$1]))"
}

# ---- db_lock rows|table: a transaction that does nothing holds what everybody wants

# In the order in which the workers lock, or one of them would have to give way, and it might be us.
readonly LOCK_ROWS='SELECT 1 FROM wallet ORDER BY user_id FOR UPDATE;
    SELECT 1 FROM coupon_template ORDER BY template_id FOR UPDATE;
    SELECT 1 FROM product_option ORDER BY option_id FOR UPDATE;'
readonly LOCK_TABLE='LOCK TABLE journal IN ACCESS EXCLUSIVE MODE;'

db_lock_inject() {
    local fd statements=$LOCK_ROWS
    [[ $2 == rows ]] || statements=$LOCK_TABLE
    rm -f -- "$WORK/lock"
    mkfifo -- "$WORK/lock"
    "$STATE/bin/psql" -XAtq <"$WORK/lock" >"$WORK/lock.log" 2>&1 &
    PIDS[$1]=$!
    CHILDREN+=("${PIDS[$1]}")
    exec {fd}>"$WORK/lock"
    TARGETS[$1]=$fd
    printf 'BEGIN;\n%s\n' "$statements" >&"$fd"
}

db_lock_seen() {
    local probe='SELECT 1 FROM wallet LIMIT 1 FOR UPDATE NOWAIT'
    [[ $2 == rows ]] || probe='LOCK TABLE journal IN ACCESS SHARE MODE NOWAIT'
    seen 60 "a transaction does nothing and holds it" is_idle_lock "$probe"
}

is_idle_lock() {
    (($(pg_admin "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'
                  AND query ~ '^(SELECT 1 FROM product_option|LOCK TABLE journal)'") == 1)) &&
        sql_says 'could not obtain lock' "BEGIN; $1"
}

db_lock_heal() {
    local fd=${TARGETS[$1]}
    # Its input does not end when we close it: who was started meanwhile has it, too.
    printf 'ROLLBACK;\n\\q\n' >&"$fd"
    exec {fd}>&-
    wait "${PIDS[$1]}" || true
}

# ---- db_disk: no byte more fits on the disk that the database is on

# A file system of its own in a file, mounted; the database's folder is a link to it.
readonly DISK_MB=6000

db_disk_possible() {
    [[ -n $DISK ]] || { WHY=$DISK_WHY && return 1; }
}

# disk_make: DISK = the folder where it is mounted; or empty, and DISK_WHY tells why.
disk_make() {
    ((EUID == 0)) || { DISK_WHY='only root may mount a file system' && return 0; }
    mkdir -- "$WORK/disk"
    truncate -s "${DISK_MB}M" "$WORK/disk.img"
    if mkfs.ext4 -q -m 0 "$WORK/disk.img" >"$WORK/mkfs" 2>&1 &&
        mount -o loop "$WORK/disk.img" "$WORK/disk" >>"$WORK/mkfs" 2>&1; then
        DISK=$WORK/disk
        AT_END+=(disk_remove)
        mkdir -- "$DISK/postgresql"
    else
        DISK_WHY="no file system can be made and mounted here: $(tail -n 1 "$WORK/mkfs")"
    fi
}

disk_remove() { umount -- "$DISK" || umount -l -- "$DISK"; }

db_disk_inject() {
    local free
    PIDS[$1]=$(log_count postgresql 'No space left on device')
    free=$(($(df -B 4096 --output=avail -- "$DISK" | tail -n 1) * 4))
    # What it takes itself meanwhile makes the first of these fail sometimes.
    fallocate -l "${free}K" "$DISK/full" 2>/dev/null ||
        fallocate -l "$((free - 4096))K" "$DISK/full" || fail "$NOW: it cannot be filled"
    # And the last few blocks.
    dd if=/dev/zero of="$DISK/full.rest" bs=4096 2>/dev/null || true
}

db_disk_seen() { seen 60 "PostgreSQL finds no room" disk_is_full "${PIDS[$1]}"; }

disk_is_full() {
    local rc=0
    pg_admin 'CREATE TEMP TABLE chaos AS SELECT generate_series(1, 100000)' \
        >"$WORK/admin" 2>&1 || rc=$?
    ((rc)) && log_grows postgresql 'No space left on device' "$1"
}

db_disk_heal() { rm -f -- "$DISK/full" "$DISK/full.rest"; }
