/*
 * What the tests share that hold the system against the naive model (support/naive.h): where random
 * commands and policies come from, the books by hand, and what was met so far. The core is held
 * against it in sim/test_model.c, the workers over PostgreSQL in db/test_model.c, all of it from
 * outside in e2e/test_model.sh.
 */
#ifndef FC_TESTS_SUPPORT_MODEL_H
#define FC_TESTS_SUPPORT_MODEL_H

#include "support/chance.h"
#include "support/naive.h"

struct model {
    uint64_t seed;
    struct chance chance;
    struct naive_shop naive;
    struct policy policy; /* in force: the caller changes it */
    int64_t verdicts[VERDICT_COUNT];
    int64_t types[COMMAND_COUNT]; /* those that succeeded */
};

/* The environment's number of that name, from 0. */
int64_t model_setting(const char *name, int64_t otherwise);

/* An empty shop under a random policy; the arena is for all that is asked of it. */
void model_begin(struct model *model, uint64_t seed, struct fc_arena *arena);

/* Any mixture of what shops differ in, with bounds that random amounts meet. */
struct policy model_policy(struct model *model);

/* A random command; one that applies a policy names a random one. One in four is moved to a border
 * of the rules as the books stand. */
void model_command(struct model *model, struct fc_instant now, struct command *command);

/* So much as there is and not one more, or just that one; the instant at which something ends, or
 * the last before. */
void model_meet_border(struct model *model, struct command *command);

/* What it comes to by hand. Later commands may name what came of it. */
enum verdict model_ask(struct model *model, const struct command *command, struct fc_instant now);

/* The problem's code; "" for a success. */
const char *model_code(enum verdict verdict);

/* What a long run has never met though it can be: the verdict or command as a sentence. */
bool model_missed(const struct model *met, char ret_what[64]);

#endif
