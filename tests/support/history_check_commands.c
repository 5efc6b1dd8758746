/* Commands and verdicts: none lost, none told otherwise than decided, none invented. */
#include "support/history_check_judge.h"

#include <inttypes.h>
#include <stdio.h>

/* --- accepted is decided ---------------------------------------------------------------------- */

static void judge_missing(const struct court *court, const struct known *known,
                          struct history_check *check)
{
    const struct evidence_parked *parked = court_parked(court, &known->id);

    if (parked == NULL)
        violated(check, "was accepted and has no verdict: %s", say_known(court, known));
    else if (court->evidence->may_park && (parked->open || parked->dropped))
        check->set_aside++;
    else
        violated(check, "was accepted and set aside (%s): %s",
                 names_text(&court->evidence->names, parked->reason), say_known(court, known));
}

/* An ingress that cannot ask what is sold first-come takes the user's line: the order is refused
 * there, unless it repeats one that was decided in its own. */
static bool is_repeat_in_users_line(const struct court *court, const struct evidence_row *row)
{
    char key[32];

    (void)snprintf(key, sizeof(key), "user:%" PRId64, row->actor_id);
    return row->is_replay && evidence_is(court->evidence, row->type, "order.place") &&
           row->key == names_find(&court->evidence->names, fc_str_of(key));
}

static void judge_row(const struct court *court, const struct known *known,
                      struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    const struct evidence_row *row = &evidence->rows[known->row];
    const struct evidence_op *op = &evidence->ops[known->op];
    const struct evidence_parked *parked = court_parked(court, &known->id);
    bool decided_elsewhere =
        row_was_refused(court, row, "misrouted") || is_repeat_in_users_line(court, row);

    if (op->command != row->type || op->user_id != row->actor_id)
        violated(check, "was asked %s and decided %s", say_known(court, known),
                 say_row(court, row));
    else if (op->key != 0 && op->key != row->key && !decided_elsewhere)
        violated(check, "stood in another line: %s, %s", say_known(court, known),
                 say_row(court, row));
    if (parked != NULL && parked->open)
        violated(check, "is decided and set aside: %s, %s", say_known(court, known),
                 say_row(court, row));
}

static void judge_twice(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;

    for (int64_t i = 1; i < evidence->row_count; i++) {
        const struct evidence_row *row = &evidence->rows[court->rows_by_id[i - 1]];
        const struct evidence_row *next = &evidence->rows[court->rows_by_id[i]];

        if (fc_uuid_eq(&row->id, &next->id))
            violated(check, "was decided twice: %s, %s", say_row(court, row), say_row(court, next));
    }
}

void judge_accepted(const struct court *court, struct history_check *check)
{
    judge_twice(court, check);
    for (int64_t i = 0; i < court->known_count; i++) {
        const struct known *known = &court->knowns[i];

        check->compared += known->accepted;
        if (known->row != NOWHERE)
            judge_row(court, known, check);
        else if (known->accepted)
            judge_missing(court, known, check);
    }
}

/* --- told as decided -------------------------------------------------------------------------- */

static void judge_sighting(const struct court *court, const struct evidence_sighting *sighting,
                           struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    const struct names *names = &evidence->names;
    const char *state = names_text(names, sighting->state);
    const char *file = names_text(names, evidence->ops[sighting->op].file);
    int32_t at = court_row(court, &sighting->id);
    bool parked = evidence_is(evidence, sighting->state, "parked");

    if (at == NOWHERE) {
        if (!parked || court_parked(court, &sighting->id) == NULL)
            violated(check, "was told %s %s (%s:%" PRId64 ") and is not decided: %s, %s", state,
                     names_text(names, sighting->code), file, sighting->line, say_id(&sighting->id),
                     say_op(court, sighting->op));
        return;
    }
    const struct evidence_row *row = &evidence->rows[at];
    bool succeeded = evidence_is(evidence, sighting->state, "succeeded");

    /* Set aside first, decided when it was put back. */
    if (parked && court_parked(court, &sighting->id) != NULL)
        return;
    if (succeeded != (row->verdict == 0) || (!succeeded && sighting->code != row->verdict))
        violated(check, "was told %s %s (%s:%" PRId64 "): %s, %s", state,
                 names_text(names, sighting->code), file, sighting->line,
                 say_op(court, sighting->op), say_row(court, row));
    else if (sighting->has_body && sighting->body_hash != row->result_hash)
        violated(check, "was told another body (%s:%" PRId64 "): %s, %s", file, sighting->line,
                 say_op(court, sighting->op), say_row(court, row));
}

void judge_told(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;

    for (int64_t i = 0; i < evidence->sighting_count; i++)
        judge_sighting(court, &evidence->sightings[i], check);
    check->compared = evidence->sighting_count;
    for (int64_t i = 0; i < court->known_count; i++) {
        const struct known *known = &court->knowns[i];

        if (known->replayed && known->row != NOWHERE && !evidence->rows[known->row].is_replay)
            violated(check, "was told to be a repeat: %s, %s", say_known(court, known),
                     say_row(court, &evidence->rows[known->row]));
    }
}

/* --- nothing invented ------------------------------------------------------------------------- */

/* The clock's, the payment worker's and an operator's; no client has them in its history. */
static bool is_the_systems(const struct court *court, const struct evidence_row *row)
{
    static const char *const types[] = {"coupon.expire", "order.expire", "payment.settle",
                                        "policy.apply", "day.close"};

    for (size_t i = 0; i < FC_ARRAY_COUNT(types); i++)
        if (row_is(court, row, types[i]))
            return true;
    return false;
}

/* One of the tries of that user and type, of any key, when the row does not tell its key. */
static struct open_tries *any_open(const struct court *court, const struct evidence_row *row)
{
    for (int64_t i = 0; i < court->open_count; i++) {
        struct open_tries *open = &court->opens[i];

        if (open->user_id == row->actor_id && open->command == row->type && open->left > 0)
            return open;
    }
    return NULL;
}

/*
 * An ingress that hears `misrouted` sends the order again under a new id, and its client only hears
 * of the second: once at most for each try.
 */
static struct open_tries *detour(const struct court *court, const struct evidence_row *row)
{
    return row_was_refused(court, row, "misrouted") ? court_asked(court, row->actor_id, row->type)
                                                    : NULL;
}

static bool is_explained(const struct court *court, const struct evidence_row *row)
{
    struct open_tries *open;

    if (is_the_systems(court, row))
        return true;
    if (row_was_refused(court, row, "idempotency_key_reused"))
        open = any_open(court, row);
    else
        open = court_open_tries(court, row->actor_id, row->type, court_key_of(court, row));
    if (open == NULL || open->left == 0)
        open = detour(court, row);
    if (open == NULL || open->left == 0)
        return false;
    open->left--;
    return true;
}

void judge_invented(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;

    check->compared = evidence->row_count;
    for (int64_t i = 0; i < evidence->row_count; i++) {
        const struct evidence_row *row = &evidence->rows[i];

        if (court->known_of[i] == NOWHERE && row->seq > court->setup_seq &&
            !is_explained(court, row))
            violated(check, "was decided and never sent: %s", say_row(court, row));
    }
}
