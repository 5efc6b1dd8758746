/* Idempotency keys: one owner, repeats that repeat it, and one effect in the tables. */
#include "support/history_check_judge.h"

#include <inttypes.h>
#include <stdlib.h>

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

/* --- one owner -------------------------------------------------------------------------------- */

struct owner {
    int64_t actor_id;
    int32_t key;
    int32_t row;
};

static int compare_owners(const void *a, const void *b)
{
    const struct owner *left = a;
    const struct owner *right = b;
    int order = ORDER(left->actor_id, right->actor_id);

    if (order == 0)
        order = ORDER(left->key, right->key);
    return order != 0 ? order : ORDER(left->row, right->row);
}

static void judge_owners(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    struct owner *owners = array_new(evidence->row_count, sizeof(*owners));
    int64_t count = 0;

    for (int32_t i = 0; i < evidence->row_count; i++)
        if (evidence->rows[i].idempotency_key != 0)
            owners[count++] =
                (struct owner){evidence->rows[i].actor_id, evidence->rows[i].idempotency_key, i};
    qsort(owners, (size_t)count, sizeof(*owners), compare_owners);
    for (int64_t i = 1; i < count; i++)
        if (owners[i].actor_id == owners[i - 1].actor_id && owners[i].key == owners[i - 1].key)
            violated(check, "both own one key: %s, %s",
                     say_row(court, &evidence->rows[owners[i - 1].row]),
                     say_row(court, &evidence->rows[owners[i].row]));
    /* It is sent again by the right way, under the same key. */
    for (int64_t i = 0; i < count; i++)
        if (row_was_refused(court, &evidence->rows[owners[i].row], "misrouted"))
            violated(check, "was refused for its way and owns its key: %s",
                     say_row(court, &evidence->rows[owners[i].row]));
    check->compared += count;
    free(owners);
}

static void judge_repeat(const struct court *court, const struct evidence_row *row,
                         struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    int32_t at = court_row(court, &row->replay_of);

    check->compared++;
    if (at == NOWHERE) {
        violated(check, "repeats nothing: %s", say_row(court, row));
        return;
    }
    const struct evidence_row *first = &evidence->rows[at];

    if (first->idempotency_key == 0 || first->is_replay || first->actor_id != row->actor_id ||
        first->type != row->type || row->idempotency_key != 0)
        violated(check, "repeats what it cannot: %s, %s", say_row(court, row),
                 say_row(court, first));
    else if (first->verdict != row->verdict || first->result_hash != row->result_hash)
        violated(check, "says otherwise than what it repeats: %s, %s", say_row(court, row),
                 say_row(court, first));
}

/* A try that a client knows is the owner of its key, or repeats it. */
static void judge_known(const struct court *court, const struct known *known,
                        struct history_check *check)
{
    const struct evidence_row *row = &court->evidence->rows[known->row];
    const struct evidence_op *op = &court->evidence->ops[known->op];

    if (row_was_refused(court, row, "misrouted") && !row->is_replay && row->idempotency_key == 0)
        return;
    check->compared++;
    if (court_key_of(court, row) != op->idempotency_key ||
        (op->idempotency_key == 0 && row->is_replay))
        violated(check, "was not decided as one command with its key: %s, %s",
                 say_known(court, known), say_row(court, row));
}

void judge_keys(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;

    judge_owners(court, check);
    for (int64_t i = 0; i < evidence->row_count; i++)
        if (evidence->rows[i].is_replay)
            judge_repeat(court, &evidence->rows[i], check);
    for (int64_t i = 0; i < court->known_count; i++)
        if (court->knowns[i].row != NOWHERE)
            judge_known(court, &court->knowns[i], check);
}

/* --- one effect ------------------------------------------------------------------------------- */

struct made {
    struct fc_uuid id;
    int64_t user_id;
    int64_t template_id; /* of a coupon; -1: an order */
};

static int compare_made(const void *a, const void *b)
{
    const struct made *left = a;
    const struct made *right = b;

    return fc_uuid_cmp(&left->id, &right->id);
}

/* Orders and coupons of the tables, by id. */
struct things {
    struct made *made;
    int64_t count;
};

static struct things find_things(const struct evidence *evidence)
{
    struct things things = {
        .made = array_new(evidence->order_count + evidence->coupon_count, sizeof(*things.made))};

    for (int64_t i = 0; i < evidence->order_count; i++)
        things.made[things.count++] =
            (struct made){evidence->orders[i].id, evidence->orders[i].user_id, -1};
    for (int64_t i = 0; i < evidence->coupon_count; i++)
        things.made[things.count++] =
            (struct made){evidence->coupons[i].id, evidence->coupons[i].user_id,
                          evidence->coupons[i].template_id};
    qsort(things.made, (size_t)things.count, sizeof(*things.made), compare_made);
    return things;
}

static const struct made *thing_of(const struct things *things, const struct fc_uuid *id)
{
    const struct made wanted = {.id = *id};

    return bsearch(&wanted, things->made, (size_t)things->count, sizeof(wanted), compare_made);
}

