/*
 * Which partitions of a family this session holds. A partition is a session-level advisory lock
 * (class = the family's number, object = the partition) held by the very session that commits:
 * lose the session, lose the right and the ability to commit together. A live worker holds a
 * shared lock on the family's roll (object = DB_LEASE_ROLL), by which the others count it.
 * https://www.postgresql.org/docs/15/explicit-locking.html#ADVISORY-LOCKS
 *
 * The plan is pure (lease_plan) and tested without a server; the asking and taking is one
 * exchange each.
 */
#ifndef FC_DB_LEASE_H
#define FC_DB_LEASE_H

#include "base/limits.h"
#include "db/conn.h"

#define DB_LEASE_ROLL 1000000
#define DB_LEASE_CLASS_COUPON 7201
#define DB_LEASE_CLASS_ORDER 7202
#define DB_LEASE_CLASS_STATS 7203
#define DB_LEASE_CLASS_PAYMENT 7204
#define DB_LEASE_CLASS_PLATFORM 7205
/* No queue's: its one partition is the right to be the clock that acts. */
#define DB_LEASE_CLASS_CLOCK 7206
/* A worker that is silent for so long within an exchange is frozen. */
#define DB_LEASE_SILENT_MS_MAX (2 * DB_SESSION_IDLE_MS_MAX)

struct db_lease_view {
    int32_t partitions;              /* of the family, P */
    int32_t workers;                 /* live workers, this one included */
    int32_t rank;                    /* this one's place among them by backend pid, from 0 */
    int32_t held_by[PARTITIONS_MAX]; /* backend pid, 0: free */
    int32_t me;                      /* this session's backend pid */
};

struct db_lease_plan {
    int32_t share;                /* partitions this worker should hold */
    int32_t take[PARTITIONS_MAX]; /* free ones to try, in the order to try */
    int32_t take_count;
    int32_t give[PARTITIONS_MAX]; /* own ones to hand over: above the share */
    int32_t give_count;
};

/* P div W, one more for the first P mod W ranks. Takes free ones up to the share, starting
 * among them at a place that depends on the rank so that workers seldom try the same; gives extras
 * (highest numbers first) above the share. A family of any size comes to rest within a few rounds
 * of looking and carrying out; what others took meanwhile is left to the next round. */
void db_lease_plan(const struct db_lease_view *view, struct db_lease_plan *ret_plan);

/*
 * Each of these is one exchange: nothing may be queued when they are called.
 *
 * Puts the session on the family's roll. Once a session, and before the first look.
 */
FC_MUST_USE enum fc_rc db_lease_enroll(struct db *db, int32_t lock_class, struct fc_err *ret_err);

/* Who is on the roll, who holds what. Also feeds the session (idle_session_timeout). */
FC_MUST_USE enum fc_rc db_lease_look(struct db *db, int32_t lock_class, int32_t partitions,
                                     struct db_lease_view *ret_view, struct fc_err *ret_err);

/* Ends the sessions of this family's other workers that have kept the server waiting within an
 * exchange for longer than `silent_ms`, and with them their locks: what idle_session_timeout does
 * to those that froze between two. *ret_count: how many. */
FC_MUST_USE enum fc_rc db_lease_evict(struct db *db, int32_t lock_class, int32_t silent_ms,
                                      int32_t *ret_count, struct fc_err *ret_err);

/* Tries one partition's lock without waiting. Not for one that this session holds: locks count. */
FC_MUST_USE enum fc_rc db_lease_take(struct db *db, int32_t lock_class, int32_t partition,
                                     bool *ret_taken, struct fc_err *ret_err);
/* Gives up one that this session holds. */
FC_MUST_USE enum fc_rc db_lease_give(struct db *db, int32_t lock_class, int32_t partition,
                                     struct fc_err *ret_err);

#endif
