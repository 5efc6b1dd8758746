# shellcheck shell=bash
# Orders completed a second and the CPU time of a thousand: 32 clients that wait for each answer,
# and for information 256. pgbench asks the database alone, one transaction an order: statement by
# statement, and as one call.
row_orders() {
    founded_make pgbench
    alternate "$ROUNDS" orders_of ours service pgbench pgbench-call
    alternate 1 orders_many_of ours service
}

orders_of() {
    case $1 in
    pgbench) measure orders "$@" pgbench_orders 32 ;;
    pgbench-call) measure orders "$@" pgbench_orders 32 --call ;;
    *) orders_measure orders "$@" --clients 32 ;;
    esac
}

orders_many_of() { orders_measure orders-many "$@" --clients 256; }
