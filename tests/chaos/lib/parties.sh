# shellcheck shell=bash disable=SC2317 # called by the names in the table of faults
# The other parties at their worst: the stand-ins of the payment gateway and the data platform.

readonly WORST='{"delay_ms":300,"fail_rate":30,"drop_rate":20,"hang_rate":15}'
readonly USUAL='{}'

# party NAME:worst|down
party_inject() {
    case ${2#*:} in
    worst) party_behave "${2%:*}" "$WORST" ;;
    down) party_behave "${2%:*}" '{"down":true}' ;;
    esac
}

party_behave() {
    curl -sf -o "$WORK/behaviour" --max-time 10 -X PUT --data-binary "$2" \
        "http://127.0.0.1:${PORT_OF[standin-$1]}/behaviour" ||
        fail "$NOW: the stand-in $1 does not take $2"
    say "the $1: $2"
}

party_seen() {
    case ${2#*:} in
    worst) seen 10 "it is nasty" party_is "${2%:*}" '.fail_rate == 30 and .delay_ms == 300' ;;
    down) seen 10 "it is down" party_is "${2%:*}" '.down == true' ;;
    esac
}

party_is() {
    curl -sf --max-time 5 "http://127.0.0.1:${PORT_OF[standin-$1]}/behaviour" |
        jq -e "$2" >"$WORK/jq"
}

party_heal() { party_behave "${2%:*}" "$USUAL"; }
