/*
 * The states of an order and the one table of what leads from each to which. Nothing else moves a
 * state; docs/order-states.md and the schema's CHECK are held against this table by tests.
 */
#ifndef FC_CORE_ORDER_STATE_H
#define FC_CORE_ORDER_STATE_H

#include <stdbool.h>

enum order_status {
    ORDER_NONE, /* not placed yet */
    ORDER_PENDING_PAYMENT,
    ORDER_PAID,
    ORDER_PARTLY_SHIPPED,
    ORDER_SHIPPED,
    ORDER_CANCELLED,
    ORDER_FAILED,
    ORDER_STATUS_COUNT
};

enum order_step {
    ORDER_STEP_PLACE, /* the payment is asked for elsewhere */
    ORDER_STEP_PAY,   /* placed and paid at once, or the payment was approved */
    ORDER_STEP_FAIL,  /* the payment was declined, timed out, or never settled */
    ORDER_STEP_CANCEL,
    ORDER_STEP_CHANGE,
    ORDER_STEP_SHIP_PART,
    ORDER_STEP_SHIP_REST,
    ORDER_STEP_COUNT
};

/* Whether `step` leads from `from` anywhere, and where. */
bool order_step(enum order_status from, enum order_step step, enum order_status *ret_to);

/* "pending_payment"; "" for ORDER_NONE. */
const char *order_status_name(enum order_status status);
const char *order_step_name(enum order_step step);

#endif
