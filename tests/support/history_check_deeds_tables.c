#include "support/history_check_deeds.h"

#include <string.h>

/* A random one, or NULL when there is none. */
#define ANY(array)                \
    (evidence->array##_count == 0 \
         ? NULL                   \
         : &evidence->array##s[chance_below(chance, evidence->array##_count)])

/* --- goods and money -------------------------------------------------------------------------- */

static bool lose_stock(struct evidence *evidence, struct chance *chance)
{
    ANY(option)->total--;
    return true;
}

static bool reserve_for_nobody(struct evidence *evidence, struct chance *chance)
{
    ANY(option)->reserved++;
    return true;
}

/* An order in that state has more than the stock says. */
static bool add_to_order(struct evidence *evidence, const char *status, int64_t more)
{
    for (int64_t i = 0; i < evidence->order_line_count; i++)
        for (int64_t k = 0; k < evidence->order_count; k++)
            if (fc_uuid_eq(&evidence->order_lines[i].order_id, &evidence->orders[k].id) &&
                evidence_is(evidence, evidence->orders[k].status, status)) {
                evidence->order_lines[i].quantity += more;
                return true;
            }
    return false;
}

static bool sell_more(struct evidence *evidence, struct chance *chance)
{
    return add_to_order(evidence, "paid", 1 + chance_below(chance, 3));
}

static bool wait_for_more(struct evidence *evidence, struct chance *chance)
{
    return add_to_order(evidence, "pending_payment", 1 + chance_below(chance, 3));
}

static bool oversell_template(struct evidence *evidence, struct chance *chance)
{
    struct evidence_template *template = ANY(template);

    if (template->issued == 0)
        return false;
    template->quantity = template->issued - 1;
    return true;
}

static bool lose_coupon(struct evidence *evidence, struct chance *chance)
{
    (void)chance;
    if (evidence->coupon_count == 0)
        return false;
    evidence->coupon_count--;
    return true;
}

static bool give_coupon_twice(struct evidence *evidence, struct chance *chance)
{
    struct evidence_coupon *coupon = ANY(coupon);
    struct evidence_coupon copy;

    if (coupon == NULL)
        return false;
    copy = *coupon;
    copy.id.bytes[15] ^= 0xff;
    copy.position = 99;
    *ARRAY_ADD(evidence, coupon) = copy;
    return true;
}

static bool lose_a_won(struct evidence *evidence, struct chance *chance)
{
    ANY(wallet)->balance--;
    return true;
}

static bool hold_a_won(struct evidence *evidence, struct chance *chance)
{
    ANY(wallet)->held++;
    return true;
}

static struct evidence_event *event_of(struct evidence *evidence, enum told told)
{
    for (int64_t i = 0; i < evidence->event_count; i++)
        if (evidence->events[i].told == told)
            return &evidence->events[i];
    return NULL;
}

static bool tell_stock(struct evidence *evidence, struct chance *chance)
{
    struct evidence_event *event = event_of(evidence, TOLD_STOCK_TAKEN);

    (void)chance;
    if (event == NULL)
        return false;
    evidence->lines[event->first_line].quantity++;
    return true;
}

static bool tell_balance(struct evidence *evidence, struct chance *chance)
{
    struct evidence_event *event = event_of(evidence, TOLD_WALLET_USED);

    (void)chance;
    if (event == NULL)
        return false;
    event->after++;
    return true;
}

/* The journal and the wallet agree, and the order was cheaper. */
static bool pay_less(struct evidence *evidence, struct chance *chance)
{
    struct evidence_order *order = ANY(order);

    if (order == NULL || !order->was_paid || order->transfer || order->refunded > 0)
        return false;
    order->paid--;
    return true;
}

static bool lose_order(struct evidence *evidence, struct chance *chance)
{
    int64_t at = evidence->order_count == 0 ? 0 : chance_below(chance, evidence->order_count);

    if (evidence->order_count == 0 ||
        !evidence_is(evidence, evidence->orders[at].status, "cancelled"))
        return false;
    evidence->orders[at] = evidence->orders[--evidence->order_count];
    return true;
}

static bool invent_order(struct evidence *evidence, struct chance *chance)
{
    struct evidence_order order = {.id = {{9, 9, 9}}, .user_id = 1 + chance_below(chance, 6)};

    order.status = names_put(&evidence->names, FC_STR("cancelled"));
    *ARRAY_ADD(evidence, order) = order;
    return true;
}

/* A refusal that took the money all the same. */
static bool act_on_refusal(struct evidence *evidence, struct chance *chance)
{
    (void)chance;
    for (int64_t i = 0; i < evidence->row_count; i++) {
        struct evidence_row *row = &evidence->rows[i];

        if (row->verdict == 0 && row->event_count > 0 &&
            evidence_is(evidence, row->type, "payment.settle")) {
            row->verdict = names_put(&evidence->names, FC_STR("payment_timed_out"));
            return true;
        }
    }
    return false;
}

/* --- counters --------------------------------------------------------------------------------- */

static bool miscount(struct evidence *evidence, struct chance *chance)
{
    struct evidence_counter *counter = ANY(counter);

    if (counter == NULL)
        return false;
    counter->numbers[chance_below(chance, COUNTER_NUMBERS)]++;
    return true;
}

static bool count_another_day(struct evidence *evidence, struct chance *chance)
{
    struct evidence_counter *counter = ANY(counter);

    if (counter == NULL || counter->numbers[COUNTER_ORDERS] == 0)
        return false;
    counter->day += 100;
    return true;
}

static bool count_not(struct evidence *evidence, struct chance *chance)
{
    struct fc_uuid *counted = ANY(counted);

    if (counted == NULL)
        return false;
    *counted = evidence->counteds[--evidence->counted_count];
    return true;
}

static bool count_an_invention(struct evidence *evidence, struct chance *chance)
{
    struct fc_uuid id = {{7, 7, (uint8_t)chance_below(chance, 256)}};

    *ARRAY_ADD(evidence, counted) = id;
    return true;
}

/* --- the other parties ------------------------------------------------------------------------ */

static int64_t times_of(const struct evidence *evidence, const struct fc_uuid *event_id)
{
    int64_t times = 0;

    for (int64_t i = 0; i < evidence->arrival_count; i++)
        times += fc_uuid_eq(&evidence->arrivals[i].event_id, event_id);
    return times;
}

static bool deliver_not(struct evidence *evidence, struct chance *chance)
{
    int64_t at = evidence->arrival_count == 0 ? 0 : chance_below(chance, evidence->arrival_count);

    if (evidence->arrival_count == 0 || times_of(evidence, &evidence->arrivals[at].event_id) != 1)
        return false;
    for (; at + 1 < evidence->arrival_count; at++)
        evidence->arrivals[at] = evidence->arrivals[at + 1];
    evidence->arrival_count--;
    return true;
}

static bool deliver_an_invention(struct evidence *evidence, struct chance *chance)
{
    struct evidence_delivery *arrival = ANY(arrival);
    struct evidence_delivery copy;

    if (arrival == NULL)
        return false;
    copy = *arrival;
    copy.event_id.bytes[15] ^= 0xff;
    copy.order_id.bytes[15] ^= 0xff;
    *ARRAY_ADD(evidence, arrival) = copy;
    return true;
}

static bool deliver_otherwise(struct evidence *evidence, struct chance *chance)
{
    struct evidence_delivery *arrival = ANY(arrival);

    if (arrival == NULL)
        return false;
    arrival->data_hash++;
    return true;
}

static bool deliver_out_of_order(struct evidence *evidence, struct chance *chance)
{
    (void)chance;
    for (int64_t i = 0; i < evidence->arrival_count; i++)
        for (int64_t k = i + 1; k < evidence->arrival_count; k++) {
            struct evidence_delivery one = evidence->arrivals[i];
            struct evidence_delivery *other = &evidence->arrivals[k];

            if (!fc_uuid_eq(&one.order_id, &other->order_id) || one.version == other->version ||
                times_of(evidence, &one.event_id) != 1)
                continue;
            evidence->arrivals[i] = *other;
            *other = one;
            return true;
        }
    return false;
}

static struct evidence_payment *payment_of(struct evidence *evidence, const char *status)
{
    for (int64_t i = 0; i < evidence->payment_count; i++)
        if (evidence_is(evidence, evidence->payments[i].status, status))
            return &evidence->payments[i];
    return NULL;
}

static bool take_payment_twice(struct evidence *evidence, struct chance *chance)
{
    struct evidence_payment *payment = ANY(payment);

    if (payment == NULL)
        return false;
    payment->approvals = 2;
    return true;
}

static bool keep_money(struct evidence *evidence, struct chance *chance)
{
    struct evidence_payment *payment = payment_of(evidence, "voided");

    (void)chance;
    if (payment == NULL)
        return false;
    payment->status = names_put(&evidence->names, FC_STR("approved"));
    return true;
}

static bool give_money_back(struct evidence *evidence, struct chance *chance)
{
    struct evidence_payment *payment = payment_of(evidence, "approved");

    (void)chance;
    if (payment == NULL)
        return false;
    payment->status = names_put(&evidence->names, FC_STR("refunded"));
    return true;
}

static bool take_another_amount(struct evidence *evidence, struct chance *chance)
{
    struct evidence_payment *payment = payment_of(evidence, "approved");

    (void)chance;
    if (payment == NULL)
        return false;
    payment->amount++;
    return true;
}

static bool never_take_it(struct evidence *evidence, struct chance *chance)
{
    struct evidence_payment *payment = payment_of(evidence, "approved");

    (void)chance;
    if (payment == NULL)
        return false;
    *payment = evidence->payments[--evidence->payment_count];
    return true;
}

static bool take_for_no_order(struct evidence *evidence, struct chance *chance)
{
    struct evidence_payment payment = {.order_id = {{3}}, .amount = 1 + chance_below(chance, 1000)};

    payment.status = names_put(&evidence->names, FC_STR("approved"));
    payment.approvals = 1;
    *ARRAY_ADD(evidence, payment) = payment;
    return true;
}

const struct history_deed history_deeds_on_tables[] = {
    {"a piece of stock is gone", CHECK_STOCK_IS_THERE, 0, lose_stock},
    {"a piece is reserved for nobody", CHECK_STOCK_IS_THERE, 0, reserve_for_nobody},
    {"an order has more than was taken", CHECK_STOCK_IS_THERE, 0, sell_more},
    {"an order waits for more than is reserved", CHECK_STOCK_IS_THERE, 0, wait_for_more},
    {"more was told to be taken", CHECK_STOCK_IS_THERE, 0, tell_stock},
    {"a template is oversold", CHECK_COUPONS_ARE_THERE, 0, oversell_template},
    {"a coupon is gone", CHECK_COUPONS_ARE_THERE, MAY(CHECK_EFFECT_IS_ONE), lose_coupon},
    {"a user has a coupon twice", CHECK_EFFECT_IS_ONE, MAY(CHECK_COUPONS_ARE_THERE),
     give_coupon_twice},
    {"a won is missing", CHECK_WALLET_IS_ITS_EVENTS, MAY(CHECK_WALLET_IS_ITS_ORDERS), lose_a_won},
    {"a won is held for nothing", CHECK_WALLET_IS_ITS_ORDERS, MAY(CHECK_WALLET_IS_ITS_EVENTS),
     hold_a_won},
    {"a balance is told otherwise", CHECK_WALLET_IS_ITS_EVENTS, 0, tell_balance},
    {"an order says less than was paid", CHECK_WALLET_IS_ITS_ORDERS, 0, pay_less},
    {"an order is gone", CHECK_EFFECT_IS_ONE,
     MAY(CHECK_WALLET_IS_ITS_ORDERS) | MAY(CHECK_STOCK_IS_THERE) | MAY(CHECK_GATEWAY_AGREES),
     lose_order},
    {"an order is nobody's", CHECK_EFFECT_IS_ONE, 0, invent_order},
    {"a refusal has effects", CHECK_EFFECT_IS_ONE, 0, act_on_refusal},
    {"a counter is wrong", CHECK_COUNTERS_ARE_THE_FOLD, 0, miscount},
    {"a counter is of another day", CHECK_COUNTERS_ARE_THE_FOLD, 0, count_another_day},
    {"an event is not counted", CHECK_COUNTERS_ARE_THE_FOLD, 0, count_not},
    {"an event is counted that was never told", CHECK_COUNTERS_ARE_THE_FOLD, 0, count_an_invention},
    {"the platform misses an event", CHECK_PLATFORM_HAS_ALL, 0, deliver_not},
    {"the platform has an event of nobody's", CHECK_PLATFORM_HAS_ALL, 0, deliver_an_invention},
    {"the platform has another body", CHECK_PLATFORM_HAS_ALL, 0, deliver_otherwise},
    {"the platform got an order's events out of order", CHECK_PLATFORM_HAS_ALL, 0,
     deliver_out_of_order},
    {"a payment is taken twice", CHECK_GATEWAY_AGREES, 0, take_payment_twice},
    {"money is kept for a failed order", CHECK_GATEWAY_AGREES, 0, keep_money},
    {"the money of a paid order went back", CHECK_GATEWAY_AGREES, 0, give_money_back},
    {"a payment is of another amount", CHECK_GATEWAY_AGREES, 0, take_another_amount},
    {"a payment was never taken", CHECK_GATEWAY_AGREES, 0, never_take_it},
    {"a payment is of no order", CHECK_GATEWAY_AGREES, 0, take_for_no_order},
};

const int32_t history_deeds_on_tables_count = FC_ARRAY_COUNT(history_deeds_on_tables);
