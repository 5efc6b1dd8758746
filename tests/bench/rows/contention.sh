# shellcheck shell=bash
# What it costs that all want the same: orders over the number of options that they are spread
# over, issues over the number of coupons. 1 and 1,000 in turn; those between once, for the plot.
row_contention() {
    local options templates
    alternate "$ROUNDS" contention_ends ours
    [[ $MODE == full ]] || return 0
    for options in 10 100; do options_of ours 1; done
    for templates in 10 100; do templates_of ours 1; done
    for options in 1 1000; do options_of service 1; done
}

# contention_ends SIDE ROUND
contention_ends() {
    for options in 1 1000; do options_of "$@"; done
    for templates in 1 1000; do templates_of "$@"; done
}

options_of() { orders_measure "options:$options" "$@" --clients 32 --options "$options" --lines 1; }
templates_of() { issues_measure "templates:$templates" "$1" "$2" "$templates" "$ISSUES"; }
