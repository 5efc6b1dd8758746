#!/usr/bin/env bash
# Every program that is installed is hardened: loaded anywhere, its tables of addresses read-only
# from the start, no stack or page that is both written and run, stack and buffers watched, no
# folder of its own for libraries. A program made without all that is found out.
set -euo pipefail
BUILD=${FIRSTCOME_BUILD:-$(cd "$(dirname "$0")/../.." && pwd -P)/build/release}
WORK=$(mktemp -d)
trap 'rm -rf -- "$WORK"' EXIT

skip() {
    echo "skipped: $*"
    exit 77
}

# weaknesses PROGRAM: one a line.
weaknesses() {
    local header dynamic segments symbols
    header=$(readelf -hW "$1")
    dynamic=$(readelf -dW "$1" 2>&1)
    segments=$(readelf -lW "$1")
    symbols=$(readelf -W --dyn-syms "$1")
    has "$header" 'Type: +DYN' || echo "is loaded at a place of its own"
    has "$dynamic" 'FLAGS_1.*PIE' || echo "is no position independent executable"
    has "$dynamic" 'FLAGS.*NOW' || echo "binds its symbols late"
    has "$segments" 'GNU_RELRO' || echo "keeps its tables of addresses writable"
    has "$segments" 'GNU_STACK.* RW ' || echo "has a stack that can be run"
    ! has "$segments" ' RWE ' || echo "has pages that are written and run"
    ! has "$dynamic" '\((RPATH|RUNPATH)\)' || echo "looks for libraries in a folder of its own"
    ! has "$dynamic" 'TEXTREL' || echo "changes its own code when it is loaded"
    has "$symbols" ' __stack_chk_fail' || echo "does not watch its stack"
    has "$symbols" ' __[a-z]+_chk(@| |$)' || echo "does not watch its buffers"
    flags_missing "$1"
}

has() { grep -Eq -- "$2" <<<"$1"; }

# flags_missing PROGRAM: what leaves no other trace, from what gcc wrote down beside the code.
flags_missing() {
    local flag units
    units=$(readelf --debug-dump=info "$1" 2>/dev/null |
        grep -o 'DW_AT_producer .*GNU C11.*' || true)
    if [[ -z $units ]]; then
        echo "does not say how it was compiled"
        return
    fi
    for flag in -fstack-clash-protection -fcf-protection -fstack-protector-strong \
        -ftrivial-auto-var-init=zero -fno-delete-null-pointer-checks; do
        ! grep -qv -e "$flag" <<<"$units" || echo "has code made without $flag"
    done
}

# A program with every weakness that one can ask for.
a_weak_one() {
    local found want=12
    printf '%s\n' '#include <string.h>' 'int main(int c, char **v) { char b[9]; strcpy(b, v[0]);' \
        'return b[c]; }' >"$WORK/weak.c"
    "${CC:-cc}" -std=c11 -g -U_FORTIFY_SOURCE -fno-stack-protector -fcf-protection=none -no-pie \
        -Wl,-z,norelro,-z,lazy,-z,execstack,-rpath,/tmp -o "$WORK/weak" "$WORK/weak.c"
    found=$(weaknesses "$WORK/weak")
    (($(wc -l <<<"$found") >= want)) || {
        printf 'FAILED: of a program without any of it only this is said:\n%s\n' "$found"
        exit 1
    }
    echo "a program without any of it: $(wc -l <<<"$found") weaknesses found"
}

main() {
    local program found weakness count=0 failed=0
    command -v readelf >/dev/null || skip "readelf is not installed: apt-get install binutils"
    grep -q '^FC_HARDENING:BOOL=ON' "$BUILD/CMakeCache.txt" ||
        skip "$BUILD is no hardened build (release is)"
    grep -Eq '^CMAKE_C_COMPILER:[A-Z]+=.*clang' "$BUILD/CMakeCache.txt" &&
        skip "$BUILD is clang's, which does not write down how it compiled"
    a_weak_one
    for program in "$BUILD"/bin/firstcome*; do
        count=$((count + 1))
        found=$(weaknesses "$program")
        [[ -z $found ]] && continue
        failed=1
        while IFS= read -r weakness; do echo "$(basename "$program") $weakness"; done <<<"$found"
    done
    ((count >= 10)) || { echo "FAILED: only $count programs in $BUILD/bin" && exit 1; }
    ((failed == 0)) || exit 1
    echo "$count programs: none of them"
}

main
