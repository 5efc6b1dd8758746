#!/usr/bin/env bash
# The lints, tested: each rule catches its violation in a made-up tree, at the right line, and a
# tree without fault passes.
# shellcheck disable=SC2016 # the snippets are text, not to be expanded
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cases=0
failures=0

# put <path>: a file of the tree, from standard input. Later files replace earlier ones.
put() {
    mkdir -p "$(dirname "$tree/$1")"
    cat >"$tree/$1"
    case $1 in *.sh) chmod +x "$tree/$1" ;; esac
}

report() {
    failures=$((failures + 1))
    printf '%s\n--- output:\n%s\n---\n' "$1" "$2"
}

# catches <lint> <path>:<line> <part of the message>: the lint fails on the tree and says so; then
# the tree is emptied.
catches() {
    local output status=0
    cases=$((cases + 1))
    output=$(FIRSTCOME_SOURCE=$tree "$here/$1.sh" 2>&1) || status=$?
    if ((status == 77)); then
        printf 'not tested: %s %s\n' "$1" "$output"
    elif ((status == 0)); then
        report "$1 did not fail on $2 ($3)" "$output"
    elif ! grep -F -- "$3" <<<"$output" | grep -qF -- "$2"; then
        report "$1 failed, but not at $2 with '$3'" "$output"
    fi
    rm -rf "${tree:?}"/*
}

# passes <lint>: the lint finds nothing in the tree; then the tree is emptied.
passes() {
    local output status=0
    cases=$((cases + 1))
    output=$(FIRSTCOME_SOURCE=$tree "$here/$1.sh" 2>&1) || status=$?
    if ((status != 0 && status != 77)); then
        report "$1 failed on a tree without fault" "$output"
    fi
    rm -rf "${tree:?}"/*
}

# rejected <lint> <path> <part of the message> <line of C>: one line, alone in its file, is caught.
rejected() {
    printf '%s\n' "$4" | put "$2"
    catches "$1" "$2:1" "$3"
}

# accepted <lint> <path> <line of C>
accepted() {
    printf '%s\n' "$3" | put "$2"
    passes "$1"
}

# times <count> <line>
times() {
    local i
    for ((i = 0; i < $1; i++)); do
        printf '%s\n' "$2"
    done
}

layers() {
    rejected layers shared/base/x.c 'base may not include "core/x.h"' '#include "core/x.h"'
    rejected layers shared/base/x.c '<time.h>' '#include <time.h>'
    rejected layers shared/base/x.c '<stdlib.h>' '#include <stdlib.h>'
    rejected layers shared/base/x.c 'names no floor' '#include "x.h"'
    rejected layers shared/base/x.c 'by a macro' '#include HEADER'
    rejected layers shared/core/x.c 'core may not include "wire/' '#include "wire/x.h"'
    rejected layers shared/core/x.c '<stdio.h>' '#  include <stdio.h>'
    rejected layers shared/wire/x.c 'wire may not include "mq/' '#include "mq/x.h"'
    rejected layers shared/wire/x.c '<json-c/json.h>' '#include <json-c/json.h>'
    rejected layers shared/wire/x.c '<zlib.h>' '#include <zlib.h>'
    rejected layers shared/host/x.c 'host may not include "core/' '#include "core/x.h"'
    rejected layers shared/host/x.c '<microhttpd.h>' '#include <microhttpd.h>'
    rejected layers shared/mq/x.h '<amqp.h>' '#include <amqp.h>'
    rejected layers shared/mq/x.c 'mq may not include "wire/event.h"' '#include "wire/event.h"'
    rejected layers shared/db/x.h '<libpq-fe.h>' '#include <libpq-fe.h>'
    rejected layers shared/db/x.c '<amqp.h>' '#include <amqp.h>'
    rejected layers producer/x.c 'producer may not include "core/' '#include "core/x.h"'
    rejected layers producer/x.c '<microhttpd.h>' '#include <microhttpd.h>'
    rejected layers producer/x.c 'may not include "skeleton/' '#include "skeleton/x.h"'
    rejected layers producer/cli/x.c '<curl/curl.h>' '#include <curl/curl.h>'
    rejected layers workers/skeleton/x.c 'may not include "core/' '#include "core/x.h"'
    rejected layers workers/skeleton/x.c 'may not include "coupon/' '#include "coupon/x.h"'
    rejected layers workers/coupon/x.c 'may not include "order/' '#include "order/x.h"'
    rejected layers workers/coupon/x.c 'may not include "producer/' '#include "producer/x.h"'
    rejected layers workers/coupon/x.c '<sodium.h>' '#include <sodium.h>'
    rejected layers shared/extra/x.c 'no known floor' '#include "base/x.h"'

    accepted layers shared/mq/x.c '#include "wire/route.h"'
    accepted layers shared/mq/x.c '#include <amqp_tcp_socket.h>'
    accepted layers shared/db/x.c '#include <libpq-fe.h>'
    accepted layers shared/db/x.c '#include "sql/queries.h"'
    accepted layers shared/wire/route.c '#include <zlib.h>'
    accepted layers producer/cli/x.c '#include <json-c/json.h>'
    accepted layers shared/host/exporter.c '#include <microhttpd.h>'
    accepted layers producer/http.c '#include <microhttpd.h>'
    accepted layers producer/cli/client.c '#include <curl/curl.h>'
    accepted layers producer/cli/x.c '#include "producer/cli/client.h"'
    accepted layers workers/coupon/x.c '#include "coupon/coupon_job.h"'
    accepted layers workers/coupon/x.c '#include "core/coupon.h"'
    accepted layers workers/skeleton/x.c '#include "sql/queries.h"'
}

style() {
    local call
    for call in sprintf strcpy strcat strtok atoi gets alloca localtime sleep usleep strtol \
        strtoull malloc realloc nanosleep assert system; do
        rejected style shared/core/x.c "$call() is banned" "    $call (x);"
    done
    rejected style shared/core/x.c 'floating point' 'static double share;'
    rejected style shared/core/x.h 'floating point' 'int rate(float x);'
    rejected style shared/core/x.c 'no typedef' 'typedef struct stock stock;'
    rejected style shared/core/x.c 'issue' '/* TO''DO: later */'
    rejected style shared/core/x.c 'tab' $'\treturn 0;'
    rejected style shared/core/x.c 'blank at the end' 'return 0; '
    rejected style shared/core/x.c '100 columns' "$(printf '/* %0100d */' 0)"
    rejected style shared/core/stock.h 'FC_<FLOOR>_STOCK_H' '#ifndef STOCK_H'
    rejected style shared/core/stock.h 'include guard' '#pragma once'
    times 401 'int x;' | put shared/core/x.c
    catches style shared/core/x.c:401 '400 lines'

    accepted style shared/core/x.c 'int x; /* a double sprintf( of "tabs" */'
    accepted style shared/core/x.c 'const char *x = "double atoi(";'
    accepted style shared/core/x.c 'fgets(x); fc_sleep(y); task_sprintf(z); double_entry(w);'
    accepted style shared/core/x.c 'void *x = malloc(1); /* heap: at start */'
    accepted style shared/core/x.c 'double x; /* float: for display */'
    accepted style shared/core/x.c '/* TO''DO #12: later */'
    accepted style shared/base/str.c 'long x = strtol(a, b, 10);'
    accepted style shared/core/x.c "$(printf '/* %s */' "$(times 32 '쿠폰' | tr -d '\n')")"
    accepted style shared/core/stock.h '#ifndef FC_CORE_STOCK_H'
    times 400 'int x;' | put shared/core/x.c
    passes style
}

