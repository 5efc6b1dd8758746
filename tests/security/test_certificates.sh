#!/usr/bin/env bash
# The certificates that deploy/up makes: kept while they hold, made anew near their end, but not
# under servers that run and would go on with the old ones; those of the operator's own are left
# alone, whenever they were put there; and a death in between leaves nothing that needs a hand.
set -euo pipefail
REPO=$(cd "$(dirname "$0")/../.." && pwd -P)
# shellcheck source=/dev/null
. "$REPO/deploy/lib/common.sh"
# shellcheck source=/dev/null
. "$REPO/deploy/lib/tls.sh"

STATE=$(mktemp -d)
trap 'rm -rf -- "$STATE"' EXIT
mkdir "$STATE/log"
RUNS=no NEAR_END=no DIES=no
# shellcheck disable=SC2034 # the library reads them
TLS=yes PORT=8080 SAFE=$STATE

# The parts of an installation that these cases turn.
is_root() { false; }
scanner_pid() { [[ $RUNS == yes ]]; }
tls_hold() { [[ $NEAR_END == no ]]; }
eval "real_$(declare -f put_file)"
put_file() {
    real_put_file "$@"
    [[ $DIES == no || $1 != */ca.crt ]] || exit 9
}

failed() {
    echo "failed: $1" >&2
    exit 1
}

authority() { sha256sum <"$STATE/tls/ca.crt"; }

# prepared WHAT same|other: the authority, behind tls_prepare.
prepared() {
    local before after
    before=$(authority)
    tls_prepare >>"$STATE/log/said" 2>&1 || failed "$1: $(tail -n 1 "$STATE/log/said")"
    after=$(authority)
    [[ $2 == other ]] || [[ $after == "$before" ]] || failed "$1: they were replaced"
    [[ $2 == same ]] || [[ $after != "$before" ]] || failed "$1: they were not replaced"
    echo "$1: $2"
}

operators_own() {
    local name
    (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -subj /CN=mine -days 5 -keyout "$STATE/key" -out "$STATE/crt" 2>"$STATE/log/openssl")
    for name in ca postgresql rabbitmq; do cp -- "$STATE/crt" "$STATE/tls/$name.crt"; done
    for name in postgresql rabbitmq; do cp -f -- "$STATE/key" "$STATE/tls/$name.key"; done
}

tls_prepare >"$STATE/log/said"
prepared "while they hold" same
NEAR_END=yes RUNS=yes
prepared "near their end, under servers that run" same
grep -q 'call deploy/down and deploy/up' "$STATE/log/said" || failed "nobody is told to renew them"
RUNS=no
prepared "near their end" other
operators_own
prepared "the operator's own, put in place of them" same
rm -rf -- "$STATE/tls"
NEAR_END=no
# shellcheck disable=SC2030 # dies by itself
if (DIES=yes && tls_prepare) >>"$STATE/log/said" 2>&1; then failed "it did not die"; fi
[[ ! -f $STATE/tls/postgresql.crt ]] || failed "it died too late"
prepared "behind a death in between" other
