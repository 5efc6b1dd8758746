/*
 * The one connection for reads: non-blocking, pipelined, read-only. It is opened anew by itself
 * when it was lost, in a thread of its own, so that a server that is silent does not hold the loop
 * up; only the first time is waited for. One that has questions of ours and falls silent is asked
 * no more.
 */
#ifndef FC_PRODUCER_DATABASE_H
#define FC_PRODUCER_DATABASE_H

#include "db/conn.h"
#include "host/backoff.h"
#include "host/clock.h"
#include "producer/opener.h"

/* Statements under way; what comes on top is refused. Below what db/conn.h takes. */
#define DATABASE_PENDING_MAX 2048

/* A connection in the making: the opener's while it is at work. */
struct database_opening {
    const char *conninfo;
    struct db *db;
    bool schema_ok;
    enum fc_rc rc;
    struct fc_err err;
};

struct database {
    struct database_opening *opening; /* heap: at start */
    struct opener opener;
    struct db *db; /* NULL: away */
    bool schema_ok;
    uint32_t generation;  /* counts connections and openings: descriptors come again */
    struct fc_mono heard; /* when it last answered or had nothing to answer */
    bool is_silent;       /* that is too long ago */
    struct fc_backoff backoff;
    struct fc_mono retry_at;
    struct fc_err err; /* why it is away */
};

/* `conninfo` must live as long as the process. */
FC_MUST_USE enum fc_rc database_init(struct database *database, const char *conninfo,
                                     struct fc_err *ret_err);

/* Checks the schema and connects. Blocks, DB_CONNECT_S_MAX a host at most. */
FC_MUST_USE enum fc_rc database_open(struct database *database, struct fc_err *ret_err);
void database_close(struct database *database);

/* Queues a statement; false when there is no connection, too much is under way already, or it has
 * not been answered for too long. */
FC_MUST_USE bool database_send(struct database *database, const struct sql_query *query,
                               const struct db_params *params, db_answer_fn *answer, void *arg);

enum database_change { DATABASE_SAME, DATABASE_LOST, DATABASE_BACK, DATABASE_STILL_AWAY };

/* Sends, reads, calls answers; begins or ends to connect when it is time to. database->err tells
 * about LOST and STILL_AWAY. */
enum database_change database_turn(struct database *database, struct fc_mono now);

#endif
