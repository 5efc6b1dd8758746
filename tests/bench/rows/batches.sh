# shellcheck shell=bash
# The batch loop over the size of its batches: the bare one, and the one with the shop's own job.
row_batches() {
    local size sizes=(1 4 16 64 256)
    [[ $MODE == full ]] || sizes=(1 16 256)
    founded_make store
    for size in "${sizes[@]}"; do alternate 1 batches_of store job; done
}

batches_of() {
    case $1 in
    store) measure "batches:$size" store "$2" store_loop 1 "$size" --bare ;;
    job) measure "batches:$size" job "$2" store_loop 1 "$size" ;;
    esac
}
