#!/usr/bin/env bash
# Every shell script: it parses, it stops at its first failure, and shellcheck has nothing to say.
set -euo pipefail
# shellcheck source=tests/lint/lib.sh
source "$(dirname "$0")/lib.sh"

# Scripts by their name or by their first line.
scripts() {
    local file first
    all_files | while read -r file; do
        first=
        if [[ ! -f $file ]] || ! IFS= read -r first <"$file" 2>/dev/null && [[ -z $first ]]; then
            continue
        fi
        if [[ $file == *.sh || $first =~ ^\#!.*[/\ ](ba|da)?sh($|\ ) ]]; then
            printf '%s\n' "$file"
        fi
    done 2>/dev/null
}

mapfile -t scripts < <(scripts)
for script in "${scripts[@]}"; do
    bash -n "$script" || complain "$script:1" "does not parse"
    read -r first <"$script"
    case $first in
    '#!'*bash)
        grep -q '^set -euo pipefail$' "$script" ||
            complain "$script:2" "must say: set -euo pipefail"
        ;;
    '#!'*sh)
        grep -q '^set -eu' "$script" || complain "$script:2" "must say: set -eu"
        ;;
    *)
        grep -q '^# shellcheck shell=' "$script" ||
            complain "$script:1" "needs #!/usr/bin/env bash, or # shellcheck shell=bash if sourced"
        continue
        ;;
    esac
    [[ -x $script ]] || complain "$script:1" "is a script but not executable: chmod +x"
done

if ! command -v shellcheck >/dev/null; then
    ((failures > 0)) && exit 1
    skip "shellcheck is not installed: apt-get install shellcheck"
fi
if ((${#scripts[@]} > 0)); then
    shellcheck --external-sources --source-path=SCRIPTDIR --source-path=. --format=gcc \
        "${scripts[@]}" || failures=$((failures + 1))
fi
finish
