/* The other parties: the data platform has what the journal told, the gateway what was paid. */
#include "support/history_check_judge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

/* --- the data platform ------------------------------------------------------------------------ */

struct due {
    struct fc_uuid event_id;
    const struct evidence_event *event;
    int64_t times; /* that it came */
};

/* A delivery, and when it came. */
struct arrival {
    const struct evidence_delivery *delivery;
    int64_t at;
};

static int compare_dues(const void *a, const void *b)
{
    const struct due *left = a;
    const struct due *right = b;

    return fc_uuid_cmp(&left->event_id, &right->event_id);
}

static int compare_arrivals(const void *a, const void *b)
{
    const struct arrival *left = a;
    const struct arrival *right = b;
    int order = fc_uuid_cmp(&left->delivery->order_id, &right->delivery->order_id);

    return order != 0 ? order : ORDER(left->at, right->at);
}

static void judge_delivery(const struct court *court, const struct evidence_delivery *delivery,
                           struct due *due, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;

    if (due == NULL) {
        violated(check, "came and was never told: event %s (%s of order %s)",
                 say_id(&delivery->event_id), names_text(&evidence->names, delivery->type),
                 say_id(&delivery->order_id));
        return;
    }
    const struct evidence_event *event = due->event;
    const struct evidence_row *row = &evidence->rows[event->row];
    const char *type = event->told == TOLD_ORDER_PAID ? "order.paid" : "order.cancelled";

    due->times++;
    if (!fc_uuid_eq(&delivery->command_id, &row->id) || delivery->at != row->decided_at ||
        delivery->version != event->version || delivery->data_hash != event->data_hash ||
        !evidence_is(evidence, delivery->type, type))
        violated(check, "came otherwise than told: event %s of order %s, %s",
                 say_id(&delivery->event_id), say_id(&event->id), say_row(court, row));
}

/* Of each order, what had not come before is later than all that had. */
static void judge_sequence(const struct evidence *evidence, struct history_check *check)
{
    struct arrival *arrivals = array_new(evidence->arrival_count, sizeof(*arrivals));
    int64_t latest = 0;

    for (int64_t i = 0; i < evidence->arrival_count; i++)
        arrivals[i] = (struct arrival){&evidence->arrivals[i], i};
    qsort(arrivals, (size_t)evidence->arrival_count, sizeof(*arrivals), compare_arrivals);
    for (int64_t i = 0; i < evidence->arrival_count; i++) {
        const struct evidence_delivery *one = arrivals[i].delivery;
        bool same = i > 0 && fc_uuid_eq(&one->order_id, &arrivals[i - 1].delivery->order_id);
        bool repeat = false;

        for (int64_t k = i - 1; same && k >= 0 && !repeat; k--) {
            if (!fc_uuid_eq(&arrivals[k].delivery->order_id, &one->order_id))
                break;
            repeat = fc_uuid_eq(&arrivals[k].delivery->event_id, &one->event_id);
        }
        if (same && !repeat && one->version <= latest)
            violated(check, "came behind a later one of its order: event %s of order %s",
                     say_id(&one->event_id), say_id(&one->order_id));
        latest = same && one->version <= latest ? latest : one->version;
    }
    free(arrivals);
}

void judge_platform(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    struct due *dues = array_new(evidence->event_count, sizeof(*dues));
    int64_t count = 0;

    check->left_out = !evidence->has_platform;
    for (int64_t i = 0; evidence->has_platform && i < evidence->event_count; i++) {
        const struct evidence_event *event = &evidence->events[i];

        if (event->told == TOLD_ORDER_PAID || event->told == TOLD_ORDER_CANCELLED)
            dues[count++] = (struct due){
                .event_id = fc_uuid_event(&evidence->rows[event->row].id, (uint32_t)event->place),
                .event = event};
    }
    qsort(dues, (size_t)count, sizeof(*dues), compare_dues);
    for (int64_t i = 0; i < evidence->arrival_count; i++) {
        const struct due wanted = {.event_id = evidence->arrivals[i].event_id};

        judge_delivery(court, &evidence->arrivals[i],
                       bsearch(&wanted, dues, (size_t)count, sizeof(wanted), compare_dues), check);
    }
    for (int64_t i = 0; i < count; i++)
        if (dues[i].times == 0)
            violated(check, "was told and never came: event %s of order %s, %s",
                     say_id(&dues[i].event_id), say_id(&dues[i].event->id),
                     say_row(court, &evidence->rows[dues[i].event->row]));
    judge_sequence(evidence, check);
    check->compared = count + evidence->arrival_count;
    free(dues);
}

