# shellcheck shell=bash disable=SC2034 # what it sets is for the tests
# Sourced behind lib.sh by the tests of the ingress: requests made by hand, and every answer looked
# at as a whole.

ADMIN=(-H 'X-User-Id: 1' -H 'X-Role: admin')
ANN=(-H 'X-User-Id: 7' -H 'X-Role: user')
JSON=(-H 'Content-Type: application/json')
# An id that the system never gave out.
readonly NOBODYS=0197b8c2-1000-8000-8000-000000000000

# ask METHOD PATH [curl option…]: sets STATUS, HEAD and BODY.
ask() {
    STATUS=$(curl -s --max-time 45 -X "$1" -o "$WORK/body" -D "$WORK/head" -w '%{http_code}' \
        "${@:3}" "$URL$2") || true
    BODY=$(<"$WORK/body")
    HEAD=$(tr -d '\r' <"$WORK/head")
}

# expect STATUS CODE METHOD PATH [curl option…]: a problem with that code.
expect() {
    ask "${@:3}"
    is "$3 $4" "$STATUS $(jq -r .code <<<"$BODY")" "$1 $2"
    says "$3 $4" "$HEAD" '^Content-Type: application/problem\+json'
    says "$3 $4" "$HEAD" '^X-Request-Id: .'
    is_problem
}

is_problem() {
    jq -e '(.type | length) > 0 and (.title | length) > 0 and (.detail | length) > 0
        and (.status | type) == "number"' <<<"$BODY" >"$WORK/jq" || fail "no problem: $BODY"
}

faults() { jq -r '[.errors[].pointer] | join(" ")' <<<"$BODY"; }
header() { sed -n "s/^$1: //p" <<<"$HEAD"; }
metric() { curl -s --max-time 5 "$URL/metrics" | awk -v name="$1" '$1 == name { print $2 }'; }
metric_is() { [[ $(metric "$1") == "$2" ]]; }
