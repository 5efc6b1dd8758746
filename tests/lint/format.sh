#!/usr/bin/env bash
# The format of every C file, by clang-format 14. `make format` puts it right.
set -euo pipefail
# shellcheck source=tests/lint/lib.sh
source "$(dirname "$0")/lib.sh"

formatter=$(command -v clang-format-14 || command -v clang-format || true)
if [[ -z $formatter ]]; then
    skip "clang-format 14 is not installed: apt-get install clang-format-14"
fi
if ! "$formatter" --version | grep -q 'version 14\.'; then
    skip "$formatter is not version 14, and versions differ: apt-get install clang-format-14"
fi

if [[ ${1-} == --fix ]]; then
    files '*.[ch]' | on_files "$formatter" -i
else
    files '*.[ch]' | on_files "$formatter" --dry-run -Werror --ferror-limit=3
fi
