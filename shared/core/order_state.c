#include "core/order_state.h"

#include "base/assert.h"

/* The one table; ORDER_NONE, which is also what is left out: the step leads nowhere from there.
 * What is shipped in part can be neither cancelled nor changed. */
static const enum order_status order_table[ORDER_STATUS_COUNT][ORDER_STEP_COUNT] = {
    [ORDER_NONE] =
        {
            [ORDER_STEP_PLACE] = ORDER_PENDING_PAYMENT,
            [ORDER_STEP_PAY] = ORDER_PAID,
        },
    [ORDER_PENDING_PAYMENT] =
        {
            [ORDER_STEP_PAY] = ORDER_PAID,
            [ORDER_STEP_FAIL] = ORDER_FAILED,
        },
    [ORDER_PAID] =
        {
            [ORDER_STEP_CANCEL] = ORDER_CANCELLED,
            [ORDER_STEP_CHANGE] = ORDER_PAID,
            [ORDER_STEP_SHIP_PART] = ORDER_PARTLY_SHIPPED,
            [ORDER_STEP_SHIP_REST] = ORDER_SHIPPED,
        },
    [ORDER_PARTLY_SHIPPED] =
        {
            [ORDER_STEP_SHIP_PART] = ORDER_PARTLY_SHIPPED,
            [ORDER_STEP_SHIP_REST] = ORDER_SHIPPED,
        },
};

bool order_step(enum order_status from, enum order_step step, enum order_status *ret_to)
{
    FC_ASSERT(from < ORDER_STATUS_COUNT);
    FC_ASSERT(step < ORDER_STEP_COUNT);
    enum order_status to = order_table[from][step];

    if (to == ORDER_NONE)
        return false;
    *ret_to = to;
    return true;
}

const char *order_status_name(enum order_status status)
{
    switch (status) {
    case ORDER_NONE:
        return "";
    case ORDER_PENDING_PAYMENT:
        return "pending_payment";
    case ORDER_PAID:
        return "paid";
    case ORDER_PARTLY_SHIPPED:
        return "partly_shipped";
    case ORDER_SHIPPED:
        return "shipped";
    case ORDER_CANCELLED:
        return "cancelled";
    case ORDER_FAILED:
        return "failed";
    case ORDER_STATUS_COUNT:
        break;
    }
    FC_UNREACHABLE("no such order status");
}

const char *order_step_name(enum order_step step)
{
    switch (step) {
    case ORDER_STEP_PLACE:
        return "place";
    case ORDER_STEP_PAY:
        return "pay";
    case ORDER_STEP_FAIL:
        return "fail";
    case ORDER_STEP_CANCEL:
        return "cancel";
    case ORDER_STEP_CHANGE:
        return "change";
    case ORDER_STEP_SHIP_PART:
        return "ship a part";
    case ORDER_STEP_SHIP_REST:
        return "ship the rest";
    case ORDER_STEP_COUNT:
        break;
    }
    FC_UNREACHABLE("no such order step");
}
