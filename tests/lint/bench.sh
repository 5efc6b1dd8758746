#!/usr/bin/env bash
# tests/bench/report on figures that were kept: it says what tests/bench/sample/table.txt has (to
# take a change over: tests/bench/report tests/bench/sample >tests/bench/sample/table.txt). What it
# writes into a page stays between the marks, whatever stands around them; the plots are the same
# each time, know nothing of this machine, and can be read on light and dark ground.
set -euo pipefail
# shellcheck source=tests/lint/lib.sh
source "$(dirname "$0")/lib.sh"

readonly SAMPLE=tests/bench/sample
command -v jq >/dev/null || skip "jq is not installed: deploy/setup bench"
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT

tests/bench/report "$SAMPLE" >"$folder/table.txt"
diff "$SAMPLE/table.txt" "$folder/table.txt" ||
    complain "$SAMPLE/table.txt" "the report says something else now, see above"

command -v gnuplot >/dev/null || finish # the rest is about plots

# write NAME: into a page with words before and behind; twice, since the second has to replace.
write() {
    printf '# Title\n\n%s\nold\n%s\n\nWords behind.\n' \
        '<!-- figures: written by tests/bench/report, change nothing from here -->' \
        '<!-- figures: to here -->' >"$folder/$1.md"
    tests/bench/report "$SAMPLE" --page "$folder/$1.md" >/dev/null
    tests/bench/report "$SAMPLE" --page "$folder/$1.md" >/dev/null
}
write one
write two

[[ $(sed -n '1p;$p' "$folder/one.md") == $'# Title\nWords behind.' ]] ||
    complain tests/bench/report "what stands around the marks has not stayed"
! grep -qx old "$folder/one.md" || complain tests/bench/report "the old figures have stayed"
[[ $(grep -c '^| orders completed/s, 32 ' "$folder/one.md") == 1 ]] ||
    complain tests/bench/report "the table is not there once"

for name in load cpu workers batches history contention; do
    file=$folder/one/$name.svg
    grep -qF "(one/$name.svg)" "$folder/one.md" ||
        complain tests/bench/report "no link to $name.svg"
    cmp "$file" "$folder/two/$name.svg" ||
        complain "plots/$name.gp" "another plot the second time"
    grep -q 'prefers-color-scheme' "$file" || complain "plots/$name.gp" "no ground for dark pages"
    ! grep -qE '/tmp/|black' "$file" || complain "plots/$name.gp" "has a path, or black, in it"
    (($(wc -c <"$file") < 60000)) || complain "plots/$name.gp" "the file is larger than 60 kB"
done
finish
