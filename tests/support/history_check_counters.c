/*
 * The daily counters, added up anew from the journal's events, and that each event was counted
 * once. A counter that is not there says 0.
 */
#include "support/history_check_judge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

struct fold {
    struct evidence_counter *counters;
    int64_t counter_count;
    int64_t counter_room;
};

static int compare_counters(const void *a, const void *b)
{
    const struct evidence_counter *left = a;
    const struct evidence_counter *right = b;

    if (left->kind != right->kind)
        return ORDER(left->kind, right->kind);
    if (left->day != right->day)
        return ORDER(left->day, right->day);
    return ORDER(left->thing, right->thing);
}

/* What one event says of one list of lines. */
struct telling {
    const struct evidence_line *lines;
    int32_t count;
    int32_t day;
    int64_t sign;
    bool cancelled;
};

static int64_t thing_of(const struct evidence_line *line, enum counter_kind kind)
{
    switch (kind) {
    case COUNTER_PRODUCT:
        return line->product_id;
    case COUNTER_OPTION:
        return line->option_id;
    case COUNTER_CATEGORY:
        return line->category;
    case COUNTER_ALL:
        break;
    }
    return 0;
}

/* An order of several lines of one thing is one order of it. */
static bool is_the_first(const struct telling *telling, int32_t at, enum counter_kind kind)
{
    for (int32_t i = 0; i < at; i++)
        if (thing_of(&telling->lines[i], kind) == thing_of(&telling->lines[at], kind))
            return false;
    return true;
}

static void add_line(struct fold *fold, const struct telling *telling, int32_t at,
                     enum counter_kind kind)
{
    const struct evidence_line *line = &telling->lines[at];
    int64_t *numbers;

    *ARRAY_ADD(fold, counter) =
        (struct evidence_counter){.kind = kind, .day = telling->day, .thing = thing_of(line, kind)};
    numbers = fold->counters[fold->counter_count - 1].numbers;
    if (telling->cancelled)
        numbers += COUNTER_CANCELLED_ORDERS;
    numbers[COUNTER_ORDERS] = is_the_first(telling, at, kind) ? telling->sign : 0;
    numbers[COUNTER_QUANTITY] = telling->sign * line->quantity;
    numbers[COUNTER_REVENUE] = telling->sign * line->quantity * line->unit_price;
}

static void add_lines(struct fold *fold, const struct telling *telling)
{
    for (int32_t i = 0; i < telling->count; i++)
        for (int kind = COUNTER_PRODUCT; kind <= COUNTER_ALL; kind++)
            add_line(fold, telling, i, (enum counter_kind)kind);
}

static bool is_counted(enum told told)
{
    return told == TOLD_ORDER_PAID || told == TOLD_ORDER_CHANGED || told == TOLD_ORDER_CANCELLED;
}

static void add_event(const struct evidence *evidence, const struct evidence_event *event,
                      struct fold *fold)
{
    struct telling telling = {
        .lines = event->line_count > 0 ? &evidence->lines[event->first_line] : NULL,
        .count = event->line_count,
        .day = event->day,
        .sign = 1,
        .cancelled = event->told == TOLD_ORDER_CANCELLED,
    };

    add_lines(fold, &telling);
    if (event->told != TOLD_ORDER_CHANGED || event->previous_count == 0)
        return;
    telling.lines = &evidence->lines[event->first_line + event->line_count];
    telling.count = event->previous_count;
    telling.sign = -1;
    add_lines(fold, &telling);
}

/* Equal ones become one, sorted. */
static void add_up(struct fold *fold)
{
    int64_t kept = 0;

    if (fold->counter_count > 0)
        qsort(fold->counters, (size_t)fold->counter_count, sizeof(*fold->counters),
              compare_counters);
    for (int64_t i = 0; i < fold->counter_count; i++) {
        struct evidence_counter *last = kept > 0 ? &fold->counters[kept - 1] : NULL;

        if (last == NULL || compare_counters(last, &fold->counters[i]) != 0) {
            fold->counters[kept++] = fold->counters[i];
            continue;
        }
        for (int number = 0; number < COUNTER_NUMBERS; number++)
            last->numbers[number] += fold->counters[i].numbers[number];
    }
    fold->counter_count = kept;
}

