/*
 * A race of many clients for one coupon template, and the proof of its outcome: who asked when,
 * what each got, whether the first came first. Shared by `race` and `demo`.
 */
#ifndef FC_CLI_CONTEST_H
#define FC_CLI_CONTEST_H

#include "producer/cli/fairness.h"
#include "producer/cli/session.h"

struct contest_entry {
    int64_t user_id;
    int64_t sent_us;
    int64_t answered_us; /* the 202; 0: none came */
    struct fc_uuid command_id;
    struct fc_uuid coupon_id;
    enum cli_end end;
    int32_t status;
    int64_t position; /* of a winner */
    char code[32];    /* of a refusal */
};

struct contest {
    /* asked for */
    int64_t template_id;
    int64_t quantity;
    int64_t requests;
    int64_t clients;
    int64_t users;
    int64_t first_user;
    /* what came of it */
    struct contest_entry *entries;
    int32_t at;
    struct cli_tally asked;    /* up to the 202 */
    struct cli_tally verdicts; /* what became of the accepted */
    struct fairness fairness;
    int64_t issued;         /* distinct users that got one */
    int64_t issued_wanted;  /* the smaller of quantity and users that were heard */
    int64_t issued_told;    /* what the template itself says afterwards */
    int64_t users_twice;    /* users with two coupons */
    int64_t positions_bad;  /* used twice, or beyond the quantity */
    int64_t positions_gaps; /* below the highest, used by nobody */
    int64_t unheard;        /* requests of which no verdict is known */
    int64_t others;         /* refusals that no race explains, and the parked */
    bool proved;
};

/* Creates the template; a fresh one when template_id is 0. On failure it is told. */
FC_MUST_USE bool contest_template_put(const struct cli *cli, struct cli_client *client,
                                      struct contest *contest, int *ret_exit);
/* The race itself, all verdicts, and the proof. On failure to get so far it is told. */
FC_MUST_USE bool contest_run(const struct cli *cli, struct cli_client *client,
                             struct contest *contest, int *ret_exit);

/* Finds, from the entries alone, all that is counted above; no message, no memory kept. */
FC_MUST_USE bool contest_judge(struct contest *contest, struct fc_arena *arena);
/* Memory that contest_judge needs. */
size_t contest_judge_bytes(const struct contest *contest);

void contest_put(const struct contest *contest, struct cli_report *report);

/* One JSON object a request. */
FC_MUST_USE enum fc_rc contest_write(const struct contest *contest, const char *path,
                                     struct fc_err *ret_err);

#endif
