#include "support/chaos_setup.h"

#include <string.h>

#define WAIT_S 5

/* The index-th of a range; false when it lies behind: then it is counted from the next. */
static bool is_in(const struct chaos_range *range, int64_t *index)
{
    if (*index < range->count)
        return true;
    *index -= range->count;
    return false;
}

static struct chaos_wish wish_of(const struct chaos_setup *setup, int64_t index)
{
    if (is_in(&setup->users, &index))
        return (struct chaos_wish){.kind = CHAOS_USER, .user_id = setup->users.first + index};
    if (is_in(&setup->products, &index))
        return (struct chaos_wish){.kind = CHAOS_PRODUCT,
                                   .user_id = CHAOS_ADMIN_ID,
                                   .subject_id = setup->products.first + index};
    if (is_in(&setup->templates, &index))
        return (struct chaos_wish){.kind = CHAOS_TEMPLATE,
                                   .user_id = CHAOS_ADMIN_ID,
                                   .subject_id = setup->templates.first + index,
                                   .amount = setup->quantity,
                                   .at_us = setup->opens_at.us};
    return (struct chaos_wish){
        .kind = CHAOS_CHARGE, .user_id = setup->users.first + index, .amount = setup->money};
}

enum chaos_next chaos_setup_next(void *arg, int64_t open, struct chaos_wish *ret_wish,
                                 struct chaos_manner *ret_manner)
{
    struct chaos_setup *setup = arg;
    int64_t before_charges = setup->users.count + setup->products.count + setup->templates.count;
    int64_t all = before_charges + (setup->money > 0 ? setup->users.count : 0);

    if (setup->done == all)
        return CHAOS_NEXT_END;
    if (setup->done == before_charges && open > 0)
        return CHAOS_NEXT_LATER;
    *ret_wish = wish_of(setup, setup->done++);
    chaos_wish_key(ret_wish);
    *ret_manner = (struct chaos_manner){.keyed = true, .wait_s = WAIT_S};
    return CHAOS_NEXT_WISH;
}

bool chaos_setup_is_there(const struct chaos_tally *tally)
{
    for (int32_t i = 0; i < tally->refusals.count; i++)
        if (strcmp(tally->refusals.items[i].code, "user_exists") != 0)
            return false;
    return tally->unanswered == 0 && tally->undecided == 0;
}
