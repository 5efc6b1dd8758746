#!/usr/bin/env bash
# No secret of an installation stands where somebody else can read it: not in a log, at debug level
# and in trouble too, nor what customers ask for in that of PostgreSQL; not in the words of a
# command, while deploy/up works or afterwards; not in a file that others may read; not on a page of
# a program. Each program has its own secrets and no other's, and nobody but root looks into it; it
# leaves no core.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"

TOKEN=gateway-token-$RANDOM$RANDOM PAYMENT=payment-token-$RANDOM$RANDOM

# The values come on the standard input.
secrets_set() {
    printf '%s\n' "$TOKEN" "$PAYMENT" |
        timeout 300 "$REPO/deploy/up" --dir "$STATE" --no-build --build "$BUILD" \
            --set FIRSTCOME_GATEWAY_TOKEN=- --set FIRSTCOME_PAYMENT_TOKEN=- \
            >"$WORK/deploy.log" 2>&1 || fail "deploy/up --set: $(<"$WORK/deploy.log")"
    ports_read
}

# SECRETS: a file with all of them, one a line.
secrets_collect() {
    SECRETS=$WORK/secrets
    {
        sed -n 's/^[A-Z_]*=//p' "$STATE/secrets"
        printf '%s\n' "$TOKEN" "$PAYMENT"
    } >"$SECRETS"
    chmod 600 "$SECRETS"
    within "secrets" "$(grep -c . "$SECRETS")" 22 100
}

# has_none WHAT: stdin holds none of them.
has_none() {
    local found
    cat >"$WORK/looked-at"
    chmod 600 "$WORK/looked-at"
    found=$(grep -aoFf "$SECRETS" "$WORK/looked-at" | sort -u | head -n 3) || true
    [[ -z $found ]] || fail "$1: has ${found//$'\n'/, }"
    [[ -s $WORK/looked-at ]] || fail "$1: nothing was looked at"
    say "$1: none ($(wc -c <"$WORK/looked-at") bytes)"
}

# ---- commands

# Everything that deploy/up, deploy/producer and the tools start, word by word.
commands_while_deploying() {
    command -v strace >/dev/null || fail "strace is not installed: run deploy/setup test"
    traced "$REPO/deploy/up" --dir "$STATE" --no-build --build "$BUILD" --order-workers 2
    traced "$REPO/deploy/producer" --dir "$STATE" checkout
    traced "$STATE/bin/firstcome" status
    traced "$STATE/bin/psql" -c 'select 1'
    within "commands that were started" "$(grep -c 'execve(' "$WORK/execs")" 100 100000
    # The words are between the brackets; what stands behind them counts the environment only.
    grep -o 'execve(.*\[.*\]' "$WORK/execs" | has_none "words of commands while deploying"
    ports_read
}

# traced COMMAND…: notes what it starts, and what that starts.
traced() {
    strace -f --seccomp-bpf -qq -e trace=execve -e signal=none -s 8000 -o "$WORK/execs" -A \
        timeout 300 "$@" >"$WORK/out" 2>&1 </dev/null || fail "$1: $(<"$WORK/out")"
}

commands_that_run() {
    { cat /proc/[0-9]*/cmdline 2>/dev/null || true; } | tr '\0' '\n' |
        has_none "words of all that runs"
}

# ---- programs

programs() {
    deploy status --json | jq -r '.processes[].name' | grep -Evx 'postgresql|epmd|rabbitmq'
}

# own_secrets NAME: the secrets that it has to have, sorted.
own_secrets() {
    local job=${1%-*}
    case $1 in
    standin-platform) sed -n 's/^PLATFORM=//p' "$STATE/secrets" ;;
    standin-*) ;;
    *)
        sed -n "s/^\\(DATABASE\\|BROKER\\)_${job^^}=//p" "$STATE/secrets"
        case $job in
        ingress) sed -n 's/^ID_KEY=//p' "$STATE/secrets" && echo "$TOKEN" ;;
        payment) echo "$PAYMENT" ;;
        platform) sed -n 's/^PLATFORM=//p' "$STATE/secrets" ;;
        esac ;;
    esac | sort
}

each_has_its_own() {
    local name pid
    for name in $(programs); do
        pid=$(pid_of "$name")
        grep -aoFf "$SECRETS" "/proc/$pid/environ" 2>/dev/null | sort -u >"$WORK/has" || true
        own_secrets "$name" >"$WORK/shall"
        ((EUID != 0)) || cmp -s "$WORK/has" "$WORK/shall" ||
            fail "$name has other secrets than its own: $(diff "$WORK/shall" "$WORK/has")"
        is "who may look into $name" "$(stat -c %u "/proc/$pid/environ")" 0
        is "the largest core of $name" "$(sed -n 's/^Max core file size *//p' "/proc/$pid/limits" |
            tr -s ' ' | cut -d' ' -f1,2)" "0 0"
        ((EUID != 0)) || ! setpriv --reuid=nobody --regid=65534 --clear-groups \
            cat "/proc/$pid/environ" >"$WORK/peeped" 2>&1 ||
            fail "$name can be looked into by another program's user"
    done
}

pages() {
    local name path
    for name in $(programs); do
        for path in /metrics /readyz /livez; do
            curl -s --max-time 10 "http://127.0.0.1:${PORT_OF[$name]}$path" || true
        done
    done | has_none "pages of programs"
    for name in $(programs); do
        (
            while IFS= read -r line; do export "${line?}"; done <"$(environment_of "$name")"
            export FIRSTCOME_STANDIN_LISTEN=127.0.0.1:1
            "$STATE/program/firstcome-$(program_of "$name")" --print-config
        ) || fail "$name does not print its settings"
    done 2>&1 | has_none "printed settings"
}

