# shellcheck shell=bash
# The workers alone: a queue that was filled while they stood still, emptied with nobody else at
# work, beside the bare batch loop against PostgreSQL alone. Then over the number of workers, with
# the same queues for any of them; in a shop of its own, since a key that changes its queue within
# a history is what the audit looks for.
row_workers() {
    founded_make store
    stack_change --set FIRSTCOME_PARTITIONS=4
    shop_make workers --users "$USERS"
    alternate "$ROUNDS" workers_1_of ours store
    alternate "$ROUNDS" workers_2_of ours store
    [[ $MODE == quick ]] || for count in 3 4; do alternate 1 workers_curve_of ours store; done
    shop_prove
    stack_change "${STACK[@]}"
    database_enter shop
}

workers_1_of() { workers_of "$@" 1 256; }
workers_2_of() { workers_of "$@" 2 64; }
workers_curve_of() { workers_of "$@" "$count" 64; }

# workers_of SIDE ROUND PROCESSES BATCH
workers_of() {
    case $1 in
    ours)
        stack_change --order-workers "$3"
        queue_fill "$DRAIN"
        measure "workers:$3" ours "$2" queue_drain "$DRAIN"
        stack_wake ;;
    store) measure "workers:$3" store "$2" store_loop "$3" "$4" --bare ;;
    esac
}
