#!/usr/bin/env bash
# Rules of style that a compiler does not know: banned calls, floats, sizes of files and lines,
# reminders, include guards. A line that must break a rule says why: /* heap: at start */.
set -euo pipefail
# shellcheck source=tests/lint/lib.sh
source "$(dirname "$0")/lib.sh"

status=0
files '*.[ch]' | on_files awk -f "$lint_dir/code.awk" -f "$lint_dir/style.awk" || status=1
files '*.[ch]' '*.sh' '*.awk' '*.cmake' 'CMakeLists.txt' 'sql/*.sql' 'tests/support/*' 'deploy/*' |
    { grep -vE '\.(md|csv|json|html|svg)$' || true; } | sort -u |
    on_files awk -f "$lint_dir/text.awk" || status=1
exit "$status"
