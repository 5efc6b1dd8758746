/*
 * The database in memory: the committed rows, and a command_store over them that guards its writes
 * as the SQL does (versions, stock as sums under a CHECK, unique keys). A transaction's fate is
 * drawn: committed, refused by a conflict, or the connection lost before or after the commit.
 */
#ifndef FC_SUPPORT_SIM_DB_H
#define FC_SUPPORT_SIM_DB_H

#include "core/shop.h"
#include "skeleton/command_job.h"

#define SIM_USERS 8
#define SIM_PRODUCTS 4
#define SIM_OPTIONS 4
#define SIM_TEMPLATES 3
#define SIM_COUPONS_MAX 128
#define SIM_ORDERS_MAX 512
#define SIM_JOURNAL_MAX 2048

struct sim_row {
    struct fc_uuid command_id;
    char key[ROUTE_KEY_BYTES_MAX];
    int64_t actor_id;
    char *idempotency_key; /* NULL: owns none */
    char *type;
    char *body;
    char *verdict;
    char *result;
    char *events;
    struct fc_instant decided_at;
    bool is_replay;
    struct fc_uuid replay_of;
};

struct sim_db {
    struct wallet wallets[SIM_USERS];
    struct product products[SIM_PRODUCTS];
    struct option options[SIM_OPTIONS];
    struct coupon_template templates[SIM_TEMPLATES];
    struct coupon coupons[SIM_COUPONS_MAX];
    int32_t coupon_count;
    struct order orders[SIM_ORDERS_MAX];
    int32_t order_count;
    struct sim_row journal[SIM_JOURNAL_MAX]; /* in order of decision */
    int32_t journal_count;
    int32_t parked;
    /* Of committed events: what came in from outside. */
    int64_t brought[SIM_OPTIONS + 1]; /* pieces, by option id */
    int64_t charged;                  /* won */
    int64_t transferred;              /* won */
};

enum sim_fate { SIM_COMMITS, SIM_CONFLICTS, SIM_LOST_BEFORE, SIM_LOST_AFTER };

/* One session of one worker. */
struct sim_session {
    struct sim_db *db;
    struct shop shop;
    struct policy policy;
    /* Drawn at each commit; may let another worker commit in between. */
    enum sim_fate (*fate)(void *arg);
    void *fate_arg;
};

void sim_db_init(struct sim_db *db);
void sim_db_reset(struct sim_db *db);
struct command_store sim_session_store(struct sim_session *session);
const struct sim_row *sim_db_find(const struct sim_db *db, const struct fc_uuid *command_id);

#endif
