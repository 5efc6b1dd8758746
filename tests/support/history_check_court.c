#include "support/history_check_judge.h"

#include "base/assert.h"

#include <stdlib.h>

/* qsort has no argument: what the comparisons look into. */
static const struct evidence *sorted_evidence;

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_rows(const void *a, const void *b)
{
    const int32_t *left = a;
    const int32_t *right = b;
    int order = fc_uuid_cmp(&sorted_evidence->rows[*left].id, &sorted_evidence->rows[*right].id);

    return order != 0 ? order : ORDER(*left, *right);
}

static int compare_knowns(const void *a, const void *b)
{
    const struct known *left = a;
    const struct known *right = b;
    int order = fc_uuid_cmp(&left->id, &right->id);

    return order != 0 ? order : ORDER(left->sent_us, right->sent_us);
}

static int compare_opens(const void *a, const void *b)
{
    const struct open_tries *left = a;
    const struct open_tries *right = b;

    if (left->user_id != right->user_id)
        return ORDER(left->user_id, right->user_id);
    if (left->command != right->command)
        return ORDER(left->command, right->command);
    return ORDER(left->idempotency_key, right->idempotency_key);
}

/* --- putting in order ------------------------------------------------------------------------- */

static void order_rows(struct court *court)
{
    const struct evidence *evidence = court->evidence;

    court->rows_by_id = array_new(evidence->row_count, sizeof(*court->rows_by_id));
    court->known_of = array_new(evidence->row_count, sizeof(*court->known_of));
    for (int64_t i = 0; i < evidence->row_count; i++) {
        court->rows_by_id[i] = (int32_t)i;
        court->known_of[i] = NOWHERE;
    }
    sorted_evidence = evidence;
    qsort(court->rows_by_id, (size_t)evidence->row_count, sizeof(*court->rows_by_id), compare_rows);
}

static struct known known_by(const struct evidence *evidence, int64_t at)
{
    const struct evidence_try *attempt = &evidence->attempts[at];
    bool accepted = attempt->fate == FATE_ACCEPTED;

    return (struct known){
        .id = attempt->id,
        .sent_us = attempt->sent_us,
        .answered_us = accepted ? attempt->answered_us : NEVER_US,
        .op = attempt->op,
        .attempt = (int32_t)at,
        .row = NOWHERE,
        .accepted = accepted,
        .replayed = attempt->replayed,
    };
}

/* What is known of one id twice becomes one; `into` was sent first. */
static void unite(struct known *into, const struct known *other)
{
    if (other->answered_us < into->answered_us)
        into->answered_us = other->answered_us;
    into->accepted = into->accepted || other->accepted;
    into->replayed = into->replayed || other->replayed;
}

static void find_knowns(struct court *court)
{
    const struct evidence *evidence = court->evidence;
    int64_t count = 0;
    int64_t kept = 0;

    court->knowns = array_new(evidence->attempt_count, sizeof(*court->knowns));
    for (int64_t i = 0; i < evidence->attempt_count; i++)
        if (evidence->attempts[i].has_id)
            court->knowns[count++] = known_by(evidence, i);
    qsort(court->knowns, (size_t)count, sizeof(*court->knowns), compare_knowns);
    for (int64_t i = 0; i < count; i++) {
        struct known known = court->knowns[i];

        if (kept > 0 && fc_uuid_eq(&court->knowns[kept - 1].id, &known.id)) {
            unite(&court->knowns[kept - 1], &known);
            continue;
        }
        court->knowns[kept++] = known;
    }
    court->known_count = kept;
    for (int64_t i = 0; i < kept; i++) {
        int32_t row = court_row(court, &court->knowns[i].id);

        court->knowns[i].row = row;
        if (row != NOWHERE)
            court->known_of[row] = (int32_t)i;
    }
}

/* Only tries that may have been taken under an id that nobody knows, or all of a user and type. */
static bool is_grouped(const struct evidence_try *attempt, bool all)
{
    return all || (attempt->fate == FATE_UNKNOWN && !attempt->has_id);
}

static struct open_tries *group_tries(const struct evidence *evidence, bool all, int64_t *ret_count)
{
    struct open_tries *tries = array_new(evidence->attempt_count, sizeof(*tries));
    int64_t count = 0;
    int64_t kept = 0;