/* What a success of that type tells once, and no other row at all. */
static const struct effect {
    const char *type;
    enum told told;
    enum told or_told;
} effects[] = {
    {"wallet.charge", TOLD_WALLET_CHARGED, TOLD_WALLET_CHARGED},
    {"coupon.issue", TOLD_COUPON_ISSUED, TOLD_COUPON_ISSUED},
    {"order.place", TOLD_ORDER_PAID, TOLD_ORDER_PLACED},
    {"order.cancel", TOLD_ORDER_CANCELLED, TOLD_ORDER_CANCELLED},
    {"order.change", TOLD_ORDER_CHANGED, TOLD_ORDER_CHANGED},
    {"option.restock", TOLD_STOCK_RESTOCKED, TOLD_STOCK_RESTOCKED},
};

static int64_t count_told(const struct court *court, const struct evidence_row *row,
                          const struct effect *effect, const struct evidence_event **ret_event)
{
    int64_t count = 0;

    for (int32_t i = 0; i < row->event_count; i++) {
        const struct evidence_event *event = &court->evidence->events[row->first_event + i];

        if (event->told != effect->told && event->told != effect->or_told)
            continue;
        *ret_event = event;
        count++;
    }
    return count;
}

/* What the event made stands in the tables, of the user who asked for it. */
static void judge_made(const struct court *court, const struct evidence_row *row,
                       const struct evidence_event *event, const struct things *things,
                       struct history_check *check)
{
    bool order = event->told == TOLD_ORDER_PAID || event->told == TOLD_ORDER_PLACED;
    const struct made *made;

    if (!order && event->told != TOLD_COUPON_ISSUED)
        return;
    made = thing_of(things, &event->id);
    if (made == NULL || made->user_id != event->user_id ||
        made->template_id != (order ? -1 : event->thing))
        violated(check, "is not in the tables as decided: %s made by %s", say_id(&event->id),
                 say_row(court, row));
}

static void judge_charge(const struct court *court, int32_t row, const struct evidence_event *event,
                         struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    int32_t known = court->known_of[row];

    if (known == NOWHERE || event->told != TOLD_WALLET_CHARGED)
        return;
    const struct evidence_op *op = &evidence->ops[court->knowns[known].op];

    if (op->amount != 0 && op->amount != event->amount)
        violated(check, "charged %" PRId64 ": %s, %s", event->amount,
                 say_known(court, &court->knowns[known]), say_row(court, &evidence->rows[row]));
}

static void judge_effect(const struct court *court, int32_t at, const struct things *things,
                         struct history_check *check)
{
    const struct evidence_row *row = &court->evidence->rows[at];

    if (!row_acted(row)) {
        if (row->event_count > 0)
            violated(check, "has effects without being a success of its own: %s",
                     say_row(court, row));
        return;
    }
    for (size_t i = 0; i < FC_ARRAY_COUNT(effects); i++) {
        const struct evidence_event *event = NULL;

        if (!row_is(court, row, effects[i].type))
            continue;
        int64_t count = count_told(court, row, &effects[i], &event);

        if (count != 1) {
            violated(check, "has its effect %" PRId64 " times: %s", count, say_row(court, row));
            return;
        }
        judge_made(court, row, event, things, check);
        judge_charge(court, at, event, check);
    }
}

/* --- and nothing else in the tables ----------------------------------------------------------- */

static int compare_coupons(const void *a, const void *b)
{
    const struct evidence_coupon *left = a;
    const struct evidence_coupon *right = b;
    int order = ORDER(left->user_id, right->user_id);

    return order != 0 ? order : ORDER(left->template_id, right->template_id);
}

static void judge_coupons_twice(const struct evidence *evidence, struct history_check *check)
{
    struct evidence_coupon *coupons = array_new(evidence->coupon_count, sizeof(*coupons));

    for (int64_t i = 0; i < evidence->coupon_count; i++)
        coupons[i] = evidence->coupons[i];
    qsort(coupons, (size_t)evidence->coupon_count, sizeof(*coupons), compare_coupons);
    for (int64_t i = 1; i < evidence->coupon_count; i++)
        if (compare_coupons(&coupons[i - 1], &coupons[i]) == 0)
            violated(check, "user %" PRId64 " has two of template %" PRId64 ": %s, %s",
                     coupons[i].user_id, coupons[i].template_id, say_id(&coupons[i - 1].id),
                     say_id(&coupons[i].id));
    free(coupons);
}

static void judge_orders_are_asked(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;

    for (int64_t i = 0; i < evidence->order_count; i++) {
        const struct fc_uuid *id = &evidence->orders[i].id;
        int32_t row = court_row(court, id);

        if (row == NOWHERE || !row_acted(&evidence->rows[row]) ||
            !row_is(court, &evidence->rows[row], "order.place"))
            violated(check, "no command placed the order %s of user %" PRId64, say_id(id),
                     evidence->orders[i].user_id);
    }
}

void judge_effects(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    struct things things = find_things(evidence);

    for (int32_t i = 0; i < evidence->row_count; i++)
        judge_effect(court, i, &things, check);
    for (int64_t i = 1; i < things.count; i++)
        if (compare_made(&things.made[i - 1], &things.made[i]) == 0)
            violated(check, "stands in the tables twice: %s", say_id(&things.made[i].id));
    judge_coupons_twice(evidence, check);
    judge_orders_are_asked(court, check);
    check->compared = evidence->row_count + things.count;
    free(things.made);
}
