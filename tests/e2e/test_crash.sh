#!/usr/bin/env bash
# Users charge, order and race for coupons while one part after another dies: an order worker
# killed, one frozen until its queues have gone to another and then woken, the stats worker, an
# ingress, RabbitMQ and PostgreSQL killed. All come back by themselves; afterwards everything that
# was accepted is decided, once, in the order in which it was accepted.
# In the short form of the suite tests/chaos and tests/crashpoints stand for it.
# ctest: long
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/clients.sh
. "$(dirname "$0")/clients.sh"

# kill_and_wait NAME: the supervisor puts another in its place.
kill_and_wait() {
    local pid since=$SECONDS
    pid=$(pid_of "$1")
    strike KILL "$1"
    wait_for 90 "$1 to be back" is_another "$1" "$pid"
    clients_are_served
    say "$1 is back, all that was accepted is decided, after $((SECONDS - since)) s"
}

# A frozen worker: its session ends, its queues go to the other; when it wakes it does no harm.
freeze_and_wake() {
    local since=$SECONDS
    strike STOP order-2
    wait_for 60 "all queues to have gone to order-1" holds order-1 16 16
    clients_are_served
    say "order-1 has all queues, all that was accepted is decided, after $((SECONDS - since)) s"
    strike CONT order-2
    wait_for 60 "order-2 to have its share again" holds order-2 8 8
    wait_for 60 "order-1 to have its share again" holds order-1 8 8
    clients_are_served
}

stack_up shop --ingress 2 --coupon-workers 2 --order-workers 2
clients_start 11 12 13
orders_start
races_start
for round in $(seq "$(long 1 5)"); do
    clients_are_served
    kill_and_wait order-1
    freeze_and_wake
    kill_and_wait stats-1
    kill_and_wait coupon-1
    kill_and_wait ingress-1
    kill_and_wait rabbitmq
    kill_and_wait postgresql
    say "round $round is over"
done
clients_stop
within "charges accepted" "$(sort -u "$WORK/accepted" | wc -l)" 200 1000000
within "replays of orders, each complete" "$(cat -- "$WORK/replays" | wc -l)" 1 100000
within "races, each fair" "$(cat -- "$WORK/races" | wc -l)" 1 100000
clients_got_what_was_promised
is "processes that are not up" \
    "$(deploy status --json | jq -c '[.processes[] | select(.state != "up").name]')" '[]'
audit_is_clean
