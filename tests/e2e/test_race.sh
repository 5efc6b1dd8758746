#!/usr/bin/env bash
# The race: 20,000 requests for a coupon of 500, from 64 clients at once, through 2 ingresses and 3
# coupon workers. Exactly 500 get one, and they are the first, judged by the clients' own clocks.
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/race.sh
. "$(dirname "$0")/race.sh"

# served INGRESS: how many requests it has answered.
served() {
    curl -s --max-time 5 "http://127.0.0.1:${PORT_OF[$1]}/metrics" |
        awk '/^firstcome_ingress_answers_total/ { sum += $NF } END { print sum + 0 }'
}

stack_up shop --ingress 2 --coupon-workers 3
for worker in 1 2 3; do wait_for 30 "a share for coupon-$worker" holds "coupon-$worker" 5 6; done
race 77 500 20000
race_is_fair 77 500 20000
for number in 1 2; do
    within "requests answered by ingress-$number" "$(served "ingress-$number")" 1000 1000000
done
audit_is_clean
