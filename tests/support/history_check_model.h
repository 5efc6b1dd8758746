/*
 * A shop of a few lines that decides one command after the other and keeps a history as clients
 * would have seen it: what a history check has to find nothing wrong with. Tries are lost before
 * and behind the decision, keys are repeated and copied, producers publish twice, payments go
 * elsewhere. The same for the same seed.
 */
#ifndef FC_TESTS_SUPPORT_HISTORY_CHECK_MODEL_H
#define FC_TESTS_SUPPORT_HISTORY_CHECK_MODEL_H

#include "support/chance.h"
#include "support/history_check_evidence.h"

#define MODEL_FILES 3
#define MODEL_USERS 6
#define MODEL_PRODUCTS 3 /* the first is sold first-come; each has two options */
#define MODEL_TEMPLATES 2
#define MODEL_ORDERS_MAX 512
#define MODEL_COUNTERS_MAX 512
#define MODEL_TEXT_BYTES 4096

struct model_order {
    struct fc_uuid id;
    int64_t user_id;
    int64_t product; /* from 0 */
    int64_t quantities[2];
    int64_t paid;
    int64_t from_balance;
    int64_t version;
    const char *status;
    const char *day;
    bool transfer;
    bool was_paid;
};

/* What is asked, and what was decided. */
struct model_command {
    const char *type;
    char key[32];
    char idempotency_key[32]; /* empty: none */
    int64_t user_id;
    int64_t thing; /* template, product or order, from 0 */
    int64_t amount;
    int64_t quantities[2];
    bool transfer;
    bool decided;         /* a row owns it */
    struct fc_uuid owner; /* that one's id */
    const char *verdict;  /* NULL: succeeded */
    char result[64];
};

struct history_model {
    struct evidence *evidence;
    struct chance chance;
    struct evidence_file files[MODEL_FILES];
    int64_t op_counts[MODEL_FILES];
    int64_t now_us;
    int64_t seq;
    uint32_t ids;
    int64_t balances[MODEL_USERS];
    int64_t helds[MODEL_USERS];
    int64_t versions[MODEL_USERS];
    bool holds[MODEL_USERS][MODEL_TEMPLATES];
    int64_t totals[MODEL_PRODUCTS][2];
    int64_t reserveds[MODEL_PRODUCTS][2];
    int64_t issueds[MODEL_TEMPLATES];
    int64_t quantities[MODEL_TEMPLATES];
    struct model_order orders[MODEL_ORDERS_MAX];
    int64_t order_count;
    struct fc_buf events; /* of the command that is decided */
    int32_t event_count;
    int32_t counted[4]; /* places of its events that are counted */
    int32_t counted_count;
    char text[MODEL_TEXT_BYTES];
};

/* `ops` wishes of clients over an empty `evidence`, told to the end: payments settled or waiting,
 * counters counted, the other parties told. */
void history_model_run(struct history_model *model, uint64_t seed, int32_t ops,
                       struct evidence *evidence);

/* --- the shop (history_check_shop.c) ---------------------------------------------------------- */

struct fc_uuid past_id(struct history_model *model);
/* Of a product or option from 0. */
int64_t past_option(int64_t product, int i);
int64_t past_price(int64_t product, int i);
const char *past_category(int64_t product);
/* A command that nobody sent: between the two, its events are put into model->events. */
void past_begin(struct history_model *model);
void past_record(struct history_model *model, const struct model_command *command,
                 struct evidence_row row);
/* Decides and records one try under `id`; a repeat when a row owns its key already. */
void past_decide(struct history_model *model, struct model_command *command,
                 const struct fc_uuid *id);
/* One of the payments that are waited for ends. */
void past_settle(struct history_model *model);
#endif
