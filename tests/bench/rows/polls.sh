# shellcheck shell=bash
# Polls of a command's status, beside the HTTP library that answers 200 with a document as long:
# the same one again and again, and for information one that is made anew each time.
row_polls() {
    http_serve http
    http_serve http-made --made
    alternate "$ROUNDS" polls_of ours http http-made
    reference_end http
    reference_end http-made
}

polls_of() {
    measure polls "$1" "$2" load "$1" status "${SHOP[@]}" --clients 64 \
        --seconds "$MEASURE_S" --warm-up "$WARM_UP_S"
}
