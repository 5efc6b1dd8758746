# shellcheck shell=bash disable=SC2153 # its capital names come from layout.sh, programs.sh and up
# Stand-ins: servers that play the payment gateway and the data platform, for demonstrations and
# tests, until the operator names the real ones.

# standins_resolve: STANDINS_WANTED = those to be started. A shop that is open to the network never
# pays or tells a stand-in unless it was asked to.
standins_resolve() {
    local row name setting missing=()
    STANDINS_WANTED=()
    for row in "${STANDINS[@]}"; do
        read -r name setting _ <<<"$row"
        [[ -z $(local_get "$setting") ]] || continue
        STANDINS_WANTED+=("$name")
        missing+=("$setting")
    done
    ((${#missing[@]} > 0)) || return 0
    [[ $STANDINS_WISH != no ]] ||
        wrong "without stand-ins the real ones must be named by --set: ${missing[*]}."
    [[ $STANDINS_WISH == yes ]] || ! is_open_to_others ||
        wrong "clients from outside come in: name the other parties by --set (${missing[*]}), or" \
            "ask for stand-ins by --standins (no money moves, nobody is told)."
}

# is_open_to_others: the ingress listens to the network or stands behind a gateway.
is_open_to_others() {
    local listen
    listen=$(local_get FIRSTCOME_LISTEN)
    [[ -n $listen && $listen != 127.* && $listen != localhost:* && $listen != '[::1]:'* ]] ||
        [[ -n $(local_get FIRSTCOME_GATEWAY_TOKEN)$(local_get FIRSTCOME_GATEWAY_TOKEN_FILE) ]]
}

# standin_field NAME setting|path
standin_field() {
    local row name setting path
    for row in "${STANDINS[@]}"; do
        read -r name setting path <<<"$row"
        [[ $name == "$1" ]] || continue
        case $2 in
        setting) echo "$setting" ;;
        path) echo "$path" ;;
        esac
    done
}

# standins_environment: how the workers find them.
standins_environment() {
    local name
    for name in "${STANDINS_WANTED[@]}"; do
        echo "$(standin_field "$name" setting)=http://127.0.0.1:$(port_of "standin-$name")$(
            standin_field "$name" path)"
    done
}

standins_present() { services | sed -n 's/^standin-//p'; }

# standins_say NAME…: nobody shall take a stand-in for the real thing.
standins_say() {
    (($# == 0)) || say stand-ins "$* (no money moves, nobody outside is told)"
}

# standin_define NAME: its own settings, and a folder for what it keeps.
standin_define() {
    local dir=$STATE/standins
    mkdir -p -- "$dir"
    chmod 700 -- "$dir"
    ! is_root || chown -- "$PROGRAM_USER" "$dir"
    echo "export FIRSTCOME_STANDIN_LISTEN=127.0.0.1:$(port_of "standin-$1")"
    echo "export FIRSTCOME_STANDIN_FILE=$(quote "$dir/$1.ndjson")"
}
