#!/usr/bin/env bash
# The units for systemd (deploy/systemd) are there for each job, mean what they say, and shut each
# program in: systemd's own measure of what a unit leaves open stays below a limit for each. A unit
# without the sandbox, and one with a word that systemd does not know, are found out.
set -euo pipefail
REPO=${FIRSTCOME_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd -P)}
BUILD=${FIRSTCOME_BUILD:-$REPO/build/release}
WORK=$(mktemp -d)
trap 'rm -rf -- "$WORK"' EXIT

# Tenths of systemd's measure, from 0 (nothing is open) to 100.
readonly EXPOSURE_MAX=12

fail() {
    echo "FAILED: $*"
    exit 1
}

# A machine with nothing but our units, whose programs are there to be started.
units_place() {
    mkdir -p "$WORK/root/etc/systemd/system"
    cp -r "$REPO"/deploy/systemd/*.service "$REPO"/deploy/systemd/*.target \
        "$REPO"/deploy/systemd/*.d "$WORK/root/etc/systemd/system/"
    sed -i "s|^ExecStart=/usr/local/bin/|ExecStart=$BUILD/bin/|" \
        "$WORK"/root/etc/systemd/system/*.service
}

units() {
    local unit
    for unit in "$WORK"/root/etc/systemd/system/*@.service; do
        unit=$(basename "$unit")
        echo "${unit/@/@1}"
    done
}

# understood UNIT: systemd has nothing to say about it.
understood() {
    local words
    words=$(SYSTEMD_UNIT_PATH="$WORK/root/etc/systemd/system:" \
        systemd-analyze verify --man=no "$1" 2>&1) && [[ -z $(ours <<<"$words") ]] && return
    ours <<<"$words"
    return 1
}

# What is said about other units of this machine is not ours.
ours() { grep -E 'firstcome' || true; }

# shut_in UNIT
shut_in() {
    systemd-analyze security --offline=true --root="$WORK/root" --threshold="$EXPOSURE_MAX" \
        --no-pager "$1" >"$WORK/security" 2>&1
}

exposure() { sed -n 's/.*exposure level for .*: \([0-9.]*\) .*/\1/p' "$WORK/security"; }

each_job_has_one() {
    local name
    while read -r name; do
        [[ -f $REPO/deploy/systemd/firstcome-$name@.service ]] ||
            fail "the job $name has no unit in deploy/systemd"
    done < <(jobs_of_deploy)
}

# Nice= of each unit is what deploy/up would give the job, CPUWeight= the same in hundredths.
each_has_its_weight() {
    local name file nice share WEIGHT
    # shellcheck source=/dev/null
    . "$REPO/deploy/lib/weights.sh"
    while read -r name; do
        weight_of "$name"
        file=$REPO/deploy/systemd/firstcome-$name@.service
        nice=$(sed -n 's/^Nice=//p' "$file") share=$(sed -n 's/^CPUWeight=//p' "$file")
        case "$WEIGHT ${nice:-0} ${share:-100}" in
        '0 0 100' | '5 5 33' | '10 10 11') ;;
        *) fail "$name: weight $WEIGHT, but Nice=$nice and CPUWeight=$share" ;;
        esac
    done < <(jobs_of_deploy)
}

jobs_of_deploy() {
    # shellcheck source=/dev/null
    . "$REPO/deploy/lib/common.sh" && . "$REPO/deploy/lib/layout.sh" && jobs_names
}

the_bad_are_found() {
    local dir=$WORK/root/etc/systemd/system
    mv "$dir/firstcome-.service.d" "$WORK/away"
    if shut_in firstcome-coupon@1.service; then fail "a unit without a sandbox passes"; fi
    echo "without the sandbox: $(exposure)"
    mv "$WORK/away" "$dir/firstcome-.service.d"
    echo 'NoNewPriviliges=yes' >>"$dir/firstcome-.service.d/sandbox.conf"
    if understood firstcome-coupon@1.service >"$WORK/found"; then
        fail "a word that systemd does not know passes"
    fi
    grep -q NoNewPriviliges "$WORK/found" || fail "the wrong word is not named: $(<"$WORK/found")"
}

main() {
    local unit
    command -v systemd-analyze >/dev/null || {
        echo "skipped: systemd-analyze is not installed (apt-get install systemd)"
        exit 77
    }
    [[ -x $BUILD/bin/firstcome-coupon ]] || fail "$BUILD/bin has no programs: build them"
    each_job_has_one
    each_has_its_weight
    units_place
    for unit in $(units); do
        understood "$unit" || fail "$unit is not understood, see above"
        shut_in "$unit" || fail "$unit leaves too much open: $(cat "$WORK/security")"
        echo "$unit: $(exposure)"
    done
    the_bad_are_found
}

main
