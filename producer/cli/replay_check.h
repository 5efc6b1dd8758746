/*
 * The state out of the journal, as `firstcome replay` shows it and `firstcome audit` compares it
 * with the tables.
 */
#ifndef FC_CLI_REPLAY_CHECK_H
#define FC_CLI_REPLAY_CHECK_H

#include "shop/shop_replay.h"

/* Behind everything that was ever decided: 9999-12-31T23:59:59.999999Z. */
#define REPLAY_ALWAYS ((struct fc_instant){INT64_C(253402300799999999)})
/* Of the differences, what is shown. */
#define REPLAY_SHOWN_MAX 20
#define REPLAY_SENTENCE_BYTES 512

struct replay_check {
    struct shop_replay replay;
    struct shop shop;
    int64_t us; /* it took */
    int64_t differences;
    int32_t shown;
    char sentences[REPLAY_SHOWN_MAX][REPLAY_SENTENCE_BYTES];
};

/*
 * Applies the journal up to `until`; with `compare` (to the end then) looks for differences. Takes
 * memory as the state grows, for the time of the process. Blocks until done. Leaves no transaction
 * open.
 */
FC_MUST_USE enum fc_rc replay_check_run(struct db *db, struct fc_instant until, bool compare,
                                        struct replay_check *ret_check, struct fc_err *ret_err);

#endif
