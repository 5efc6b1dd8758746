#!/usr/bin/env bash
# Every header compiles alone: it includes what it needs.
set -euo pipefail
# shellcheck source=tests/lint/lib.sh
source "$(dirname "$0")/lib.sh"

compiler=${CC:-cc}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The one generated header.
mkdir -p "$scratch/sql"
files 'sql/migrations/*.sql' 'sql/queries/*/*.sql' 'sql/checks/*.sql' >"$scratch/files.txt"
if [[ -f sql/embed.awk ]]; then
    awk -v header="$scratch/sql/queries.h" -v source="$scratch/sql/queries.c" \
        -f sql/embed.awk "$scratch/files.txt"
fi

while read -r header; do
    definitions=(-D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE)
    case $header in
    shared/base/* | shared/core/* | shared/wire/*) definitions=() ;;
    esac
    # Included twice, so that a guard that does not guard shows as well.
    printf '#include "%s"\n#include "%s"\nextern int not_empty;\n' "$PWD/$header" "$PWD/$header" \
        >"$scratch/alone.c"
    "$compiler" -std=c11 -pedantic -Wall -Wextra -Werror -fsyntax-only "${definitions[@]}" \
        -Ishared -Iworkers -I. -Itests -I"$scratch" "$scratch/alone.c" ||
        complain "$header:1" "does not compile alone: include what it uses"
done < <(files 'shared/*.h' 'workers/*.h' 'producer/*.h')
finish
