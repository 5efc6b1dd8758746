/*
 * What the judges of the checks share: the evidence put in order once, and how they speak.
 */
#ifndef FC_TESTS_SUPPORT_HISTORY_CHECK_JUDGE_H
#define FC_TESTS_SUPPORT_HISTORY_CHECK_JUDGE_H

#include "support/history_check.h"

#define NOWHERE (-1)
/* Never answered. Below the greatest there is, so that one can be added. */
#define NEVER_US (INT64_MAX - 1)

/* A command that a client knows by its id: its tries over all publications. */
struct known {
    struct fc_uuid id;
    int64_t sent_us;     /* before the first */
    int64_t answered_us; /* after the first 202; NEVER_US */
    int32_t op;
    int32_t attempt; /* place of a try of it */
    int32_t row;     /* NOWHERE: not in the journal */
    bool accepted;
    bool replayed; /* an answer said so */
};

/* Tries that may have been taken under ids that nobody knows, of one user, type and key. */
struct open_tries {
    int64_t user_id;
    int64_t sent_us; /* before the first */
    int64_t left;    /* not found in the journal yet */
    int32_t command;
    int32_t idempotency_key;
};

struct court {
    const struct evidence *evidence;
    int32_t *rows_by_id;
    struct known *knowns; /* by id */
    int64_t known_count;
    int32_t *known_of;        /* of each row: place in knowns, or NOWHERE */
    struct open_tries *opens; /* by user, command, key */
    int64_t open_count;
    struct open_tries *askeds; /* all tries by user and command */
    int64_t asked_count;
    int64_t setup_seq;
};

void court_open(const struct evidence *evidence, struct court *ret_court);
void court_close(struct court *court);

/* The row of that id, or NOWHERE. */
int32_t court_row(const struct court *court, const struct fc_uuid *id);
/* Whether the command was ever set aside; the newest entry, or NULL. */
const struct evidence_parked *court_parked(const struct court *court, const struct fc_uuid *id);
/* NULL: there are none. A key of 0: those without one. */
struct open_tries *court_open_tries(const struct court *court, int64_t user_id, int32_t command,
                                    int32_t idempotency_key);
/* All tries of that user and command, whatever became of them; NULL: there are none. */
struct open_tries *court_asked(const struct court *court, int64_t user_id, int32_t command);
/* The key that the row owns, or its owner's; 0: none. */
int32_t court_key_of(const struct court *court, const struct evidence_row *row);

/* The event of that kind of the row, behind `after` (NULL: the first); NULL: none. */
const struct evidence_event *court_told(const struct court *court, const struct evidence_row *row,
                                        enum told told, const struct evidence_event *after);

bool row_is(const struct court *court, const struct evidence_row *row, const char *type);
/* Whether it changed the shop: it succeeded and is no repeat. */
bool row_acted(const struct evidence_row *row);
bool row_was_refused(const struct court *court, const struct evidence_row *row, const char *code);

/* --- speaking --------------------------------------------------------------------------------- */

/* Counts a violation; the first ones are kept. */
FC_PRINTF(2, 3) void violated(struct history_check *check, const char *format, ...);

/* Texts for printf, valid until the eighth call after. */
const char *say_id(const struct fc_uuid *id);
const char *say_op(const struct court *court, int32_t op);
const char *say_known(const struct court *court, const struct known *known);
const char *say_row(const struct court *court, const struct evidence_row *row);

/* --- the judges ------------------------------------------------------------------------------- */

void judge_accepted(const struct court *court, struct history_check *check);
void judge_told(const struct court *court, struct history_check *check);
void judge_invented(const struct court *court, struct history_check *check);
void judge_keys(const struct court *court, struct history_check *check);
void judge_effects(const struct court *court, struct history_check *check);
void judge_stock(const struct court *court, struct history_check *check);
void judge_coupons(const struct court *court, struct history_check *check);
void judge_wallet_events(const struct court *court, struct history_check *check);
void judge_wallet_orders(const struct court *court, struct history_check *check);
void judge_winners(const struct court *court, struct history_check *check);
void judge_order(const struct court *court, struct history_check *check);
void judge_counters(const struct court *court, struct history_check *check);
void judge_platform(const struct court *court, struct history_check *check);
void judge_gateway(const struct court *court, struct history_check *check);

#endif
