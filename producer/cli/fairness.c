#include "producer/cli/fairness.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

/* Counts by position, with sums over prefixes in log time (Fenwick, 1994). */
struct counts {
    int64_t *sums;
    int32_t size;
};

static void counts_add(struct counts *counts, int64_t position)
{
    for (int64_t at = position; at <= counts->size; at += at & -at)
        counts->sums[at]++;
}

static int64_t counts_up_to(const struct counts *counts, int64_t position)
{
    int64_t sum = 0;

    for (int64_t at = position; at > 0; at -= at & -at)
        sum += counts->sums[at];
    return sum;
}

static int compare_i64(const void *a, const void *b)
{
    int64_t left;
    int64_t right;

    memcpy(&left, a, sizeof(left));
    memcpy(&right, b, sizeof(right));
    return (left > right) - (left < right);
}

static int compare_sent(const void *a, const void *b)
{
    const struct fairness_entry *left = a;
    const struct fairness_entry *right = b;

    return (left->sent_us > right->sent_us) - (left->sent_us < right->sent_us);
}

static int compare_answered(const void *a, const void *b)
{
    const struct fairness_entry *left = a;
    const struct fairness_entry *right = b;

    return (left->answered_us > right->answered_us) - (left->answered_us < right->answered_us);
}

/* How many of the ascending values are below `limit`. */
static int64_t count_below(const int64_t *values, int64_t count, int64_t limit)
{
    int64_t low = 0;

    while (low < count) {
        int64_t middle = low + (count - low) / 2;

        if (values[middle] < limit)
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

/* The pairs of a winner and a loser. */
static void judge_losers(const struct fairness_entry *winners, int64_t *losers_sent,
                         int64_t *losers_answered, struct fairness *fairness)
{
    int64_t count = fairness->losers;

    qsort(losers_sent, (size_t)count, sizeof(*losers_sent), compare_i64);
    qsort(losers_answered, (size_t)count, sizeof(*losers_answered), compare_i64);
    for (int64_t i = 0; i < fairness->winners; i++) {
        int64_t before = count_below(losers_answered, count, winners[i].sent_us);
        int64_t behind = count - count_below(losers_sent, count, winners[i].answered_us + 1);

        fairness->violations += before;
        fairness->pairs_certain += before + behind;
    }
    fairness->pairs = fairness->winners * count;
}

/* The pairs of two winners: for each, all those that had their 202 before it was sent. */
static void judge_orders(struct fairness_entry *by_sent, struct fairness_entry *by_answered,
                         struct counts *counts, struct fairness *fairness)
{
    int64_t count = fairness->winners;
    int64_t earlier = 0;

    qsort(by_sent, (size_t)count, sizeof(*by_sent), compare_sent);
    qsort(by_answered, (size_t)count, sizeof(*by_answered), compare_answered);
    for (int64_t i = 0; i < count; i++) {
        while (earlier < count && by_answered[earlier].answered_us < by_sent[i].sent_us)
            counts_add(counts, by_answered[earlier++].position);
        fairness->orders_certain += earlier;
        fairness->orders_wrong += earlier - counts_up_to(counts, by_sent[i].position);
    }
}

bool fairness_judge(const struct fairness_entry *entries, int32_t count, int32_t position_max,
                    struct fc_arena *arena, struct fairness *ret_fairness)
{
    struct fairness fairness = {.winners = 0};
    size_t room = (size_t)count + 1;
    struct fairness_entry *winners = fc_arena_take(arena, room, sizeof(*winners));
    struct fairness_entry *copies = fc_arena_take(arena, room, sizeof(*copies));
    int64_t *sent = fc_arena_take(arena, room, sizeof(*sent));
    int64_t *answered = fc_arena_take(arena, room, sizeof(*answered));
    struct counts counts = {
        .sums = fc_arena_take(arena, (size_t)position_max + 1, sizeof(int64_t)),
        .size = position_max,
    };

    FC_ASSERT(count >= 0 && position_max >= 0);
    if (winners == NULL || copies == NULL || sent == NULL || answered == NULL ||
        counts.sums == NULL)
        return false;
    for (int32_t i = 0; i < count; i++) {
        const struct fairness_entry *entry = &entries[i];

        FC_ASSERT(entry->sent_us <= entry->answered_us);
        if (entry->role == FAIRNESS_WINNER) {
            FC_ASSERT(entry->position >= 1 && entry->position <= position_max);
            copies[fairness.winners] = *entry;
            winners[fairness.winners++] = *entry;
        } else if (entry->role == FAIRNESS_LOSER) {
            sent[fairness.losers] = entry->sent_us;
            answered[fairness.losers++] = entry->answered_us;
        }
    }
    judge_losers(winners, sent, answered, &fairness);
    judge_orders(winners, copies, &counts, &fairness);
    *ret_fairness = fairness;
    return true;
}
