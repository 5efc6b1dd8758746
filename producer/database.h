/*
 * The one connection for reads: non-blocking, pipelined, read-only. It is opened anew by itself
 * when it was lost. Opening waits for the server, DB_CONNECT_S_MAX a host at most, and holds the
 * loop up for that long: a server that is away refuses at once, only one that is silent costs the
 * whole time, and then once a pause of the back-off.
 */
#ifndef FC_PRODUCER_DATABASE_H
#define FC_PRODUCER_DATABASE_H

#include "db/conn.h"
#include "host/backoff.h"
#include "host/clock.h"

/* Statements under way; what comes on top is refused. Below what db/conn.h takes. */
#define DATABASE_PENDING_MAX 2048

struct database {
    const char *conninfo;
    struct db *db; /* NULL: away */
    bool schema_ok;
    uint32_t generation; /* counts connections: descriptors come again */
    struct fc_backoff backoff;
    struct fc_mono retry_at;
    struct fc_err err; /* why it is away */
};

void database_init(struct database *database, const char *conninfo);

/* Checks the schema and connects. Blocks as said above. */
FC_MUST_USE enum fc_rc database_open(struct database *database, struct fc_err *ret_err);
void database_close(struct database *database);

/* Queues a statement; false when there is no connection or too much is under way already. */
FC_MUST_USE bool database_send(struct database *database, const struct sql_query *query,
                               const struct db_params *params, db_answer_fn *answer, void *arg);

enum database_change { DATABASE_SAME, DATABASE_LOST, DATABASE_BACK, DATABASE_STILL_AWAY };

/* Sends, reads, calls answers; connects when it is time to. database->err tells about LOST and
 * STILL_AWAY. */
enum database_change database_turn(struct database *database, struct fc_mono now);

#endif
