#!/usr/bin/env bash
# The naive model of the rules against the real system from outside: random commands over HTTP and
# AMQP, one at a time, while workers are killed. Every verdict, every result and everything that
# can be read in the end is as the model has it, what is repeated is done once, and the journal
# holds just the verdicts that were told.
# FIRSTCOME_MODEL_SEED=n runs one seed (times and ids are still the clock's);
# FIRSTCOME_MODEL_COMMANDS=n so many commands (3,000 by default, 30,000 with FIRSTCOME_LONG).
set -euo pipefail
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

readonly WORKERS=(order-1 coupon-2 order-2 coupon-1) KILL_EVERY=300

# client: asks, and says in the end what it met.
client() {
    trap - ERR EXIT
    # shellcheck source=/dev/null
    . "$STATE/env"
    exec "$BUILD/bin/model_client" "$1" "$WORK/verdicts" >"$WORK/model" 2>"$WORK/model.log"
}

# kill_workers PID: one after another, one behind so many verdicts, while the client is there.
kill_workers() {
    local turn=0 next=$KILL_EVERY
    : >"$WORK/kills"
    while kill -0 "$1" 2>/dev/null; do
        if (($(told) >= next)) && send KILL "${WORKERS[turn % ${#WORKERS[@]}]}"; then
            echo "${WORKERS[turn++ % ${#WORKERS[@]}]}" >>"$WORK/kills"
            next=$((next + KILL_EVERY))
        fi
        pause
    done
}

told() { wc -l <"$WORK/verdicts"; }

# What the client was told of each command, and what stands in the journal. An order that the
# ingress sent again by another line stands there twice, first misrouted.
journal_differs() {
    timeout 60 "$STATE/bin/psql" -XAtq -v ON_ERROR_STOP=1 -f - <<SQL
CREATE TEMP TABLE told (command_id uuid, type text, code text);
\\copy told FROM '$WORK/verdicts' WITH (NULL '-')
SELECT count(*)
FROM told t FULL JOIN journal j USING (command_id)
WHERE (t.type, t.code) IS DISTINCT FROM (j.type, coalesce(j.verdict, ''))
  AND NOT (t.command_id IS NULL AND j.type = 'order.place' AND j.verdict = 'misrouted');
SQL
}

commands=${FIRSTCOME_MODEL_COMMANDS:-$(long 3000 30000)}
# Payments and expiry are the client's to decide; afterwards the others may.
stack_up shop --ingress 2 --coupon-workers 2 --order-workers 2 --payment-workers 0 --clocks 0
: >"$WORK/verdicts"
client "$commands" &
asking=$!
CHILDREN=("$asking")
kill_workers "$asking" &
CHILDREN+=("$!")
wait "$asking" || fail "$(cat -- "$WORK/model" "$WORK/model.log")
    … tests/e2e/test_model.sh"
wait "${CHILDREN[1]}"
CHILDREN=()
while read -r line; do say "$line"; done <"$WORK/model"
within "verdicts told" "$(told)" $((commands * 9 / 10)) $((commands * 3))
within "workers killed meanwhile" "$(wc -l <"$WORK/kills")" $((commands / KILL_EVERY / 2)) 1000
is "verdicts told that are not the journal's" "$(journal_differs)" 0
stack_change --payment-workers 1 --clocks 1
audit_is_clean
