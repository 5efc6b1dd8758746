#!/usr/bin/env bash
# docs/requirements.md shows, for every rule of the five shops, the tests that show it: one row a
# rule, and each test it names is there. A test is named as `file` or `file:name`, where the name is
# a function of the file or a test of it. So does docs/threat-model.md for every threat.
set -euo pipefail
# shellcheck source=tests/lint/lib.sh
source "$(dirname "$0")/lib.sh"

readonly PAGE=docs/requirements.md
readonly THREATS=docs/threat-model.md

# Each shop's letter and how many rules it has; R are the rules common to all.
readonly RULES=("R 8" "A 12" "B 10" "C 8" "D 14" "E 6")

rules() {
    local letter count i
    for row in "${RULES[@]}"; do
        read -r letter count <<<"$row"
        for ((i = 1; i <= count; i++)); do echo "$letter$i"; done
    done
}

# "line rule" of each row of the table.
rows() { awk -F'|' '/^\| *[A-Z][0-9]+ *\|/ { gsub(/ /, "", $2); print FNR, $2 }' "$PAGE"; }

# named NUMBER [PAGE]: the tests that the line names, one a line: what stands in backquotes and
# looks like a path.
# shellcheck disable=SC2016 # backquotes are what is looked for
named() { sed -n "$1p" "${2:-$PAGE}" | grep -oE '`tests/[^`]+`' | tr -d '`' || true; }

check_test() {
    local place=$1 file=${2%%:*} name=${2#*:}
    if [[ ! -e $file ]]; then
        complain "$place" "$file is not there"
    elif [[ $2 == *:* ]] && ! grep -qE "(^|[^A-Za-z0-9_])$name\\(" "$file"; then
        complain "$place" "$file holds no $name()"
    fi
}

check_rows() {
    local line rule test
    declare -A seen=()
    while read -r line rule; do
        [[ -z ${seen[$rule]:-} ]] || complain "$PAGE:$line" "rule $rule has a row before"
        seen[$rule]=$line
        grep -qx -- "$rule" <(rules) || complain "$PAGE:$line" "there is no rule $rule"
        [[ -n $(named "$line") ]] || complain "$PAGE:$line" "rule $rule names no test"
        while read -r test; do check_test "$PAGE:$line" "$test"; done < <(named "$line")
    done < <(rows)
    while read -r rule; do
        [[ -n ${seen[$rule]:-} ]] || complain "$PAGE:1" "rule $rule has no row"
    done < <(rules)
}

# Each row of its tables but the heads.
check_threats() {
    local line test
    while read -r line; do
        [[ -n $(named "$line" "$THREATS") ]] || complain "$THREATS:$line" "the threat has no test"
        while read -r test; do check_test "$THREATS:$line" "$test"; done < <(
            named "$line" "$THREATS")
    done < <(awk '/^\| / && !/^\| tries \|/ { print FNR }' "$THREATS")
}

if [[ ! -f $PAGE ]]; then
    complain "$PAGE:1" "it is not there"
else
    check_rows
fi
[[ ! -f $THREATS ]] || check_threats
finish
