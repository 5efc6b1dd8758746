/*
 * Lines: who won, and in which order it was decided, over all pairs of a key. The pairs are counted
 * by the command line's own judge of races (producer/cli/fairness.h), which is exact in O(n log n);
 * here is who takes part, and one pass that finds pairs to show.
 */
#include "support/history_check_judge.h"

#include "base/assert.h"
#include "producer/cli/fairness.h"

#include <inttypes.h>
#include <stdlib.h>

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))
/* What fairness_judge takes of an entry and of a position, and more. */
#define ENTRY_BYTES 256
#define EXTRA_BYTES 4096

struct contender {
    struct fairness_entry entry;
    int64_t seq;
    int32_t key;
    int32_t row;
};

struct line {
    struct contender *contenders;
    int64_t count;
};

static int compare_lines(const void *a, const void *b)
{
    const struct contender *left = a;
    const struct contender *right = b;

    return left->key != right->key ? ORDER(left->key, right->key) : ORDER(left->seq, right->seq);
}

static int compare_sent(const void *a, const void *b)
{
    const struct contender *left = a;
    const struct contender *right = b;

    return ORDER(left->entry.sent_us, right->entry.sent_us);
}

static int compare_answered(const void *a, const void *b)
{
    const struct contender *left = a;
    const struct contender *right = b;

    return ORDER(left->entry.answered_us, right->entry.answered_us);
}

/* The next line of equal keys at *at; false at the end. */
static bool next_line(const struct line *all, int64_t *at, struct line *ret_line)
{
    int64_t from = *at;

    if (from == all->count)
        return false;
    while (*at < all->count && all->contenders[*at].key == all->contenders[from].key)
        ++*at;
    *ret_line = (struct line){&all->contenders[from], *at - from};
    return true;
}

static struct fairness judge_line(const struct line *line)
{
    struct fairness_entry *entries = array_new(line->count, sizeof(*entries));
    struct fairness fairness;
    struct fc_arena arena;
    int64_t highest = 0;

    for (int64_t i = 0; i < line->count; i++) {
        entries[i] = line->contenders[i].entry;
        if (entries[i].position > highest)
            highest = entries[i].position;
    }
    FC_ASSERT(line->count < INT32_MAX && highest < INT32_MAX);
    size_t bytes = EXTRA_BYTES + (size_t)(line->count + highest) * ENTRY_BYTES;
    void *memory = array_new((int64_t)bytes, 1);

    fc_arena_init(&arena, memory, bytes);
    if (!fairness_judge(entries, (int32_t)line->count, (int32_t)highest, &arena, &fairness))
        FC_UNREACHABLE("there is room for all of them");
    free(memory);
    free(entries);
    return fairness;
}

/* --- decided in order ------------------------------------------------------------------------- */

static const char *say(const struct court *court, const struct contender *contender)
{
    int32_t known = court->known_of[contender->row];

    return known == NOWHERE ? "[a try that was lost]" : say_known(court, &court->knowns[known]);
}

static void show_pair(const struct court *court, const struct contender *first,
                      const struct contender *second, struct history_check *check)
{
    violated(check, "%s came first: %s, %s; then %s: %s",
             names_text(&court->evidence->names, first->key), say(court, first),
             say_row(court, &court->evidence->rows[first->row]), say(court, second),
             say_row(court, &court->evidence->rows[second->row]));
}

/* For each, the latest position of those that were answered before it was sent: wrong pairs. */
static void show_order(const struct court *court, const struct line *line,
                       struct history_check *check)
{
    struct contender *answered = array_new(line->count, sizeof(*answered));
    const struct contender *latest = NULL;
    int64_t earlier = 0;

    for (int64_t i = 0; i < line->count; i++)
        answered[i] = line->contenders[i];
    qsort(answered, (size_t)line->count, sizeof(*answered), compare_answered);
    qsort(line->contenders, (size_t)line->count, sizeof(*line->contenders), compare_sent);
    for (int64_t i = 0; i < line->count && check->violations < HISTORY_SAMPLES; i++) {
        const struct contender *contender = &line->contenders[i];

        while (earlier < line->count &&
               answered[earlier].entry.answered_us < contender->entry.sent_us) {
            if (latest == NULL || answered[earlier].entry.position > latest->entry.position)
                latest = &answered[earlier];
            earlier++;
        }
        if (latest != NULL && latest->entry.position > contender->entry.position)
            show_pair(court, latest, contender, check);
    }
    free(answered);
}

/* Counted exactly; what was shown of them counts once. */
static void count_pairs(struct history_check *check, int64_t before, int64_t wrong)
{
    FC_ASSERT(check->violations - before <= wrong);
    check->violations = before + wrong;
}

static bool is_in_line(const struct court *court, const struct known *known)
{
    return known->row != NOWHERE && court_parked(court, &known->id) == NULL &&
           !row_was_refused(court, &court->evidence->rows[known->row], "misrouted");
}

static struct contender contender_of(const struct court *court, const struct known *known)
{
    const struct evidence_row *row = &court->evidence->rows[known->row];

    return (struct contender){
        .entry = {FAIRNESS_WINNER, known->sent_us, known->answered_us, 0},
        .seq = row->seq,
        .key = row->key,
        .row = known->row,
    };
}

