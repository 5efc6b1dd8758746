# shellcheck shell=bash
# A burst: how fast orders are accepted, each answered 202 once the broker has confirmed it, beside
# an ingress as one would write it; and for information beside a loop that publishes one message
# an order and has each confirmed, without HTTP, and the HTTP library that answers 202 and does
# nothing else.
row_burst() {
    http_serve http
    reference_serve enqueue $((PORT + 196)) / "$WORK/bin/enqueue" \
        -listen "127.0.0.1:$((PORT + 196))" -url "$(operator_setting BROKER)"
    alternate "$ROUNDS" burst_of ours enqueue broker http
    reference_end enqueue
    reference_end http
}

burst_of() {
    case $1 in
    broker) measure burst broker "$2" broker_publish ;;
    *) measure burst "$1" "$2" load "$1" orders "${SHOP[@]}" --clients 256 --no-wait \
        --warm-up 0 --requests "$BURST" ;;
    esac
}
