/*
 * What the demo's customers do: a made-up catalogue with one product that is sold first-come, users
 * with more or less money, orders over both. Each demo has users and a run of its own, so that it
 * can be shown again on the same installation.
 */
#ifndef FC_CLI_DEMO_SHOP_H
#define FC_CLI_DEMO_SHOP_H

#include "base/id.h"
#include "producer/cli/client.h"
#include "producer/cli/generate.h"
#include "producer/cli/window.h"

#define DEMO_PRODUCTS 200
#define DEMO_OPTIONS_MAX 3
#define DEMO_LINES_MAX 4

struct demo_shop {
    struct generate_chance chance;
    char run[32];
    int64_t first_user;
    int64_t user_count;
    int64_t order_count;
    int64_t first_come_stock;
    struct fc_uuid *coupons; /* of each user, zero without one; taken by the first order */
    int32_t option_counts[DEMO_PRODUCTS];
    int64_t coupons_shown; /* orders that were placed with a coupon */
    int64_t first_come_orders;
    int64_t at;
};

/* False: no memory. */
FC_MUST_USE bool demo_shop_init(struct demo_shop *shop, struct fc_instant now, uint64_t chance);

/* The requests of each step; set `at` to 0 before. `arg` is the shop. */
enum cli_next demo_next_product(void *arg, struct cli_request *request);
enum cli_next demo_next_user(void *arg, struct cli_request *request);
enum cli_next demo_next_charge(void *arg, struct cli_request *request);
enum cli_next demo_next_order(void *arg, struct cli_request *request);

#endif
