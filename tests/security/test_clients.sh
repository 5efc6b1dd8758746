#!/usr/bin/env bash
# What a client may try: to be somebody else, to have a role that it has not, to guess ids, to have
# another's answer by another's key, to speak SQL, to write into the log, to overflow a sum, to send
# what eats memory. docs/threat-model.md names each.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/e2e/ask.sh
. "$(dirname "$0")/../e2e/ask.sh"

# Texts with a meaning of their own in SQL, JSON, HTML, shells, logs and terminals.
readonly NASTY=(
    "'; DROP TABLE orders; --" '") OR 1=1 --' "\$\$; SELECT pg_sleep(9); \$\$" "%' OR '%'='"
    "\\'; DELETE FROM wallet; --" '{"a":1}' '<script>alert(1)</script>' "\$(touch $WORK/owned)"
    "\`touch $WORK/owned\`" '%n%s%x' '../../etc/passwd' "E'\\\\x41'" '名 ₩ é'
)

as() { printf -- '-HX-User-Id: %s\n-HX-Role: %s\n' "$1" "${2:-user}"; }

# sends STATUS CODE USER METHOD PATH [BODY]: a problem, asked by that user (or "8 admin").
sends() {
    local -a who
    read -r -a who <<<"$3"
    mapfile -t who < <(as "${who[@]}")
    expect "$1" "$2" "$4" "$5" "${who[@]}" "${JSON[@]}" "${@:6:1}" "${@:7}"
}

# tries USER METHOD PATH BODY: sets STATUS and BODY; the verdict is waited for.
tries() { http "$2" "$3" "$1" "${@:4}"; }

# ---- who one is

