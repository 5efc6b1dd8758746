#!/usr/bin/env bash
# coverage.sh <build folder>: executed lines of each part after the tests ran in a coverage build.
# Fails when core, wire or the workers' skeleton are below 95 %; the other parts have no gate.
set -euo pipefail
# shellcheck source=tests/lint/lib.sh
source "$(dirname "$0")/lib.sh"

build=$(cd "${1:?usage: coverage.sh <build folder>}" && pwd)
if [[ -z $(find "$build" -name '*.gcda' -print -quit) ]]; then
    echo "no counters under $build: run the tests there first (ctest --preset coverage)"
    exit 1
fi

# gcov names each source file, then the share of its lines that were executed. It is asked by the
# compiler's notes, so that a file that no test linked counts as well.
find "$build" -name '*.gcno' | while read -r notes; do
    (cd / && gcov --no-output "$notes" 2>/dev/null)
done | awk -v root="$PWD/" '
    /^File / {
        path = substr($0, 7, length($0) - 7)
        wanted = index(path, root) == 1 || path !~ /^\//
        sub(root, "", path)
        next
    }
    /^Lines executed:/ && wanted && path ~ /^(shared|workers|producer)\/.*\.c$/ {
        split($0, field, /[:% ]+/)
        part = path
        sub(/\/[^\/]*$/, "", part)
        executed[part] += field[3] / 100 * field[5]
        lines[part] += field[5]
    }
    { wanted = 0 }
    END {
        for (part in lines) {
            share = 100 * executed[part] / lines[part]
            low = share < 95 && part ~ /(core|wire|skeleton)$/
            printf "%-20s %6.1f %% of %5d lines%s\n", part, share, lines[part],
                low ? "  below 95 %" : "" | "sort"
            if (low) failed = 1
        }
        close("sort")
        exit failed
    }'
