#!/usr/bin/env bash
# Documents tell the truth: links lead to files, and deploy/README.md names every setting that a
# program reads and none that nothing reads.
set -euo pipefail
# shellcheck source=tests/lint/lib.sh
source "$(dirname "$0")/lib.sh"

# "line target" of each link to a file, outside of code.
links() {
    awk '
        /^ *(```|~~~)/ { fenced = !fenced }
        fenced { next }
        {
            gsub(/`[^`]*`/, "")
            while (match($0, /\]\([^)]+\)/)) {
                print FNR, substr($0, RSTART + 2, RLENGTH - 3)
                $0 = substr($0, RSTART + RLENGTH)
            }
        }' "$1"
}

check_links() {
    local page line target
    while read -r page; do
        while read -r line target; do
            target=${target%% *}
            case $target in
            *://* | mailto:* | '#'*) continue ;;
            esac
            target=${target%%#*}
            if [[ $target == /* ]]; then
                complain "$page:$line" "link $target: write it relative to this page"
            elif [[ ! -e $(dirname "$page")/$target ]]; then
                complain "$page:$line" "link $target leads nowhere"
            fi
        done < <(links "$page")
    done < <(files '*.md')
}

# "file:line NAME" of each setting in the programs. Those of host/fault.c are in none that is
# installed.
settings() {
    files 'shared/*.[ch]' 'workers/*.[ch]' 'producer/*.[ch]' |
        { grep -vx 'shared/host/fault\.c' || true; } |
        on_files grep -HnoE '"FIRSTCOME_[A-Z0-9_]+"' | sed 's/:"/ /; s/"$//' || true
}

check_settings() {
    local page=deploy/README.md place name line
    if [[ ! -f $page ]]; then
        printf 'settings are not checked: there is no %s yet\n' "$page"
        return
    fi
    while read -r place name; do
        grep -qE "(^|[^A-Z0-9_])$name([^A-Z0-9_]|\$)" "$page" ||
            complain "$place" "setting $name is not documented: add it to $page"
    done < <(settings | sort -u -k2,2)

    # A secret may also come from a file, named by the setting's name with _FILE after it.
    while IFS=: read -r line name; do
        [[ $name == *_ ]] && continue
        all_files | grep -vE '\.md$' | on_files grep -qswF -e "$name" -e "${name%_FILE}" ||
            complain "$page:$line" "setting $name is read by nothing: remove it"
    done < <(grep -noE 'FIRSTCOME_[A-Z0-9_]+' "$page" | sort -u -t: -k2,2)
}

check_links
check_settings
finish
