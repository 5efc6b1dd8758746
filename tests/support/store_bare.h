/*
 * Orders written by the least that PostgreSQL has to be asked: a loop of its own beside the order
 * worker's, which leaves the same rows in the same tables, in as few statements, and has none of
 * the worker's machinery: no parsing, no other commands, no coupons, no refusals, no policies, no
 * announcements. How fast the worker could be at best is measured against it.
 */
#ifndef FC_SUPPORT_STORE_BARE_H
#define FC_SUPPORT_STORE_BARE_H

#include "support/bare_pipe.h"
#include "support/store_wish.h"

#define STORE_BARE_OPTIONS_MAX (STORE_WISHES_MAX * STORE_LINES_MAX)

struct bare_wallet {
    int64_t user_id;
    int64_t balance;
    int64_t version;
};

struct bare_option {
    int64_t option_id;
    int64_t product_id;
    int64_t price;
    int64_t free;  /* total less reserved */
    int64_t taken; /* by this batch */
    struct fc_str category;
};

struct bare_order {
    const struct store_wish *wish;
    const struct bare_option *options[STORE_LINES_MAX];
    int64_t total;
    int64_t balance; /* behind it */
    int64_t version;
};

struct store_bare {
    struct bare_pipe pipe;
    struct bare_order orders[STORE_WISHES_MAX];
    int32_t order_count;
    struct bare_wallet wallets[STORE_WISHES_MAX]; /* by user_id */
    int32_t wallet_count;
    struct bare_option options[STORE_BARE_OPTIONS_MAX]; /* by option_id */
    int32_t option_count;
    int64_t retries;
};

void store_bare_open(struct store_bare *bare, const char *conninfo);
void store_bare_close(struct store_bare *bare);

/* One transaction. A user too poor, an option sold out and an id that is taken end the process. */
void store_bare_run(struct store_bare *bare, const struct store_wish *wishes, int32_t count);

#endif
