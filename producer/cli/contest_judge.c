#include "base/assert.h"
#include "base/index.h"
#include "producer/cli/contest.h"

#define ENTRY_BYTES_MAX 512
#define EXTRA_BYTES 4096

size_t contest_judge_bytes(const struct contest *contest)
{
    return EXTRA_BYTES + (size_t)(contest->requests + contest->quantity) * ENTRY_BYTES_MAX;
}

static bool was_heard(const struct contest_entry *entry)
{
    return entry->end == CLI_END_SUCCEEDED || entry->end == CLI_END_REFUSED;
}

static struct fairness_entry judged(const struct contest *contest,
                                    const struct contest_entry *entry)
{
    struct fairness_entry judged = {FAIRNESS_NEITHER, entry->sent_us, entry->answered_us, 0};

    /* Without a 202 of its own (a refusal right away) it has no place in the order. */
    if (!was_heard(entry) || entry->answered_us == 0)
        return (struct fairness_entry){.role = FAIRNESS_NEITHER};
    if (entry->end == CLI_END_REFUSED) {
        if (fc_str_eq(fc_str_of(entry->code), FC_STR("coupon_sold_out")))
            judged.role = FAIRNESS_LOSER;
        return judged;
    }
    if (entry->position >= 1 && entry->position <= contest->quantity) {
        judged.role = FAIRNESS_WINNER;
        judged.position = entry->position;
    }
    return judged;
}

struct ledger {
    struct fc_index heard;   /* users that asked and were decided */
    struct fc_index winners; /* users that got one */
    bool *used;              /* by position */
    int64_t highest;
};

static void count_winner(struct contest *contest, struct ledger *ledger,
                         const struct contest_entry *entry)
{
    uint64_t user = (uint64_t)entry->user_id;

    if (fc_index_find(&ledger->winners, user) != FC_INDEX_NONE) {
        contest->users_twice++;
    } else {
        fc_index_put(&ledger->winners, user, 0);
        contest->issued++;
    }
    if (entry->position < 1 || entry->position > contest->quantity ||
        ledger->used[entry->position]) {
        contest->positions_bad++;
        return;
    }
    ledger->used[entry->position] = true;
    if (entry->position > ledger->highest)
        ledger->highest = entry->position;
}

static bool is_explained(const struct contest_entry *entry)
{
    struct fc_str code = fc_str_of(entry->code);

    return fc_str_eq(code, FC_STR("coupon_sold_out")) ||
           fc_str_eq(code, FC_STR("coupon_already_issued"));
}

static void count(struct contest *contest, struct ledger *ledger)
{
    for (int64_t i = 0; i < contest->requests; i++) {
        const struct contest_entry *entry = &contest->entries[i];
        uint64_t user = (uint64_t)entry->user_id;

        if (entry->end == CLI_END_PARKED || (entry->end == CLI_END_REFUSED && !is_explained(entry)))
            contest->others++;
        contest->unheard += !was_heard(entry);
        if (!was_heard(entry))
            continue;
        if (fc_index_find(&ledger->heard, user) == FC_INDEX_NONE)
            fc_index_put(&ledger->heard, user, 0);
        if (entry->end == CLI_END_SUCCEEDED)
            count_winner(contest, ledger, entry);
    }
    for (int64_t i = 1; i <= ledger->highest; i++)
        contest->positions_gaps += !ledger->used[i];
    contest->issued_wanted =
        ledger->heard.count < contest->quantity ? ledger->heard.count : contest->quantity;
}

static bool is_proved(const struct contest *contest)
{
    return contest->unheard == 0 && contest->others == 0 &&
           contest->issued == contest->issued_wanted && contest->issued_told == contest->issued &&
           contest->users_twice == 0 && contest->positions_bad == 0 &&
           contest->positions_gaps == 0 && contest->fairness.violations == 0 &&
           contest->fairness.orders_wrong == 0;
}

bool contest_judge(struct contest *contest, struct fc_arena *arena)
{
    int32_t requests = (int32_t)contest->requests;
    struct fairness_entry *entries = fc_arena_take(arena, (size_t)requests + 1, sizeof(*entries));
    struct ledger ledger = {.used =
                                fc_arena_take(arena, (size_t)contest->quantity + 1, sizeof(bool))};

    if (entries == NULL || ledger.used == NULL ||
        !fc_index_init(&ledger.heard, arena, requests + 1) ||
        !fc_index_init(&ledger.winners, arena, requests + 1))
        return false;
    contest->issued = 0;
    contest->users_twice = 0;
    contest->positions_bad = 0;
    contest->positions_gaps = 0;
    contest->unheard = 0;
    contest->others = 0;
    count(contest, &ledger);
    for (int32_t i = 0; i < requests; i++)
        entries[i] = judged(contest, &contest->entries[i]);
    if (!fairness_judge(entries, requests, (int32_t)contest->quantity, arena, &contest->fairness))
        return false;
    contest->proved = is_proved(contest);
    return true;
}
