# shellcheck shell=bash
# What every script under deploy/ shares: how it speaks, how it ends, how it waits, how it fills
# a template. Nothing here knows what an installation is (that is layout.sh).

# The exit codes of the whole project: 100 = asked for something wrong, 111 = trouble, try later.
readonly EXIT_WRONG=100 EXIT_TROUBLE=111

# REPO is the checkout these scripts belong to.
REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
readonly REPO

say() { printf '%-11s %s\n' "$1" "$2"; }

warn() { printf 'firstcome: %s\n' "$*" >&2; }

die() {
    warn "$*"
    exit "$EXIT_TROUBLE"
}

wrong() {
    warn "$*"
    exit "$EXIT_WRONG"
}

# A command that fails unforeseen ends the script, but not without a word. (100 and 111 come from
# wrong and die, which have said theirs.)
set -o errtrace
trap 'unforeseen $? "${BASH_SOURCE[0]}" $LINENO "$BASH_COMMAND"' ERR

unforeseen() {
    (($1 == EXIT_WRONG || $1 == EXIT_TROUBLE)) ||
        warn "stopped at ${2#"$REPO/"} line $3, where this failed: ${4%%$'\n'*}"
}

# need_value OPTION COUNT: an option that takes a value got one (COUNT words are left).
need_value() {
    (($2 >= 2)) || wrong "$1 needs a value; see --help."
}

# need_number NAME VALUE MIN MAX
need_number() {
    if [[ ! $2 =~ ^[0-9]{1,9}$ ]] || ((10#$2 < $3 || 10#$2 > $4)); then
        wrong "$1 must be a number from $3 to $4, not '$2'."
    fi
}

# wait_until SECONDS COMMAND…: asks every tenth of a second; fails when the time is over.
wait_until() {
    local end=$((SECONDS + $1 + 1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.1
    done
}

# need_tool NAME…
need_tool() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || die "$tool is not installed: run deploy/setup."
    done
}

is_root() { ((EUID == 0)); }

# random_hex BYTES
random_hex() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# put_file FILE MODE [OWNER]: replaces FILE by what comes on stdin, at once and never half.
put_file() {
    local new=$1.new
    rm -f -- "$new"
    (umask 077 && cat >"$new")
    if [[ -n ${3:-} ]] && is_root; then chown -- "$3" "$new"; fi
    chmod -- "$2" "$new"
    mv -f -- "$new" "$1"
}

# note_changed SERVICE BEFORE FILE: a running server reads its settings when it starts.
note_changed() {
    [[ -z $2 || $2 == "$(<"$3")" ]] || ! service_is_up "$1" ||
        warn "the settings of $1 have changed; they will hold after deploy/down and deploy/up."
}

# fill TEMPLATE NAME=VALUE…: prints the template with each @NAME@ replaced by its value.
fill() {
    local text pair
    text=$(<"$1")
    for pair in "${@:2}"; do
        text=${text//"@${pair%%=*}@"/"${pair#*=}"}
    done
    [[ ! $text =~ @[A-Z_]+@ ]] || die "${1#"$REPO/"} has the unknown place ${BASH_REMATCH[0]}."
    printf '%s\n' "$text"
}

# quote WORD…: the words as bash reads them back.
quote() {
    local quoted
    printf -v quoted '%q ' "$@"
    printf '%s' "${quoted% }"
}

# json_string TEXT
json_string() {
    local text=${1//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//[[:cntrl:]]/ }
    printf '"%s"' "$text"
}

# take_lock FILE: one script at a time works on an installation; the lock goes with the script.
# Whatever is started to stay must be started with {LOCK}>&-.
take_lock() {
    exec {LOCK}>>"$1"
    flock -w 300 "$LOCK" ||
        die "another deploy script has been working on this folder for 5 minutes; wait for it" \
            "or end it, then repeat."
}