void judge_order(const struct court *court, struct history_check *check)
{
    struct line all = {.contenders = array_new(court->known_count, sizeof(*all.contenders))};
    struct line line;
    int64_t at = 0;

    for (int64_t i = 0; i < court->known_count; i++)
        if (is_in_line(court, &court->knowns[i]))
            all.contenders[all.count++] = contender_of(court, &court->knowns[i]);
    qsort(all.contenders, (size_t)all.count, sizeof(*all.contenders), compare_lines);
    while (next_line(&all, &at, &line)) {
        int64_t before = check->violations;

        for (int64_t i = 0; i < line.count; i++)
            line.contenders[i].entry.position = i + 1;
        struct fairness fairness = judge_line(&line);

        check->compared += fairness.orders_certain;
        if (fairness.orders_wrong > 0)
            show_order(court, &line, check);
        count_pairs(check, before, fairness.orders_wrong);
    }
    free(all.contenders);
}

/* --- winners came first ----------------------------------------------------------------------- */

/* Before which nothing can have been sent of a winner that no client knows by its id. */
static int64_t lost_sent_us(const struct court *court, const struct evidence_row *row)
{
    const struct open_tries *open =
        court_open_tries(court, row->actor_id, row->type, court_key_of(court, row));

    return open == NULL ? 0 : open->sent_us;
}

static bool is_a_part(const struct court *court, int32_t at, struct contender *ret_contender)
{
    const struct evidence_row *row = &court->evidence->rows[at];
    int32_t known = court->known_of[at];
    bool won = row_acted(row);

    if (!row_is(court, row, "coupon.issue") || court_parked(court, &row->id) != NULL)
        return false;
    if (!won && (known == NOWHERE || !row_was_refused(court, row, "coupon_sold_out")))
        return false;
    struct contender contender = {.seq = row->seq, .key = row->key, .row = at};
    const struct evidence_event *issued = court_told(court, row, TOLD_COUPON_ISSUED, NULL);

    contender.entry = (struct fairness_entry){
        .role = won ? FAIRNESS_WINNER : FAIRNESS_LOSER,
        .sent_us = known == NOWHERE ? lost_sent_us(court, row) : court->knowns[known].sent_us,
        .answered_us = known == NOWHERE ? NEVER_US : court->knowns[known].answered_us,
        .position = won && issued != NULL ? issued->after : 0,
    };
    if (won && (contender.entry.position < 1 || contender.entry.position > INT32_MAX / 2))
        return false; /* another check's */
    *ret_contender = contender;
    return true;
}

/* Who came too late is too late for good only while the quantity is the same. */
static bool was_changed(const struct evidence *evidence, int32_t key)
{
    struct fc_str name = fc_str_of(names_text(&evidence->names, key));
    const struct evidence_event *first = NULL;
    int64_t template_id;

    (void)fc_str_cut(&name, ':');
    if (!fc_str_to_i64(name, 1, INT64_MAX, &template_id))
        return false;
    for (int64_t i = 0; i < evidence->event_count; i++) {
        const struct evidence_event *event = &evidence->events[i];

        if (event->told != TOLD_TEMPLATE_PUT || event->thing != template_id)
            continue;
        if (first != NULL && first->amount != event->amount)
            return true;
        first = event;
    }
    return false;
}

/* Losers that were answered before a winner was sent, the earliest of them against each. */
static void show_losers(const struct court *court, const struct line *line,
                        struct history_check *check)
{
    const struct contender *earliest = NULL;

    for (int64_t i = 0; i < line->count; i++) {
        const struct contender *one = &line->contenders[i];

        if (one->entry.role == FAIRNESS_LOSER &&
            (earliest == NULL || one->entry.answered_us < earliest->entry.answered_us))
            earliest = one;
    }
    for (int64_t i = 0; i < line->count && check->violations < HISTORY_SAMPLES; i++) {
        const struct contender *one = &line->contenders[i];

        if (one->entry.role == FAIRNESS_WINNER && earliest != NULL &&
            earliest->entry.answered_us < one->entry.sent_us)
            show_pair(court, earliest, one, check);
    }
}

static void judge_template(const struct court *court, const struct line *line,
                           struct history_check *check)
{
    struct line winners = {array_new(line->count, sizeof(*winners.contenders)), 0};
    struct fairness fairness = judge_line(line);
    int64_t before = check->violations;

    check->compared += fairness.pairs_certain + fairness.orders_certain;
    if (fairness.violations > 0)
        show_losers(court, line, check);
    count_pairs(check, before, fairness.violations);
    before = check->violations;
    for (int64_t i = 0; i < line->count; i++)
        if (line->contenders[i].entry.role == FAIRNESS_WINNER)
            winners.contenders[winners.count++] = line->contenders[i];
    if (fairness.orders_wrong > 0)
        show_order(court, &winners, check);
    count_pairs(check, before, fairness.orders_wrong);
    free(winners.contenders);
}

void judge_winners(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    struct line all = {.contenders = array_new(evidence->row_count, sizeof(*all.contenders))};
    struct line line;
    int64_t at = 0;

    for (int32_t i = 0; i < evidence->row_count; i++)
        if (is_a_part(court, i, &all.contenders[all.count]))
            all.count++;
    qsort(all.contenders, (size_t)all.count, sizeof(*all.contenders), compare_lines);
    while (next_line(&all, &at, &line)) {
        if (was_changed(evidence, line.contenders[0].key))
            check->set_aside++;
        else
            judge_template(court, &line, check);
    }
    free(all.contenders);
}
