/* Deeds on idempotency keys, and on who came first. */
#include "support/history_check_deeds.h"

/* --- keys ------------------------------------------------------------------------------------- */

static bool own_twice(struct evidence *evidence, struct chance *chance)
{
    int64_t row;

    PICK(row, evidence->row_count, evidence->rows[i].is_replay && evidence->rows[i].verdict != 0);
    if (row < 0)
        return false;
    struct evidence_row *copy = &evidence->rows[row];

    copy->is_replay = false;
    copy->idempotency_key = evidence->rows[deed_row_of(evidence, &copy->replay_of)].idempotency_key;
    return true;
}

/* A copy of a charge acts a second time: all books agree with it. */
static bool charge_twice(struct evidence *evidence, struct chance *chance)
{
    int64_t row;

    PICK(row, evidence->row_count,
         evidence->rows[i].is_replay && evidence->rows[i].verdict == 0 &&
             evidence_is(evidence, evidence->rows[i].type, "wallet.charge"));
    if (row < 0)
        return false;
    const struct evidence_row *owner =
        &evidence->rows[deed_row_of(evidence, &evidence->rows[row].replay_of)];
    struct evidence_event event = evidence->events[owner->first_event];
    struct evidence_row *copy = &evidence->rows[row];

    copy->is_replay = false;
    copy->idempotency_key = owner->idempotency_key;
    copy->first_event = evidence->event_count;
    copy->event_count = 1;
    event.row = (int32_t)row;
    event.version = 1000000;
    for (int64_t i = 0; i < evidence->wallet_count; i++)
        if (evidence->wallets[i].user_id == event.user_id) {
            evidence->wallets[i].balance += event.amount;
            event.after = evidence->wallets[i].balance;
        }
    *ARRAY_ADD(evidence, event) = event;
    return true;
}

static bool ask_for_another_amount(struct evidence *evidence, struct chance *chance)
{
    int64_t row;

    PICK(row, evidence->row_count,
         deed_try_of(evidence, &evidence->rows[i].id) >= 0 && evidence->rows[i].event_count > 0 &&
             evidence_is(evidence, evidence->rows[i].type, "wallet.charge"));
    if (row < 0)
        return false;
    int64_t attempt = deed_try_of(evidence, &evidence->rows[row].id);

    evidence->ops[evidence->attempts[attempt].op].amount++;
    return true;
}

static bool repeat_another(struct evidence *evidence, struct chance *chance)
{
    int64_t row;
    int64_t other;

    PICK(row, evidence->row_count, evidence->rows[i].is_replay);
    if (row < 0)
        return false;
    PICK(other, evidence->row_count,
         evidence->rows[i].idempotency_key != 0 &&
             !fc_uuid_eq(&evidence->rows[i].id, &evidence->rows[row].replay_of));
    if (other < 0)
        return false;
    evidence->rows[row].replay_of = evidence->rows[other].id;
    return true;
}

static bool repeat_otherwise(struct evidence *evidence, struct chance *chance)
{
    int64_t row;

    PICK(row, evidence->row_count,
         evidence->rows[i].is_replay && !deed_was_seen(evidence, &evidence->rows[i].id));
    if (row < 0)
        return false;
    evidence->rows[row].result_hash++;
    return true;
}

/* --- order ------------------------------------------------------------------------------------ */

/* Two of one line, the first answered before the second was sent: decided the other way round. */
static bool swap_pair(struct evidence *evidence, struct chance *chance)
{
    int64_t first;
    int64_t second;

    PICK(first, evidence->attempt_count,
         evidence->attempts[i].fate == FATE_ACCEPTED &&
             deed_row_of(evidence, &evidence->attempts[i].id) >= 0);
    if (first < 0)
        return false;
    const struct evidence_try *before = &evidence->attempts[first];
    struct evidence_row *one = &evidence->rows[deed_row_of(evidence, &before->id)];

    PICK(second, evidence->attempt_count,
         evidence->attempts[i].fate == FATE_ACCEPTED &&
             evidence->attempts[i].sent_us > before->answered_us &&
             deed_try_of(evidence, &evidence->attempts[i].id) == i &&
             deed_row_of(evidence, &evidence->attempts[i].id) >= 0 &&
             evidence->rows[deed_row_of(evidence, &evidence->attempts[i].id)].key == one->key);
    if (second < 0)
        return false;
    struct evidence_row *other =
        &evidence->rows[deed_row_of(evidence, &evidence->attempts[second].id)];
    int64_t seq = one->seq;

    one->seq = other->seq;
    other->seq = seq;
    return true;
}

