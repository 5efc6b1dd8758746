#!/usr/bin/env bash
# The tests themselves: a test file is one that ctest finds and that holds tests, each module of
# the lowest floors has a test, and no script waits by sleeping.
set -euo pipefail
# shellcheck source=tests/lint/lib.sh
source "$(dirname "$0")/lib.sh"

while read -r file; do
    if [[ $(basename "$file") != test_*.c ]]; then
        complain "$file:1" "no test is built from it: name it test_*.c, or move it to tests/support"
    elif ! grep -q 'cmocka_unit_test' "$file"; then
        complain "$file:1" "holds no test"
    fi
done < <(files 'tests/unit/*.c' 'tests/sim/*.c' 'tests/db/*.c' 'tests/mq/*.c')

while read -r file; do
    [[ -x $file ]] || complain "$file:1" "ctest cannot start it: chmod +x"
done < <(files 'tests/e2e/test_*.sh' 'tests/shops/test_*.sh')

# A module is tested by the file that mirrors its path, or by one that includes its header.
mapfile -t unit_tests < <(files 'tests/unit/*.c')
while read -r file; do
    module=${file#shared/}
    module=${module%.c}
    mirror=tests/unit/$(dirname "$module")/test_$(basename "$module").c
    if [[ ! -f $mirror ]] && ! grep -qF "\"$module.h\"" /dev/null "${unit_tests[@]}"; then
        complain "$file:1" "no test includes \"$module.h\": write $mirror"
    fi
done < <(files 'shared/base/*.c' 'shared/core/*.c' 'shared/wire/*.c')

# Waiting is for an event; `# sleep: why` on the line lifts it.
while IFS=: read -r file line text; do
    [[ $text == *'# sleep: '* ]] ||
        complain "$file:$line" "wait for what you need instead of sleeping, or say # sleep: why"
done < <(files 'tests/e2e/*' 'tests/shops/*' 'tests/chaos/*' 'tests/support/*' 'tests/bench/*' |
    { grep -vE '\.(c|h|md|py|csv|json)$' || true; } |
    on_files grep -HnE '(^|[;&|({[:space:]])u?sleep[[:space:]]' /dev/null || true)
finish
