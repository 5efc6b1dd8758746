/*
 * Random commands over few users, products, templates and coupons, so that they meet: the same for
 * the same seed. Most of them make sense; some name what does not exist, ask for too much or stand
 * under a wrong key.
 */
#ifndef FC_TESTS_SUPPORT_CHANCE_H
#define FC_TESTS_SUPPORT_CHANCE_H

#include "base/arena.h"
#include "core/command.h"

/* Users are 1 to this, and so on; the options of product 7 are 70 to 72. */
#define CHANCE_USERS 6
#define CHANCE_PRODUCTS 5
#define CHANCE_TEMPLATES 12
#define CHANCE_COUPONS 64

struct chance_coupon {
    struct fc_uuid coupon_id;
    int64_t user_id;
};

struct chance {
    uint64_t state;         /* the seed at first; not 0 */
    struct fc_arena *arena; /* where lists are taken */
    int32_t command_count;
    struct chance_coupon coupons[CHANCE_COUPONS]; /* the last ones, for orders to name */
    int32_t coupon_count;
};

/* 0 to below - 1. */
int64_t chance_below(struct chance *chance, int64_t below);
bool chance_one_in(struct chance *chance, int64_t count);

/* A coupon that was issued. */
void chance_keep_coupon(struct chance *chance, const struct fc_uuid *coupon_id, int64_t user_id);

void chance_command(struct chance *chance, struct fc_instant now, struct command *command);

#endif
