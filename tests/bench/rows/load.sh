# shellcheck shell=bash
# Throughput and latency over the load that is offered (open loop), far beyond what can be done.
row_load() {
    local rate
    for rate in "${RATES[@]}"; do alternate 1 load_at ours service; done
}

load_at() { orders_measure "load:$rate" "$@" --clients 512 --rate "$rate"; }
