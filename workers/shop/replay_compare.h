/*
 * Rows of the tables against a state out of the journal, a page of one kind at a time. Inside of
 * shop_replay only.
 */
#ifndef FC_SHOP_REPLAY_COMPARE_H
#define FC_SHOP_REPLAY_COMPARE_H

#include "shop/shop_replay.h"

struct comparison {
    struct shop_replay *replay;
    shop_differs_fn *differs;
    void *arg;
    int64_t differences;
    struct shop tables; /* the rows of one page, as loaded */
};

/* Compare the rows of the page with the state and mark those rows of the state as loaded, which
 * means nothing else to a state out of the journal. */
void replay_compare_users(struct comparison *comparison);
void replay_compare_products(struct comparison *comparison); /* and their options */
void replay_compare_templates(struct comparison *comparison);
void replay_compare_coupons(struct comparison *comparison);
void replay_compare_orders(struct comparison *comparison);

/* Tells the rows of the state that no page had. */
void replay_compare_rest(struct comparison *comparison);

/* The policy in force, as a row of the policy table (empty: there is none). */
void replay_compare_policy(struct comparison *comparison, int64_t version, struct fc_str document);

#endif
