# shellcheck shell=bash
# Sourced by every lint: goes to the root of the work tree and lists its files.
# FIRSTCOME_SOURCE names another root; the self-test uses it.

lint_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${FIRSTCOME_SOURCE:-$lint_dir/../..}
cd "$root" || exit 1
export LC_ALL=C

# Every file of ours, tracked or about to be.
all_files() {
    if [[ "$(git rev-parse --show-toplevel 2>/dev/null)" == "$(pwd -P)" ]]; then
        git ls-files --cached --others --exclude-standard | sort -u
    else
        find . \( -path ./build -o -path ./.git \) -prune -o -type f -print | cut -c3- | sort
    fi
}

# files <pattern>...: those of all_files that exist and match one of the patterns.
files() {
    local file pattern
    all_files | while read -r file; do
        for pattern in "$@"; do
            # shellcheck disable=SC2053 # the right side is a pattern
            if [[ -f $file && $file == $pattern ]]; then
                printf '%s\n' "$file"
                break
            fi
        done
    done
}

# on_files <command>...: runs the command with the file names it reads appended, if there are any.
on_files() {
    local names
    mapfile -t names
    if ((${#names[@]} > 0)); then
        "$@" "${names[@]}"
    fi
}

failures=0

# complain <place> <what is wrong and what to do>
complain() {
    printf '%s: %s\n' "$1" "$2"
    failures=$((failures + 1))
}

# skip <why>: ctest shows the test as skipped.
skip() {
    printf 'skipped: %s\n' "$1"
    exit 77
}

# Ends a lint that used complain.
finish() {
    if ((failures > 0)); then
        exit 1
    fi
    exit 0
}
