/*
 * The shop that the chaos suite's clients meet in: users, who are given money when all of them are
 * registered, products and coupon templates. A source of wishes (support/chaos_load.h). Pure.
 */
#ifndef FC_TESTS_SUPPORT_CHAOS_SETUP_H
#define FC_TESTS_SUPPORT_CHAOS_SETUP_H

#include "support/chaos_load.h"

struct chaos_setup {
    struct chaos_range users;
    struct chaos_range templates;
    struct chaos_range products;
    int64_t quantity; /* of a template */
    int64_t money;    /* won, for each user; 0: none is charged */
    struct fc_instant opens_at;
    int64_t done; /* wishes that were made */
};

/* `arg` is the struct. */
enum chaos_next chaos_setup_next(void *arg, int64_t open, struct chaos_wish *ret_wish,
                                 struct chaos_manner *ret_manner);

/* Everything is there: what was refused was there before. */
bool chaos_setup_is_there(const struct chaos_tally *tally);

#endif