/* Somebody who had been told that all were gone came before one that got one. */
static bool win_unfairly(struct evidence *evidence, struct chance *chance)
{
    int64_t loser;
    int64_t winner;

    PICK(loser, evidence->attempt_count,
         evidence->attempts[i].fate == FATE_ACCEPTED &&
             deed_row_of(evidence, &evidence->attempts[i].id) >= 0 &&
             evidence_is(evidence,
                         evidence->rows[deed_row_of(evidence, &evidence->attempts[i].id)].verdict,
                         "coupon_sold_out"));
    if (loser < 0)
        return false;
    int32_t key = evidence->rows[deed_row_of(evidence, &evidence->attempts[loser].id)].key;

    PICK(winner, evidence->attempt_count,
         evidence->attempts[i].fate == FATE_ACCEPTED &&
             deed_row_of(evidence, &evidence->attempts[i].id) >= 0 &&
             evidence->rows[deed_row_of(evidence, &evidence->attempts[i].id)].key == key &&
             evidence->rows[deed_row_of(evidence, &evidence->attempts[i].id)].event_count > 0);
    if (winner < 0)
        return false;
    struct fc_uuid id = evidence->attempts[winner].id;

    for (int64_t i = 0; i < evidence->attempt_count; i++)
        if (evidence->attempts[i].has_id && fc_uuid_eq(&evidence->attempts[i].id, &id)) {
            evidence->attempts[i].sent_us = evidence->attempts[loser].answered_us + 1;
            evidence->attempts[i].answered_us = evidence->attempts[loser].answered_us + 2;
        }
    return true;
}

/* Two winners have each other's places. */
static bool swap_positions(struct evidence *evidence, struct chance *chance)
{
    int64_t first;
    int64_t second;

    PICK(first, evidence->coupon_count, deed_try_of(evidence, &evidence->coupons[i].id) >= 0);
    if (first < 0)
        return false;
    const struct evidence_try *before =
        &evidence->attempts[deed_try_of(evidence, &evidence->coupons[first].id)];

    PICK(second, evidence->coupon_count,
         evidence->coupons[i].template_id == evidence->coupons[first].template_id &&
             deed_try_of(evidence, &evidence->coupons[i].id) >= 0 &&
             before->fate == FATE_ACCEPTED &&
             evidence->attempts[deed_try_of(evidence, &evidence->coupons[i].id)].sent_us >
                 before->answered_us);
    if (second < 0)
        return false;
    int64_t position = evidence->coupons[first].position;

    evidence->coupons[first].position = evidence->coupons[second].position;
    evidence->coupons[second].position = position;
    for (int64_t i = 0; i < evidence->event_count; i++) {
        struct evidence_event *event = &evidence->events[i];

        if (fc_uuid_eq(&event->id, &evidence->coupons[first].id))
            event->after = evidence->coupons[first].position;
        else if (fc_uuid_eq(&event->id, &evidence->coupons[second].id))
            event->after = evidence->coupons[second].position;
    }
    return true;
}

const struct history_deed history_deeds_on_lines[] = {
    {"a key has two owners", CHECK_KEY_HAS_ONE_OWNER, 0, own_twice},
    {"a copy of a charge charges again", CHECK_KEY_HAS_ONE_OWNER, 0, charge_twice},
    {"a charge is of another amount", CHECK_EFFECT_IS_ONE, 0, ask_for_another_amount},
    {"a repeat repeats another", CHECK_KEY_HAS_ONE_OWNER, MAY(CHECK_NOTHING_INVENTED),
     repeat_another},
    {"a repeat says otherwise", CHECK_KEY_HAS_ONE_OWNER, 0, repeat_otherwise},
    {"a pair is swapped", CHECK_DECIDED_IN_ORDER, 0, swap_pair},
    {"a winner came after a loser", CHECK_WINNERS_CAME_FIRST, MAY(CHECK_DECIDED_IN_ORDER),
     win_unfairly},
    {"two winners have each other's places", CHECK_WINNERS_CAME_FIRST, 0, swap_positions},
};

const int32_t history_deeds_on_lines_count = FC_ARRAY_COUNT(history_deeds_on_lines);
