#!/usr/bin/env bash
# Order workers come and go under load: from one to four and back. The queues are shared fairly
# within seconds, and what users were promised holds: each accepted charge is decided, once, in
# the order in which it was accepted.
# In the short form of the suite tests/chaos and tests/crashpoints stand for it.
# ctest: long
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/clients.sh
. "$(dirname "$0")/clients.sh"

readonly QUEUES=16

# share WORKERS: waits until each of them holds its share of the queues, at most one more than
# another, and all together every queue.
share() {
    local number count sum=0 least=$((QUEUES / $1)) most=$(((QUEUES + $1 - 1) / $1))
    for ((number = 1; number <= $1; number++)); do
        wait_for 30 "the share of order-$number of $1" holds "order-$number" "$least" "$most"
    done
    for ((number = 1; number <= $1; number++)); do
        count=$(partitions_of "order-$number")
        sum=$((sum + count))
    done
    is "queues held by $1 workers" "$sum" "$QUEUES"
    wait_for 30 "firstcome status to say the same" status_says "$1 $QUEUES"
}

# status_says "WORKERS HELD": what `firstcome status` counts of the order workers.
status_says() {
    [[ $(fc status --json | jq -r '.workers[] | select(.family == "order")
        | "\(.workers) \(.held)"') == "$1" ]]
}

stack_up shop --ingress 1 --coupon-workers 1 --order-workers 1
clients_start 11 12 13 14
share 1
clients_are_served
for workers in 4 2 3 1; do
    stack_change --order-workers "$workers"
    share "$workers"
    clients_are_served
done
clients_stop
within "charges accepted" "$(sort -u "$WORK/accepted" | wc -l)" 250 1000000
clients_got_what_was_promised
audit_is_clean