static void judge_counter(const struct evidence *evidence, const struct evidence_counter *counted,
                          const struct evidence_counter *told, struct history_check *check)
{
    static const char *const kinds[] = {"product", "option", "category", "all"};
    static const int64_t none[COUNTER_NUMBERS];
    const struct evidence_counter *one = counted != NULL ? counted : told;
    const int64_t *has = counted != NULL ? counted->numbers : none;
    const int64_t *wants = told != NULL ? told->numbers : none;
    char day[FC_DAY_TEXT_BYTES + 1] = "";
    struct fc_buf buf = fc_buf_of(day, FC_DAY_TEXT_BYTES);
    bool category = one->kind == COUNTER_CATEGORY;

    check->compared++;
    if (memcmp(has, wants, sizeof(none)) == 0)
        return;
    fc_day_put(&buf, (struct fc_day){one->day});
    violated(check,
             "%s %" PRId64 "%s on %s: orders %" PRId64 " (told %" PRId64 "), quantity %" PRId64
             " (%" PRId64 "), revenue %" PRId64 " (%" PRId64 "), cancelled %" PRId64 " (%" PRId64
             "), %" PRId64 " (%" PRId64 "), %" PRId64 " (%" PRId64 ")",
             kinds[one->kind], category ? 0 : one->thing,
             category ? names_text(&evidence->names, (int32_t)one->thing) : "", day, has[0],
             wants[0], has[1], wants[1], has[2], wants[2], has[3], wants[3], has[4], wants[4],
             has[5], wants[5]);
}

static void judge_counted(const struct evidence *evidence, struct history_check *check);

void judge_counters(const struct court *court, struct history_check *check)
{
    const struct evidence *evidence = court->evidence;
    struct fold told = {.counters = NULL};
    struct fold counted = {.counters = NULL};
    int64_t i = 0;
    int64_t k = 0;

    for (int64_t at = 0; at < evidence->event_count; at++)
        if (is_counted(evidence->events[at].told))
            add_event(evidence, &evidence->events[at], &told);
    for (int64_t at = 0; at < evidence->counter_count; at++)
        *ARRAY_ADD(&counted, counter) = evidence->counters[at];
    add_up(&told);
    add_up(&counted);
    while (i < counted.counter_count || k < told.counter_count) {
        int order = i == counted.counter_count ? 1
                    : k == told.counter_count
                        ? -1
                        : compare_counters(&counted.counters[i], &told.counters[k]);

        judge_counter(evidence, order <= 0 ? &counted.counters[i] : NULL,
                      order >= 0 ? &told.counters[k] : NULL, check);
        i += order <= 0;
        k += order >= 0;
    }
    judge_counted(evidence, check);
    free(told.counters);
    free(counted.counters);
}

/* --- each event once -------------------------------------------------------------------------- */

static int compare_ids(const void *a, const void *b)
{
    return fc_uuid_cmp(a, b);
}

static void judge_counted(const struct evidence *evidence, struct history_check *check)
{
    struct fc_uuid *told = array_new(evidence->event_count, sizeof(*told));
    struct fc_uuid *counted = array_new(evidence->counted_count, sizeof(*counted));
    int64_t count = 0;
    int64_t i = 0;
    int64_t k = 0;

    for (int64_t at = 0; at < evidence->event_count; at++) {
        const struct evidence_event *event = &evidence->events[at];

        if (is_counted(event->told) || event->told == TOLD_DAY_CLOSED)
            told[count++] = fc_uuid_event(&evidence->rows[event->row].id, (uint32_t)event->place);
    }
    for (int64_t at = 0; at < evidence->counted_count; at++)
        counted[at] = evidence->counteds[at];
    qsort(told, (size_t)count, sizeof(*told), compare_ids);
    qsort(counted, (size_t)evidence->counted_count, sizeof(*counted), compare_ids);
    while (i < evidence->counted_count || k < count) {
        int order = i == evidence->counted_count ? 1
                    : k == count                 ? -1
                                                 : fc_uuid_cmp(&counted[i], &told[k]);

        if (order < 0)
            violated(check, "counted and never told: event %s", say_id(&counted[i]));
        else if (order > 0)
            violated(check, "told and never counted: event %s", say_id(&told[k]));
        i += order <= 0;
        k += order >= 0;
    }
    check->compared += count;
    free(counted);
    free(told);
}
