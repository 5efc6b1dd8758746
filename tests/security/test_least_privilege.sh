#!/usr/bin/env bash
# Each program may do at PostgreSQL and RabbitMQ what it does, and nothing else. What stands in
# rights.txt is what the database has; each statement of sql/queries has its users, who may run it,
# and each right has its statement; whoever comes with a program's login can do no other harm. At
# the broker the same by deeds, also for the back-ends of shops (deploy/producer).
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"

readonly ALL="ingress coupon order stats payment platform clock"
readonly WORKERS="coupon order stats payment platform"

# users_of AREA/NAME: the programs that run the statement. operator: the command line alone.
users_of() {
    case $1 in
    read/*) echo ingress ;;
    journal/* | park/attempt* | policy/newest) echo coupon order ;;
    park/insert) echo "$WORKERS" ;;
    policy/insert) echo order ;;
    load/coupons | load/lock_coupons | load/wallets | load/lock_wallets) echo coupon order ;;
    load/templates | store/template_*) echo coupon ;;
    load/*) echo order ;;
    store/coupon_*) echo coupon order ;;
    store/*) echo order ;;
    stats/*) echo stats ;;
    clock/*) echo clock ;;
    lease/*) echo "$WORKERS clock" ;;
    transaction/* | migrate/difference) echo "$ALL" ;;
    cli/* | rebuild/* | replay/* | migrate/* | policy/*) echo operator ;;
    esac
}

# ---- the database: what is granted

# granted: "role thing rights" of each program and each table, and what everybody may do.
granted() {
    "$STATE/bin/psql" -XAt -F ' ' -v ON_ERROR_STOP=1 -f - <<'SQL'
with who as (
    select oid, rolname as name from pg_roles where rolname ~ '^firstcome_'
    union all
    select 0, 'everybody'
),
thing as (
    select c.oid, c.relname as name, c.relacl as acl, c.relowner as owner
      from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'p', 'f')
),
given as (
    select t.name, a.grantee, lower(a.privilege_type) as what
      from thing t cross join aclexplode(t.acl) a
    union all
    select t.name, a.grantee,
           lower(a.privilege_type) || '(' || string_agg(b.attname, ',' order by b.attnum) || ')'
      from thing t
      join pg_attribute b on b.attrelid = t.oid
     cross join aclexplode(b.attacl) a
     group by t.name, a.grantee, a.privilege_type
)
select w.name, t.name, coalesce(string_agg(g.what, ' ' order by g.what), '-')
  from who w
 cross join thing t
  left join given g on g.grantee = w.oid and g.name = t.name
 where g.what is not null
    or (w.oid = 0 and not exists (
           select from given o join who p on p.oid = o.grantee where o.name = t.name))
 group by w.name, t.name
 order by w.name, t.name
SQL
}

matrix() {
    granted >"$WORK/rights"
    diff -u "$REPO/tests/security/rights.txt" "$WORK/rights" >"$WORK/difference" ||
        fail "the rights are others than rights.txt has: $(<"$WORK/difference")"
    say "rights: the $(wc -l <"$WORK/rights") lines of rights.txt"
}

# ---- the database: who needs what

statements() {
    local file
    for file in "$REPO"/sql/queries/*/*.sql; do
        file=${file#"$REPO/sql/queries/"}
        echo "${file%.sql}"
    done
}

# Those that are no plan to look at; who may run them is seen where the programs run.
is_utility() {
    case $1 in
    transaction/* | lease/replan | migrate/table) ;;
    rebuild/journal | rebuild/lock | rebuild/next) ;;
    replay/begin | replay/close | replay/journal | replay/next) ;;
    *) return 1 ;;
    esac
}

# preparations: each statement prepared, and a table of who uses it.
preparations() {
    local name user
    for name in $(statements); do
        [[ -n $(users_of "$name") ]] || fail "sql/queries/$name.sql is nobody's: add it here"
        ! is_utility "$name" || continue
        printf 'prepare "%s" as\n' "$name"
        sed 's/;[[:space:]]*$//' "$REPO/sql/queries/$name.sql"
        echo ';'
        for user in $(users_of "$name"); do
            [[ $user == operator ]] ||
                echo "insert into pg_temp.uses values ('firstcome_$user', '$name');"
        done
    done
}

# As superuser, since it takes the place of all: each role runs each of its statements as far as
# rights are asked for; then, with one right after another taken away, no longer all of them.
needs() {
    {
        echo "create temporary table uses (role name, statement text);"
        echo "set plan_cache_mode = force_generic_plan;"
        preparations
        cat "$REPO/tests/security/rights_needed.sql"
    } >"$WORK/needs.sql"
    as_superuser -f "$WORK/needs.sql" >"$WORK/needs" 2>&1 ||
        fail "rights: $(tail -n 5 "$WORK/needs")"
    ! grep -q '^!' "$WORK/needs" || fail "rights: $(grep '^!' "$WORK/needs")"
    within "statements that a program may run" "$(grep -c "^may " "$WORK/needs")" 100 1000
    within "rights that are needed, each by a statement" "$(grep -c '^needed ' "$WORK/needs")" \
        100 1000
}

as_superuser() {
    local -a other=()
    ((EUID != 0)) || other=(setpriv --reuid=postgres --regid="$(id -g postgres)" --clear-groups)
    chmod 644 "$WORK"/needs.sql 2>/dev/null || true
    (cd / && timeout 120 "${other[@]}" psql -XAtq -v ON_ERROR_STOP=1 -h "$STATE/socket" \
        -p "${PORT_OF[postgresql]}" -U postgres firstcome "$@")
}

# ---- the database: what a program's login cannot do

# cannot JOB: each statement of stdin, one a line, is refused for want of rights (SQLSTATE 42501) to
# that program's own login, whatever it was told to be content with.
cannot() {
    local conninfo line state deeds=()
    conninfo=$(sed -n 's/^FIRSTCOME_DATABASE=//p' "$STATE/environment/$1")
    mapfile -t deeds
    {
        echo "set default_transaction_read_only = off;"
        for line in "${deeds[@]}"; do printf '%s;\n\\echo state :SQLSTATE\n' "$line"; done
    } >"$WORK/deeds.sql"
    timeout 60 psql -XAtq "$conninfo" -f "$WORK/deeds.sql" >"$WORK/done" 2>&1 </dev/null || true
    for line in "${deeds[@]}"; do
        read -r state || fail "firstcome_$1 ends before: $line"
        [[ $state == 42501 ]] || fail "firstcome_$1, $line: SQLSTATE $state instead of 42501"
        DEEDS=$((DEEDS + 1))
    done < <(sed -n 's/^state //p' "$WORK/done")
}

cannot_do_harm() {
    local job table
    DEEDS=0
    for job in $ALL; do
        cannot "$job" <<'SQL'
create table mine (id int)
create temporary table mine (id int)
create schema mine
select lo_from_bytea(0, 'x')
copy policy to program 'true'
select pg_read_file('postgresql.conf')
select rolpassword from pg_authid
set role firstcome
alter role current_user superuser
truncate counted_event
drop table wallet
update schema_migration set sha256 = ''
select pg_terminate_backend(pid) from pg_stat_activity where usename is distinct from current_user
SQL
    done
    for table in wallet orders coupon journal parked policy; do
        printf '%s\n' "insert into $table default values" "delete from $table" | cannot ingress
    done
    cannot ingress <<'SQL'
update wallet set balance = 1
select pg_try_advisory_lock(1, 1)
select pg_advisory_lock(1)
select nextval('journal_seq_seq')
select bytes from parked
select idempotency_key from journal
SQL
    cannot coupon <<'SQL'
update wallet set balance = 1
insert into orders default values
delete from coupon
SQL
    cannot order <<'SQL'
update journal set verdict = null
delete from journal
delete from orders
update sales_daily set revenue = 0
SQL
    echo "update orders set status = 'paid'" | cannot stats
    echo "select * from orders" | cannot payment
    echo "select * from customer" | cannot platform
    echo "select user_id from orders" | cannot clock
    say "$DEEDS deeds by programs' logins at the database: refused"
    is "other databases that a program may enter" "$(sql "SELECT count(*)
        FROM pg_database d, pg_roles r WHERE r.rolname LIKE 'firstcome\\_%'
        AND d.datname <> 'firstcome' AND has_database_privilege(r.oid, d.oid, 'connect')
        AND d.datallowconn")" 0
    is "programs whose login is more than a login" "$(sql "SELECT count(*) FROM pg_roles r
        WHERE r.rolname LIKE 'firstcome\\_%' AND (rolsuper OR rolcreaterole OR rolcreatedb
        OR rolreplication OR rolbypassrls OR EXISTS (SELECT FROM pg_auth_members m
        WHERE m.member = r.oid))")" 0
    is "the operator is superuser" "$(sql "SELECT rolsuper FROM pg_roles
        WHERE rolname = 'firstcome'")" f
}

# ---- the broker

# try BROKER-URL DEED…: prints ok, or the broker's code.
try() { FIRSTCOME_BROKER=$1 timeout 30 "$BUILD/bin/mq_try" "${@:2}"; }

# may WHO DEED…, may_not WHO DEED…
may() {
    local got
    got=$(try "${URL_OF[$1]}" "${@:2}") || true
    [[ $got == ok ]] || fail "$1 may not ${*:2}: $got"
    DEEDS=$((DEEDS + 1))
}

may_not() {
    local got
    got=$(try "${URL_OF[$1]}" "${@:2}") || true
    [[ $got == 403 ]] || fail "$1 may ${*:2}: $got"
    DEEDS=$((DEEDS + 1))
}

broker_deeds() {
    local job queue
    declare -gA URL_OF=()
    DEEDS=0
    for job in $ALL; do
        URL_OF[$job]=$(sed -n 's/^FIRSTCOME_BROKER=//p' "$STATE/environment/$job")
    done
    URL_OF[producer]=$(deploy producer checkout) || fail "deploy/producer: ${URL_OF[producer]}"

    for job in $ALL producer; do
        may_not "$job" declare mine
        may_not "$job" exchange mine
        may_not "$job" delete order.0
        [[ $job == order ]] || may_not "$job" purge order.0
        may_not "$job" bind order.0 firstcome.events order
        for queue in coupon.0 order.0 stats.0 payment.0 platform.0; do
            [[ $queue == "$job".0 ]] || may_not "$job" consume "$queue"
        done
    done
    for job in coupon order stats payment platform; do may "$job" consume "$job.0"; done

    for job in ingress producer payment clock; do
        may "$job" publish firstcome.commands order.0
    done
    for job in coupon order stats platform; do
        may_not "$job" publish firstcome.commands order.0
    done
    for job in coupon order payment; do may "$job" publish '' amq.gen-x; done
    for job in ingress stats platform clock producer; do may_not "$job" publish '' order.0; done
    for job in coupon order; do
        may "$job" publish firstcome.events order
        may_not "$job" publish firstcome.events other
    done
    for job in ingress stats payment platform clock producer; do
        may_not "$job" publish firstcome.events order
    done

    may ingress listen firstcome.events catalog
    may_not ingress listen firstcome.events order
    may_not ingress listen firstcome.commands order.0
    may producer listen firstcome.events order
    may_not producer listen firstcome.commands order.0
    may producer declare producer.checkout.orders
    may_not producer declare producer.other.orders
    for job in coupon clock; do may_not "$job" listen firstcome.events order; done
    say "$DEEDS deeds at the broker: done or refused, each as it should be"
}

a_login_that_was_taken_away() {
    local got
    deploy producer --remove checkout >"$WORK/removed" 2>&1 ||
        fail "deploy/producer --remove: $(<"$WORK/removed")"
    got=$(try "${URL_OF[producer]}" publish firstcome.commands order.0) || true
    [[ $got != ok ]] || fail "a login that was taken away works still"
    is "a back-end without a login" "$got" 403
}

# ---- an installation that runs learns of rights that came later

rights_come_back() {
    sql 'CREATE TABLE of_a_later_migration (id int)' >"$WORK/made"
    granted >"$WORK/rights"
    is "who may touch a table that nobody thought of" \
        "$(grep of_a_later_migration "$WORK/rights")" 'everybody of_a_later_migration -'
    sql 'DROP TABLE of_a_later_migration' >"$WORK/made"
    as_superuser -c 'GRANT ALL ON ALL TABLES IN SCHEMA public TO firstcome_ingress, public' \
        >"$WORK/made"
    as_superuser -c 'REVOKE ALL ON orders FROM firstcome_order' >"$WORK/made"
    "$STATE/bin/rabbitmqctl" -q set_permissions -p firstcome firstcome-ingress '.*' '.*' '.*' \
        </dev/null
    may ingress consume order.0
    stack_change
    matrix
    may_not ingress consume order.0
}

main() {
    local none=(--ingress 0 --coupon-workers 0 --order-workers 0 --stats-workers 0
        --payment-workers 0 --platform-workers 0 --clocks 0
        --set FIRSTCOME_PAYMENT_URL=http://127.0.0.1:9
        --set FIRSTCOME_PLATFORM_URL=http://127.0.0.1:9/)
    stack_up shop "${none[@]}"
    matrix
    needs
    cannot_do_harm
    broker_deeds
    a_login_that_was_taken_away
    rights_come_back
}

main
