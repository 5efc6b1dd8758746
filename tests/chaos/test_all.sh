#!/usr/bin/env bash
# Chaos in short: a few quick faults of every family under load, and the proof that nothing was
# lost. In the long form every fault there is, alone, and then pairs. The seed is the day's; the
# first line that is said has the command that repeats it.
# ctest: alone
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd -P)

QUICK=kill-order,freeze-order,broker-kill,db-immediate,net-mq-frames,bounce-order

if [[ -n ${FIRSTCOME_LONG:-} ]]; then
    exec "$HERE/run" --minutes 45 --seed "$(date -u +%Y%m%d)" --pairs
fi
exec "$HERE/run" --seed "$(date -u +%Y%m%d)" --faults "$QUICK"
