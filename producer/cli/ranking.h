/*
 * The ranking of products over HTTP.
 */
#ifndef FC_CLI_RANKING_H
#define FC_CLI_RANKING_H

#include "base/arena.h"
#include "producer/cli/client.h"

#define RANKING_ROWS_MAX 100

struct ranking_row {
    int64_t product_id;
    struct fc_str name;
    int64_t quantity;
    int64_t orders;
    int64_t revenue;
};

struct ranking {
    struct ranking_row rows[RANKING_ROWS_MAX];
    int32_t count;
};

/* GET /v1/products/top with this query (without the "?"); names live in the arena. */
FC_MUST_USE enum fc_rc ranking_fetch(struct cli_client *client, const char *query,
                                     struct fc_arena *arena, struct ranking *ret_ranking,
                                     struct fc_err *ret_err);

#endif
