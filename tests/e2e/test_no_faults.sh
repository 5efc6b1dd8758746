#!/usr/bin/env bash
# What is installed cannot be told to die or to do wrong: no trace of the crash points and mutations
# (shared/host/fault.h) is in any program.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

readonly TRACES=(FIRSTCOME_CRASH_DIR FIRSTCOME_MUTATION nack-requeue commit.before fc_fault)

mapfile -t programs < <(find "$BUILD/bin" -name 'firstcome*' -type f)
within "programs" "${#programs[@]}" 10 100
for trace in "${TRACES[@]}"; do
    ! grep -laF -- "$trace" "${programs[@]}" || fail "the programs above hold '$trace'"
done
