#!/usr/bin/env bash
# The floors: which part may include which header. The tables are in layers.awk.
set -euo pipefail
# shellcheck source=tests/lint/lib.sh
source "$(dirname "$0")/lib.sh"

files 'shared/*.[ch]' 'workers/*.[ch]' 'producer/*.[ch]' |
    on_files awk -f "$lint_dir/layers.awk"