program_of() { case $1 in standin-*) echo "$1" ;; *) echo "${1%-*}" ;; esac; }
environment_of() { echo "$STATE/environment/$(program_of "$1")"; }

# ---- files

# Files with a secret in them that others than their owner may read, wherever they can walk to.
files() {
    local file found=0
    while IFS= read -r -d '' file; do
        grep -aqFf "$SECRETS" "$file" || continue
        fail "$file may be read by others: $(stat -c '%A %U %n' "$file")"
    done < <(find "$STATE" -type f -perm /077 -print0)
    while IFS= read -r -d '' file; do
        ! grep -aqFf "$SECRETS" "$file" || found=$((found + 1))
    done < <(find "$STATE" -path "$STATE/postgresql/data" -prune -o -type f -print0)
    within "files with a secret, all of them their owner's alone" "$found" 10 60
    [[ -z $(find /tmp -maxdepth 1 -newer "$WORK/began" -type f -user "$(id -un)" \
        -exec grep -laFf "$SECRETS" {} +) ]] || fail "a secret was left in /tmp"
}

# Each setting that a program holds to be secret is known to deploy/up as one.
settings_are_known() {
    local name
    grep -rhoE '"FIRSTCOME_[A-Z_]+", FC_SETTING_SECRET' \
        "$REPO"/{shared,producer,workers,deploy} | grep -oE 'FIRSTCOME_[A-Z_]+' |
        sort -u >"$WORK/known"
    while read -r name; do
        [[ $name == FIRSTCOME_DATABASE || $name == FIRSTCOME_BROKER ]] ||
            grep -q "\"$name " "$REPO/deploy/lib/secrets.sh" ||
            fail "$name is secret: say in deploy/lib/secrets.sh who reads it"
    done <"$WORK/known"
    within "settings that are secret" "$(wc -l <"$WORK/known")" 6 30
}

# ---- logs

# What statements are given is not told of slow ones, as which all are taken for a while.
parameters() {
    slow_from 0
    fc demo --users 20 --quantity 2 >"$WORK/demo" 2>&1 || fail "demo: $(<"$WORK/demo")"
    wait_for 20 "a statement in PostgreSQL's log" statement_is_told
    ! grep -hF 'DETAIL:  parameters: ' "$STATE"/log/postgresql/* >"$WORK/out" ||
        fail "parameters in PostgreSQL's log: $(head -c 300 "$WORK/out")"
    say "parameters in PostgreSQL's log: none"
    slow_from 500
}

statement_is_told() { grep -qh 'execute journal_record' "$STATE"/log/postgresql/*; }

slow_from() {
    local -a other=()
    ((EUID != 0)) || other=(setpriv --reuid=postgres --regid="$(id -g postgres)" --clear-groups)
    (cd / && timeout 60 "${other[@]}" psql -XAtq -v ON_ERROR_STOP=1 -h "$STATE/socket" \
        -p "${PORT_OF[postgresql]}" -U postgres firstcome \
        -c "alter system set log_min_duration_statement = $1" -c 'select pg_reload_conf()') \
        >"$WORK/out" 2>&1 || fail "alter system: $(<"$WORK/out")"
}

# Traffic, refusals, wrong logins, servers that die: at debug level.
trouble() {
    local job
    fc demo --users 60 --quantity 5 >"$WORK/demo" 2>&1 || fail "demo: $(<"$WORK/demo")"
    for job in coupon ingress; do
        (
            while IFS= read -r line; do export "${line?}"; done <"$STATE/environment/$job"
            export FIRSTCOME_METRICS='' FIRSTCOME_LISTEN=127.0.0.1:1
            program=$STATE/program/firstcome-$job
            FIRSTCOME_DATABASE+=x timeout 20 "$program" --check
            FIRSTCOME_DATABASE+="' x" timeout 20 "$program" --check
            FIRSTCOME_BROKER=${FIRSTCOME_BROKER/@/x@} timeout 20 "$program" --check
            FIRSTCOME_BROKER+='?x' timeout 20 "$program" --check
            FIRSTCOME_GATEWAY_TOKEN_FILE=/etc/hosts timeout 20 "$program" --check
            FIRSTCOME_LOG_LEVEL=loud timeout 20 "$program"
        ) || true
    done 2>&1 | has_none "what programs say with wrong logins"
    strike KILL rabbitmq
    strike KILL postgresql
    wait_for 90 "everything to be back" all_up
    curl -s -o "$WORK/answer" -H "X-Gateway-Token: $TOKEN" -H 'X-User-Id: 1' -H 'X-Role: admin' \
        "$URL/v1/stats/sales?unit=day" || true
    curl -s -o "$WORK/answer" -H "X-Gateway-Token: x$TOKEN" "$URL/v1/products?q=$TOKEN" || true
}

all_up() { deploy status --json >"$WORK/status"; }

logs() {
    find "$STATE/log" -type f -exec cat {} + | has_none "logs"
    within "debug lines among them" "$(cat "$STATE"/log/*/current | grep -c level=debug)" 1 1000000
}

main() {
    : >"$WORK/began"
    settings_are_known
    stack_up shop --ingress 1 --coupon-workers 1 --order-workers 1 --clocks 1 \
        --set FIRSTCOME_LOG_LEVEL=debug
    secrets_set
    secrets_collect
    commands_while_deploying
    commands_that_run
    parameters
    trouble
    each_has_its_own
    pages
    files
    logs
}

main