# body <count>: a function of that many lines in all.
body() {
    printf 'static int answer(int x)\n{\n'
    times "$(($1 - 3))" '    x++;'
    printf '}\n'
}

# nested <levels>
nested() {
    local i
    printf 'static void nest(int x)\n{\n'
    for ((i = 1; i <= $1; i++)); do
        printf '%*sif (x) {\n' $((i * 4)) ''
    done
    for ((i = $1; i >= 1; i--)); do
        printf '%*s}\n' $((i * 4)) ''
    done
    printf '}\n'
}

size() {
    body 71 | put shared/core/x.c
    catches size shared/core/x.c:1 'answer has 71 lines'
    body 70 | put shared/core/x.c
    passes size
    nested 5 | put shared/core/x.c
    catches size shared/core/x.c:7 'nest nests 5 levels'
    nested 4 | put shared/core/x.c
    passes size
    printf 'int seven(int a, int b, int c, int d,\n          int e, int f, int g)\n{\n}\n' |
        put shared/core/x.c
    catches size shared/core/x.c:1 'seven has 7 parameters'
    printf 'static enum MHD_Result on(int a, int b, int c, int d, int e, int f, int g)\n{\n}\n' |
        put shared/host/exporter.c
    passes size
    printf 'int six(int a, int b, int c, int d, int e, int (*f)(int, int))\n{\n}\n' |
        put shared/core/x.c
    passes size
}

format() {
    printf 'int  x;\n' | put shared/core/x.c
    cp "$here/../../.clang-format" "$tree/.clang-format"
    catches format shared/core/x.c:1 'clang-format'
    printf 'int x;\n' | put shared/core/x.c
    passes format
    rm -f "$tree/.clang-format"
}

