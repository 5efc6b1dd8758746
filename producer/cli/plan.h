/*
 * What has to be there before orders can be replayed: which users, what each will pay, which
 * products are asked about. Pure; memory is taken once.
 */
#ifndef FC_CLI_PLAN_H
#define FC_CLI_PLAN_H

#include "base/index.h"
#include "producer/cli/dataset.h"

struct plan_user {
    int64_t user_id;
    struct krw cost;
};

struct plan_product {
    int64_t product_id;
    bool known;       /* the shop has it, and a price for it */
    struct krw price; /* of its only option */
};

struct plan {
    const struct data_order *orders;
    int32_t order_count;
    int64_t line_count;
    int64_t pieces;
    struct plan_user *users; /* in the order in which the file names them */
    int32_t user_count;
    struct plan_product *products; /* the same */
    int32_t product_count;
    struct fc_index by_user;
    struct fc_index by_product;
};

/* Users and products without cost and price; false: no memory. */
FC_MUST_USE bool plan_init(struct plan *plan, const struct data_order *orders, int32_t order_count);

/* The costs, when the prices are known; false when a user's is above AMOUNT_KRW_MAX. */
FC_MUST_USE bool plan_cost(struct plan *plan);

/* Charges of at most `charge_max` that a cost needs, and the part-th of them. */
int32_t plan_charge_count(struct krw cost, struct krw charge_max);
struct krw plan_charge(struct krw cost, struct krw charge_max, int32_t part);

#endif
