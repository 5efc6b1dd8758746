# shellcheck shell=bash
# A burst: how fast orders are accepted, each answered 202 once the broker has confirmed it, beside
# a producer that publishes one message an order and has each confirmed; and for information beside
# the HTTP library that answers 202 and does nothing else.
row_burst() {
    http_serve http
    alternate "$ROUNDS" burst_of ours broker http
    reference_end http
}

burst_of() {
    case $1 in
    broker) measure burst broker "$2" broker_publish ;;
    *) measure burst "$1" "$2" load "$1" orders "${SHOP[@]}" --clients 256 --no-wait \
        --warm-up 0 --requests "$BURST" ;;
    esac
}
