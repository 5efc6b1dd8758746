/*
 * Random commands over few users, products, templates and coupons, so that they meet: the same for
 * the same seed. Most of them make sense; some name what does not exist, ask for too much or stand
 * under a wrong key.
 */
#ifndef FC_TESTS_SUPPORT_CHANCE_H
#define FC_TESTS_SUPPORT_CHANCE_H

#include "base/arena.h"
#include "core/command.h"

/* Behind `before` there are so many users, and so on; the options of product 7 are 70 to 72. */
#define CHANCE_USERS 6
#define CHANCE_PRODUCTS 5
#define CHANCE_TEMPLATES 12
#define CHANCE_COUPONS 64
#define CHANCE_ORDERS 16

struct chance_coupon {
    struct fc_uuid coupon_id;
    int64_t template_id;
    int64_t user_id;
};

struct chance_order {
    struct fc_uuid order_id;
    struct command_key key;
    int64_t option_id; /* one that was ordered */
};

struct chance {
    uint64_t state;         /* the seed at first; not 0 */
    struct fc_arena *arena; /* where lists and names are taken */
    int64_t before;         /* ids begin behind it: 100 for the second hundred; 0 at first */
    int32_t command_count;
    struct chance_coupon coupons[CHANCE_COUPONS]; /* the last ones, for orders to name */
    int32_t coupon_count;
    struct chance_order orders[CHANCE_ORDERS]; /* the last ones, for later commands to name */
    int32_t order_count;
};

/* 0 to below - 1. */
int64_t chance_below(struct chance *chance, int64_t below);
bool chance_one_in(struct chance *chance, int64_t count);

/* A thing of which there are `count`. */
int64_t chance_id(struct chance *chance, int64_t count);
int64_t chance_option(struct chance *chance, int64_t product_id);

/* A coupon that was issued, an order that was placed. */
void chance_keep_coupon(struct chance *chance, const struct chance_coupon *coupon);
void chance_keep_order(struct chance *chance, const struct chance_order *order);

/* Lines that name any product, mostly `usual`. */
void chance_lines(struct chance *chance, int64_t usual, struct order_line **ret_lines,
                  int32_t *ret_count);

/* A command on what is there already (coupons, orders, the shop itself) into one that has id and
 * time; false when there is nothing yet. */
bool chance_later(struct chance *chance, struct command *command);

void chance_command(struct chance *chance, struct fc_instant now, struct command *command);

#endif