shell() {
    printf '#!/usr/bin/env bash\nset -euo pipefail\necho $1\n' | put tests/x.sh
    catches shell tests/x.sh:3 'Double quote'
    printf '#!/usr/bin/env bash\nset -e\n' | put tests/x.sh
    catches shell tests/x.sh:2 'must say'
    printf '#!/usr/bin/env bash\nset -euo pipefail\nif\n' | put tests/x.sh
    catches shell tests/x.sh:1 'does not parse'
    printf 'x=1\n' | put tests/x.sh
    catches shell tests/x.sh:1 'needs #!'
    printf '#!/usr/bin/env bash\nset -euo pipefail\n' | put deploy/up
    catches shell deploy/up:1 'not executable'
    printf '#!/usr/bin/env bash\nset -euo pipefail\necho "$1"\n' | put tests/x.sh
    passes shell
}

docs() {
    printf '# A\n\nSee [b](docs/none.md).\n' | put README.md
    catches docs README.md:3 'leads nowhere'
    printf 'See [b](/docs/b.md).\n' | put README.md
    catches docs README.md:1 'relative'
    printf 'See [b](docs/b.md#top), [c](https://example.org) and `[d](e)`.\n' | put README.md
    printf '[up](../README.md)\n' | put docs/b.md
    passes docs
    printf '{"FIRSTCOME_ONE", 1},\n' | put shared/host/x.c
    printf '`FIRSTCOME_ONES`\n' | put deploy/README.md
    catches docs shared/host/x.c:1 'FIRSTCOME_ONE is not documented'
    printf '{"FIRSTCOME_ONE", 1},\n' | put shared/host/x.c
    printf '`FIRSTCOME_ONE`\n\n`FIRSTCOME_TWO`\n' | put deploy/README.md
    catches docs deploy/README.md:3 'FIRSTCOME_TWO is read by nothing'
    printf '{"FIRSTCOME_ONE", 1},\n' | put shared/host/x.c
    printf '`FIRSTCOME_ONE`\n' | put deploy/README.md
    passes docs
}

test_files() {
    rejected tests tests/unit/core/test_x.c 'holds no test' 'int x;'
    rejected tests tests/unit/core/x.c 'no test is built from it' 'cmocka_unit_test(x)'
    rejected tests shared/core/x.c 'write tests/unit/core/test_x.c' 'int x;'
    rejected tests tests/e2e/test_x.sh 'instead of sleeping' '    sleep 1'
    accepted tests tests/e2e/test_x.sh 'sleep 1 # sleep: the gateway is slow on purpose'
    printf 'int x;\n' | put shared/core/x.c
    printf '#include "core/x.h"\ncmocka_unit_test(x)\n' | put tests/unit/core/test_y.c
    passes tests
}

headers() {
    rejected headers shared/base/x.h 'does not compile alone' 'size_t x(void);'
    rejected headers shared/base/x.h 'does not compile alone' 'struct x { int y; };'
    printf '#%s\n' 'ifndef FC_BASE_X_H' 'define FC_BASE_X_H' 'include <stddef.h>' 'endif' |
        put shared/base/x.h
    passes headers
}

# The page with a row for every rule, but for the one that a case leaves out or changes.
requirements_page() {
    local letter count i
    while read -r letter count; do
        for ((i = 1; i <= count; i++)); do
            case $letter$i in
            "${1:-}") printf '%s\n' "${2:-no row}" ;;
            *) echo "| $letter$i | what | \`tests/e2e/test_x.sh:shown\` |" ;;
            esac
        done
    done <<<$'R 8\nA 12\nB 10\nC 8\nD 14\nE 6' | put docs/requirements.md
    printf 'shown() {\n}\n' | put tests/e2e/test_x.sh
}

requirements() {
    requirements_page
    passes requirements
    requirements_page A1
    catches requirements docs/requirements.md:1 'rule A1 has no row'
    requirements_page R2 '| R2 | what | nothing |'
    catches requirements docs/requirements.md:2 'names no test'
    requirements_page R2 '| R2 | what | `tests/e2e/test_y.sh` |'
    catches requirements docs/requirements.md:2 'is not there'
    requirements_page R2 '| R2 | what | `tests/e2e/test_x.sh:other` |'
    catches requirements docs/requirements.md:2 'holds no other()'
    requirements_page R2 '| R1 | what | `tests/e2e/test_x.sh` |'
    catches requirements docs/requirements.md:2 'has a row before'
    requirements_page R2 '| R9 | what | `tests/e2e/test_x.sh` |'
    catches requirements docs/requirements.md:2 'no rule R9'
    requirements_page
    printf '| tries | is kept from it by | shown by |\n| this | that | nothing |\n' |
        put docs/threat-model.md
    catches requirements docs/threat-model.md:2 'has no test'
    printf '| this | that | `tests/e2e/test_y.sh` |\n' | put docs/threat-model.md
    catches requirements docs/threat-model.md:1 'is not there'
    requirements_page
    printf '| this | that | `tests/e2e` |\n' | put docs/threat-model.md
    passes requirements
}

layers
style
size
format
shell
docs
test_files
headers
requirements

if ((failures > 0)); then
    printf '%d of %d cases failed\n' "$failures" "$cases"
    exit 1
fi
printf '%d cases passed\n' "$cases"
