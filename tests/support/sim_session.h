/*
 * One session of one worker with the simulated database: a command_store that guards its writes as
 * the SQL does (versions, stock as sums under a CHECK, unique keys), and whose session can end
 * before, in and after each transaction.
 */
#ifndef FC_SUPPORT_SIM_SESSION_H
#define FC_SUPPORT_SIM_SESSION_H

#include "core/shop.h"
#include "skeleton/command_job.h"

struct sim_worker;

struct sim_session {
    struct sim_worker *worker;
    int32_t id;  /* 0: not connected */
    bool broken; /* a connection that was lost stays lost until the next is opened */
    struct shop shop;
    struct policy policy;
    bool trying; /* a command alone, whose attempt is noted and not yet cleared */
    struct fc_uuid tried;
};

struct command_store sim_session_store(struct sim_session *session);

/* What a transaction does when it is committed; false: a guard does not hold, nothing is done. */
typedef bool sim_commit_fn(void *arg);

/* The end of a transaction, with all that can become of it. */
enum fc_rc sim_session_commit(struct sim_session *session, sim_commit_fn *commit, void *arg,
                              struct fc_err *ret_err);

#endif
