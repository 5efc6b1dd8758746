# shellcheck shell=bash
# Issues of one hot coupon: one that has a piece for everybody, and one that is sold out soon.
# First come is proved of ours over all pairs of requests.
row_issues() {
    alternate "$ROUNDS" issues_of ours service
    alternate "$ROUNDS" issues_sold_out_of ours service
}

issues_of() { issues_measure issues "$1" "$2" 1 "$ISSUES"; }
issues_sold_out_of() { issues_measure issues-sold-out "$1" "$2" 1 500; }
