#include "producer/cli/load_proof.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

#define EXTRA_BYTES 65536
/* What a request needs here and in fairness_judge, with room to spare. */
#define ENTRY_BYTES 256

struct place {
    int64_t position;
    int32_t entry;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;

    return (left->position > right->position) - (left->position < right->position);
}

static bool is_sold_out(const struct load_run *run, int32_t code)
{
    return code >= 0 &&
           fc_str_eq(fc_str_of(run->tally.codes[code].name), FC_STR("coupon_sold_out"));
}

/* The requests for one template: all but those that say nothing of who came first. */
static int32_t gather(const struct load_run *run, int64_t templates, int64_t template,
                      struct fairness_entry *entries, struct load_proof *proof)
{
    int32_t count = 0;

    for (int64_t i = template; i < run->sent; i += templates) {
        const struct load_record *record = &run->records[i];
        struct fairness_entry entry = {.sent_us = record->sent_us,
                                       .answered_us = record->answered_us,
                                       .position = record->position};

        if (record->answered_us == 0)
            continue;
        if (record->status < 300 && record->position == 0) {
            proof->winners_unplaced++;
            continue;
        }
        if (record->status >= 300 && !is_sold_out(run, record->code))
            continue;
        entry.role = record->status < 300 ? FAIRNESS_WINNER : FAIRNESS_LOSER;
        entries[count++] = entry;
    }
    return count;
}

/* Positions by their order alone: a template that was used before begins anywhere. */
static int32_t rank(struct fairness_entry *entries, int32_t count, struct place *places,
                    struct load_proof *proof)
{
    int32_t winners = 0;
    int32_t ranks = 0;

    for (int32_t i = 0; i < count; i++)
        if (entries[i].role == FAIRNESS_WINNER)
            places[winners++] = (struct place){entries[i].position, i};
    qsort(places, (size_t)winners, sizeof(*places), compare_places);
    for (int32_t i = 0; i < winners; i++) {
        if (i > 0 && places[i].position == places[i - 1].position)
            proof->positions_twice++;
        else
            ranks++;
        entries[places[i].entry].position = ranks;
    }
    return ranks;
}

static void add(struct fairness *sum, const struct fairness *one)
{
    sum->winners += one->winners;
    sum->losers += one->losers;
    sum->pairs += one->pairs;
    sum->pairs_certain += one->pairs_certain;
    sum->violations += one->violations;
    sum->orders_certain += one->orders_certain;
    sum->orders_wrong += one->orders_wrong;
}

static bool prove_template(const struct load_run *run, int64_t templates, int64_t template,
                           struct fc_arena *arena, struct load_proof *proof)
{
    size_t most = (size_t)(run->sent / templates) + 1;
    struct fairness_entry *entries = fc_arena_take(arena, most, sizeof(*entries));
    struct place *places = fc_arena_take(arena, most, sizeof(*places));
    struct fairness one;

    if (entries == NULL || places == NULL)
        return false;
    int32_t count = gather(run, templates, template, entries, proof);
    int32_t ranks = rank(entries, count, places, proof);

    if (!fairness_judge(entries, count, ranks, arena, &one))
        return false;
    add(&proof->fairness, &one);
    return true;
}

bool load_prove(const struct load_run *run, int64_t templates, struct load_proof *ret_proof)
{
    struct load_proof proof = {.positions_twice = 0};
    size_t bytes = EXTRA_BYTES + ((size_t)(run->sent / templates) + 2) * ENTRY_BYTES;
    void *memory = cli_memory(bytes);
    struct fc_arena arena;

    FC_ASSERT(run->records != NULL && templates > 0);
    if (memory == NULL)
        return false;
    fc_arena_init(&arena, memory, bytes);
    for (int64_t template = 0; template <templates &&template <run->sent; template ++) {
        fc_arena_reset(&arena);
        if (!prove_template(run, templates, template, &arena, &proof))
            return false;
    }
    proof.fair = proof.fairness.winners > 0 && proof.fairness.violations == 0 &&
                 proof.fairness.orders_wrong == 0 && proof.positions_twice == 0 &&
                 proof.winners_unplaced == 0;
    *ret_proof = proof;
    return true;
}