/* --- the gateway ------------------------------------------------------------------------------ */

/* What the shop knows of an order that is paid elsewhere. */
struct claim {
    struct fc_uuid order_id;
    const struct evidence_order *order;
    int64_t amount; /* that the shop took to be paid; -1: nothing was */
};

static int compare_claims(const void *a, const void *b)
{
    const struct claim *left = a;
    const struct claim *right = b;

    return fc_uuid_cmp(&left->order_id, &right->order_id);
}

static struct claim *claim_of(struct claim *claims, int64_t count, const struct fc_uuid *order_id)
{
    const struct claim wanted = {.order_id = *order_id};

    return bsearch(&wanted, claims, (size_t)count, sizeof(wanted), compare_claims);
}

static int64_t find_claims(const struct evidence *evidence, struct claim *claims)
{
    int64_t count = 0;

    for (int64_t i = 0; i < evidence->order_count; i++)
        if (evidence->orders[i].transfer)
            claims[count++] = (struct claim){evidence->orders[i].id, &evidence->orders[i], -1};
    qsort(claims, (size_t)count, sizeof(*claims), compare_claims);
    for (int64_t i = 0; i < evidence->event_count; i++) {
        const struct evidence_event *event = &evidence->events[i];
        struct claim *claim =
            event->told == TOLD_ORDER_PAID ? claim_of(claims, count, &event->id) : NULL;

        if (claim != NULL)
            claim->amount = event->amount - event->after;
    }
    return count;
}

static void judge_payment(const struct evidence *evidence, const struct evidence_payment *payment,
                          const struct claim *claim, struct history_check *check)
{
    const char *status = names_text(&evidence->names, payment->status);
    bool kept = strcmp(status, "approved") == 0;
    const char *id = say_id(&payment->order_id);

    if (payment->approvals > 1)
        violated(check, "was taken %" PRId64 " times: order %s", payment->approvals, id);
    if (claim == NULL) {
        if (kept)
            violated(check, "%" PRId64 " won were taken for no order: %s", payment->amount, id);
        return;
    }
    const char *state = names_text(&evidence->names, claim->order->status);

    if (strcmp(state, "failed") == 0 && kept)
        violated(check, "%" PRId64 " won are kept for the failed order %s", payment->amount, id);
    if (claim->amount >= 0 &&
        (!kept || payment->amount != claim->amount || payment->user_id != claim->order->user_id))
        violated(check,
                 "order %s is %s with %" PRId64 " won paid elsewhere; the gateway has it %s with "
                 "%" PRId64,
                 id, state, claim->amount, status, payment->amount);
}

void judge_gateway(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    struct claim *claims = array_new(evidence->order_count, sizeof(*claims));
    bool *heard = NULL;
    int64_t count = 0;

    check->left_out = !evidence->has_gateway;
    if (evidence->has_gateway)
        count = find_claims(evidence, claims);
    heard = array_new(count, sizeof(*heard));
    for (int64_t i = 0; i < evidence->payment_count; i++) {
        const struct evidence_payment *payment = &evidence->payments[i];
        const struct claim *claim = claim_of(claims, count, &payment->order_id);

        judge_payment(evidence, payment, claim, check);
        if (claim == NULL)
            continue;
        if (heard[claim - claims])
            violated(check, "stands in the gateway's books twice: order %s",
                     say_id(&payment->order_id));
        heard[claim - claims] = true;
    }
    for (int64_t i = 0; i < count; i++)
        if (!heard[i] && claims[i].amount > 0)
            violated(check, "order %s is paid with %" PRId64 " won that the gateway never took",
                     say_id(&claims[i].order_id), claims[i].amount);
    check->compared = count + evidence->payment_count;
    free(heard);
    free(claims);
}