# of_contract FILTER: "METHOD path" of the operations that the contract has it true for.
of_contract() {
    jq -r ".paths | to_entries[] | .key as \$path | .value | to_entries[] |
        select(.key | IN(\"get\", \"post\", \"put\", \"patch\", \"delete\")) | select(.value | $1) |
        \"\\(.key | ascii_upcase) \\(\$path)\"" "$REPO/docs/openapi.json" |
        sed -E 's/\{(command|order|coupon)_id\}/'"$NOBODYS"'/; s/\{[a-z_]+\}/8/'
}

# Every operation there is, as the contract lists them: none is forgotten.
roles() {
    local method path count=0
    while read -r method path; do
        ask "$method" "$path" "${JSON[@]}" -d '{}'
        [[ $STATUS == 401 ]] || fail "$method $path without identity: $STATUS"
        ask "$method" "$path" "${JSON[@]}" -d '{}' -H 'X-Role: admin'
        [[ $STATUS == 401 ]] || fail "$method $path with a role alone: $STATUS"
        count=$((count + 1))
    done < <(of_contract '.security == null')
    within "operations that ask who one is" "$count" 20 100
    count=0
    while read -r method path; do
        ask "$method" "$path" "${ANN[@]}" "${JSON[@]}" -d '{}'
        [[ $STATUS == 403 ]] || fail "$method $path of an admin or of user 8, by user 7: $STATUS"
        count=$((count + 1))
    done < <(of_contract '."x-role" != null')
    within "operations of admins and owners" "$count" 12 100
    sends 401 unauthenticated '7 Admin' GET /v1/users/7
    sends 401 unauthenticated '-7' GET /v1/users/7
    sends 401 unauthenticated '9007199254740992' GET /v1/users/7
    sends 401 unauthenticated '7' GET /v1/users/7 -HX-Role:admin
}

# What is somebody's by its contents, not by its path.
acting_for_others() {
    local order=$1 coupon=$2
    sends 403 forbidden 8 POST /v1/users '-d{"user_id":7}'
    sends 403 forbidden 8 POST /v1/coupon-templates/5/issues '-d{"user_id":7}'
    sends 403 forbidden 8 POST /v1/orders \
        '-d{"user_id":7,"lines":[{"option_id":1,"quantity":1}]}'
    for path in "/v1/orders/$order" "/v1/orders/$order/history" "/v1/coupons/$coupon" \
        "/v1/commands/$order" "/v1/commands/$order/events"; do
        sends 403 forbidden 8 GET "$path"
    done
    sends 403 forbidden 8 POST "/v1/orders/$order/cancel" '-d{}'
    sends 403 forbidden 8 PATCH "/v1/orders/$order" '-d{"lines":[{"option_id":1,"quantity":9}]}'
    tries 8 POST /v1/orders "{\"user_id\":8,\"lines\":[{\"option_id\":1,\"quantity\":1}],
        \"coupon_id\":\"$coupon\"}"
    is "another's coupon" "$STATUS $(jq -r .code <<<"$BODY")" '409 coupon_not_owned'
}

# An id with one digit changed is none that was given out, wherever the digit stands.
forged_ids() {
    local id=$1 at digit forged
    for ((at = 0; at < 36; at++)); do
        digit=${id:at:1}
        [[ $digit != - ]] || continue
        digit=$(printf %x $(((16#$digit + 1) % 16)))
        forged=${id:0:at}$digit${id:at+1}
        ask GET "/v1/commands/$forged" "${ADMIN[@]}"
        [[ $STATUS == 404 ]] || fail "the forged id $forged of $id: $STATUS"
    done
    say "ids with one digit changed: 404 each"
}

# One user's key is nothing to another.
keys_of_others() {
    local user
    for user in 7 8; do
        BEFORE=$(sql "SELECT balance FROM wallet WHERE user_id = $user")
        ask POST "/v1/users/$user/charges" -H "X-User-Id: $user" -H 'X-Role: user' "${JSON[@]}" \
            -H 'Idempotency-Key: "shared"' -H 'Prefer: wait=30' -d '{"amount":100}'
        is "user $user with the key" "$STATUS $(header Idempotency-Replayed)" '200 '
        is "whose answer" "$(jq .result.user_id <<<"$BODY")" "$user"
        is "charged" "$(sql "SELECT balance FROM wallet WHERE user_id = $user")" \
            $((BEFORE + 100))
    done
}

# ---- what one says

json_text() { jq -Rn --arg text "$1" '$text'; }
url_text() { jq -rn --arg text "$1" '$text | @uri'; }
tables() { sql "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"; }

# Kept to the letter where a text is wanted, refused elsewhere, never understood.
injected() {
    local text before count=0 id query
    local -a queries=(cursor sort limit price_min)
    before=$(tables)
    for text in "${NASTY[@]}"; do
        tries admin POST /v1/products "{\"name\":$(json_text "$text"),\"price\":1000,
            \"category\":$(json_text "${text:0:20}"),\"options\":[
            {\"name\":$(json_text "$text"),\"surcharge\":0,\"stock\":1}]}"
        [[ $STATUS == 201 ]] || fail "a product named $text: $STATUS $BODY"
        id=$(jq .result.product_id <<<"$BODY")
        ask GET "/v1/products/$id"
        [[ $(jq -r '.name, .options[0].name' <<<"$BODY") == "$text"$'\n'"$text" ]] ||
            fail "it is kept as $BODY, not as $text"
        ask GET "/v1/products?q=$(url_text "$text")&limit=100"
        [[ $STATUS == 200 && $(jq "[.items[] | select(.product_id == $id)] | length" \
            <<<"$BODY") == 1 ]] || fail "it is not found: $text: $STATUS $BODY"
        [[ $(jq '.items | length' <<<"$BODY") == 1 ]] || fail "more is found by $text: $BODY"
        ask GET "/v1/products/top?category=$(url_text "$text")"
        [[ $STATUS == 200 || $STATUS == 400 ]] || fail "a category $text: $STATUS"
        query=${queries[count % 4]}
        ask GET "/v1/products?$query=$(url_text "$text")"
        [[ $STATUS == 400 ]] || fail "$query=$text: $STATUS"
        ask POST "/v1/orders/$(url_text "$text")/cancel" "${ANN[@]}" "${JSON[@]}" -d '{}'
        [[ $STATUS == 404 ]] || fail "an order named $text: $STATUS"
        count=$((count + 1))
    done
    is "texts with a meaning of their own, kept as they are" "$count" "${#NASTY[@]}"
    is "tables" "$(tables)" "$before"
    [[ ! -e $WORK/owned ]] || fail "a text was run as a command"
}

# A line of the log begins with its time, whatever a client writes.
log_lines() {
    local -a forged=(-H 'X-Request-Id: a%0Atime=forged' -H $'User-Agent: b\e[31mforged'
        -H 'traceparent: time=forged' -H 'Idempotency-Key: "time=forged level=fatal"')
    stack_change --set FIRSTCOME_LOG_LEVEL=debug
    ask GET "/v1/orders/%0Atime=forged%0D%0Atime=forged" "${ANN[@]}" "${forged[@]}"
    ask POST /v1/users/7/charges "${ANN[@]}" "${JSON[@]}" "${forged[@]}" \
        -d '{"amount":"1\ntime=forged"}'
    ask GET "/v1/products?q=%1B%5B2J%0Atime=forged" "${forged[@]}"
    tries 7 POST "/v1/orders/$1/cancel" '{"reason":"a\ntime=forged level=fatal text=x"}'
    is "lines that begin as none of ours" \
        "$(cat -- "$STATE"/log/{ingress,order,coupon}-*/current |
            sed -E '/^(time=20[0-9-]{8}T|supervisor: )/d' | wc -l)" 0
    ! grep -lP '\x1b' "$STATE"/log/*/current || fail "a log has a client's control characters"
    stack_change --set FIRSTCOME_LOG_LEVEL=info
}

# Sums are refused before they turn round.
overflows() {
    local most=9007199254740991 body
    for body in "\"quantity\":$most" '"quantity":9223372036854775807' '"quantity":-1' \
        '"quantity":18446744073709551617' '"quantity":1e3' '"quantity":1.5' \
        '"quantity":4294967297' '"quantity":2147483648'; do
        tries 7 POST /v1/orders "{\"user_id\":7,\"lines\":[{\"option_id\":1,$body}]}"
        [[ $STATUS == 400 || $STATUS == 409 ]] || fail "$body: $STATUS $BODY"
    done
    for body in $most 9223372036854775807 99999999999999999999; do
        tries 7 POST /v1/users/7/charges "{\"amount\":$body}"
        [[ $STATUS == 400 || $STATUS == 422 ]] || fail "a charge of $body: $STATUS $BODY"
        tries admin POST /v1/products "{\"name\":\"dear $body\",\"price\":$body,
            \"options\":[{\"name\":\"a\",\"surcharge\":$body,\"stock\":$body}]}"
        [[ $STATUS == 400 || $STATUS == 422 ]] || fail "a price of $body: $STATUS $BODY"
    done
    # The dearest there can be, as many as there can be, on as many lines as there can be.
    dearest
    is "orders of less than nothing" \
        "$(sql 'SELECT count(*) FROM orders WHERE total <= 0 OR paid < 0')" 0
    is "wallets of less than nothing" "$(sql 'SELECT count(*) FROM wallet WHERE balance < 0')" 0
}

dearest() {
    local price=1000000000 pieces=1000000000 quantity=1000000 option
    tries admin POST /v1/products "{\"name\":\"dearest\",\"price\":$price,
        \"options\":[{\"name\":\"a\",\"surcharge\":0,\"stock\":$pieces}]}"
    is "the dearest, $price won and $pieces of it" "$STATUS" 201
    option=$(jq '.result.options[0].option_id' <<<"$BODY")
    tries 7 POST /v1/orders \
        "{\"user_id\":7,\"lines\":[{\"option_id\":$option,\"quantity\":$quantity}]}"
    is "$quantity of it" "$STATUS $(jq -r .code <<<"$BODY")" '409 insufficient_balance'
    jq -cn "{user_id: 7, lines: [range(2000) | {option_id: $option, quantity: $quantity}]}" \
        >"$WORK/dearest"
    tries 7 POST /v1/orders "@$WORK/dearest"
    is "2,000 lines of that" "$STATUS $(jq -r .code <<<"$BODY")" '409 insufficient_stock'
}

# deep COUNT OPEN CLOSE
deep() { printf "%${1}s" '' | sed "s/ /$2/g" && printf "%${1}s" '' | sed "s/ /$3/g"; }

nested() {
    local shape
    deep 60000 '\[' '\]' >"$WORK/arrays"
    printf '{"user_id":7,"lines":%s}' "$(deep 20000 '\[' '\]')" >"$WORK/lines"
    deep 20000 '{"a":' '}' >"$WORK/objects"
    { printf '{"user_id":' && printf '%0120000d' 7 && printf '}'; } >"$WORK/number"
    jq -n '[range(8000) | {"key": "k\(.)", "value": 1}] | from_entries' >"$WORK/members"
    { printf '{"user_id":7' && for ((i = 0; i < 5000; i++)); do printf ',"user_id":7'; done &&
        printf '}'; } >"$WORK/twice"
    for shape in arrays lines objects number members twice; do
        ask POST /v1/orders "${ANN[@]}" "${JSON[@]}" --data-binary "@$WORK/$shape"
        [[ $STATUS == 400 ]] || fail "$shape: $STATUS ${BODY:0:300}"
        within "bytes of the answer to $shape" "${#BODY}" 50 100000
    done
}

main() {
    local user order coupon
    stack_up one --ingress 1 --coupon-workers 1 --order-workers 1 --stats-workers 1
    roles
    for user in 7 8; do
        http_ok POST /v1/users $user "{\"user_id\":$user}"
        http_ok POST /v1/users/$user/charges $user '{"amount":1000000}'
    done
    http_ok POST /v1/products admin '{"product_id":1,"name":"thing","price":1000,
        "options":[{"option_id":1,"name":"a","surcharge":0,"stock":1000}]}'
    http_ok POST /v1/coupon-templates admin '{"template_id":5,"name":"coupon","quantity":10,
        "discount":{"type":"amount","value":100},"issue_from":"2020-01-01T00:00:00Z",
        "issue_until":"2099-01-01T00:00:00Z"}'
    http_ok POST /v1/coupon-templates/5/issues 7 '{"user_id":7}'
    coupon=$(jq -r .result.coupon_id <<<"$BODY")
    http_ok POST /v1/orders 7 '{"user_id":7,"lines":[{"option_id":1,"quantity":1}]}'
    order=$(jq -r .result.order_id <<<"$BODY")
    acting_for_others "$order" "$coupon"
    forged_ids "$order"
    keys_of_others
    injected
    overflows
    nested
    log_lines "$order"
    audit_is_clean
}

main "$@"
