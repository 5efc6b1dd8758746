# shellcheck shell=bash
# From request to visible effect at 400 orders a second, sent when they are due, whatever became of
# those before (open loop).
row_latency() { alternate "$ROUNDS" latency_of ours service; }

latency_of() { orders_measure latency "$@" --rate 400; }
