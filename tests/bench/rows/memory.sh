# shellcheck shell=bash
# What each process has resident, and the most it had since it was started, after a load from 512
# connections at once.
row_memory() {
    local -a names
    mapfile -t names < <(programs_of ingress coupon order)
    programs_rest "${names[@]}"
    programs_wake "${names[@]}"
    measure memory-load ours 1 load ours orders "${SHOP[@]}" --clients 512 \
        --seconds "$MEASURE_S" --warm-up 0
    rss_keep memory 1
}
