/*
 * Statements queued for one exchange with the database, each known by its place, so that its
 * answer is found afterwards.
 */
#ifndef FC_SKELETON_EXCHANGE_H
#define FC_SKELETON_EXCHANGE_H

#include "db/conn.h"

struct exchange {
    struct db *db;
    struct fc_arena *arena; /* for parameters */
    int32_t sent;
};

/* Queues a statement and returns its place; params may be NULL. */
int32_t exchange_send(struct exchange *exchange, const struct sql_query *query,
                      const struct db_params *params);

#endif
