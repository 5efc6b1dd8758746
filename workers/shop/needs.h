/*
 * The rows that a range of commands can touch, as ids by table: what load asks the database for.
 * Ids may stand several times, as the statements take sets; users stand once, ascending.
 */
#ifndef FC_SHOP_NEEDS_H
#define FC_SHOP_NEEDS_H

#include "base/arena.h"
#include "skeleton/command_job.h"

struct id_list {
    int64_t *ids;
    int32_t count;
    int32_t count_max;
};

struct uuid_list {
    struct fc_uuid *ids;
    int32_t count;
    int32_t count_max;
};

struct shop_needs {
    struct id_list users;    /* each once */
    struct id_list products; /* with all their options */
    struct id_list options;  /* with their products */
    struct id_list sold;     /* products in orders: two of their options tell one from several */
    struct id_list templates;
    struct id_list held_templates; /* pairs with holders: who may hold which */
    struct id_list holders;
    const struct fc_str *names; /* of products */
    int32_t name_count;
    struct uuid_list coupons;
    struct uuid_list orders; /* with their users' wallets, their coupons, options and products */
};

void shop_needs_collect(struct shop_needs *needs, struct fc_arena *arena,
                        const struct command_range *range);

#endif