    for (int64_t i = 0; i < evidence->attempt_count; i++) {
        const struct evidence_try *attempt = &evidence->attempts[i];
        const struct evidence_op *op = &evidence->ops[attempt->op];

        if (is_grouped(attempt, all))
            tries[count++] = (struct open_tries){.user_id = op->user_id,
                                                 .sent_us = attempt->sent_us,
                                                 .left = 1,
                                                 .command = op->command,
                                                 .idempotency_key = all ? 0 : op->idempotency_key};
    }
    qsort(tries, (size_t)count, sizeof(*tries), compare_opens);
    for (int64_t i = 0; i < count; i++) {
        if (kept == 0 || compare_opens(&tries[kept - 1], &tries[i]) != 0) {
            tries[kept++] = tries[i];
            continue;
        }
        tries[kept - 1].left++;
        if (tries[i].sent_us < tries[kept - 1].sent_us)
            tries[kept - 1].sent_us = tries[i].sent_us;
    }
    *ret_count = kept;
    return tries;
}

void court_open(const struct evidence *evidence, struct court *ret_court)
{
    *ret_court = (struct court){.evidence = evidence, .setup_seq = evidence->setup_seq};
    order_rows(ret_court);
    find_knowns(ret_court);
    ret_court->opens = group_tries(evidence, false, &ret_court->open_count);
    ret_court->askeds = group_tries(evidence, true, &ret_court->asked_count);
    if (ret_court->setup_seq > 0)
        return;
    ret_court->setup_seq = INT64_MAX;
    for (int64_t i = 0; i < evidence->row_count; i++)
        if (ret_court->known_of[i] != NOWHERE && evidence->rows[i].seq <= ret_court->setup_seq)
            ret_court->setup_seq = evidence->rows[i].seq - 1;
}

void court_close(struct court *court)
{
    free(court->rows_by_id);
    free(court->knowns);
    free(court->known_of);
    free(court->opens);
    free(court->askeds);
}

/* --- asking ----------------------------------------------------------------------------------- */

int32_t court_row(const struct court *court, const struct fc_uuid *id)
{
    int64_t low = 0;
    int64_t count = court->evidence->row_count;
    int64_t high = count;

    while (low < high) {
        int64_t middle = low + (high - low) / 2;

        if (fc_uuid_cmp(&court->evidence->rows[court->rows_by_id[middle]].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == count || !fc_uuid_eq(&court->evidence->rows[court->rows_by_id[low]].id, id))
        return NOWHERE;
    return court->rows_by_id[low];
}

const struct evidence_parked *court_parked(const struct court *court, const struct fc_uuid *id)
{
    const struct evidence *evidence = court->evidence;

    for (int64_t i = evidence->parking_count - 1; i >= 0; i--)
        if (fc_uuid_eq(&evidence->parkings[i].id, id))
            return &evidence->parkings[i];
    return NULL;
}

static struct open_tries *find_tries(struct open_tries *tries, int64_t count,
                                     const struct open_tries *wanted)
{
    return bsearch(wanted, tries, (size_t)count, sizeof(*wanted), compare_opens);
}

struct open_tries *court_open_tries(const struct court *court, int64_t user_id, int32_t command,
                                    int32_t idempotency_key)
{
    const struct open_tries wanted = {
        .user_id = user_id, .command = command, .idempotency_key = idempotency_key};

    return find_tries(court->opens, court->open_count, &wanted);
}

struct open_tries *court_asked(const struct court *court, int64_t user_id, int32_t command)
{
    const struct open_tries wanted = {.user_id = user_id, .command = command};

    return find_tries(court->askeds, court->asked_count, &wanted);
}

int32_t court_key_of(const struct court *court, const struct evidence_row *row)
{
    if (!row->is_replay)
        return row->idempotency_key;
    int32_t owner = court_row(court, &row->replay_of);

    return owner == NOWHERE ? 0 : court->evidence->rows[owner].idempotency_key;
}

const struct evidence_event *court_told(const struct court *court, const struct evidence_row *row,
                                        enum told told, const struct evidence_event *after)
{
    const struct evidence_event *events = court->evidence->events;
    int64_t at = after == NULL ? row->first_event : (after - events) + 1;

    for (; at < row->first_event + row->event_count; at++)
        if (events[at].told == told)
            return &events[at];
    return NULL;
}

bool row_is(const struct court *court, const struct evidence_row *row, const char *type)
{
    return evidence_is(court->evidence, row->type, type);
}

bool row_acted(const struct evidence_row *row)
{
    return row->verdict == 0 && !row->is_replay;
}

bool row_was_refused(const struct court *court, const struct evidence_row *row, const char *code)
{
    return evidence_is(court->evidence, row->verdict, code);
}
