#!/usr/bin/env bash
# Functions that fit on a screen: at most 70 lines, 6 parameters, 4 levels of nesting.
# Reads code as clang-format leaves it.
set -euo pipefail
# shellcheck source=tests/lint/lib.sh
source "$(dirname "$0")/lib.sh"

files '*.c' | on_files awk -f "$lint_dir/code.awk" -f "$lint_dir/size.awk"
