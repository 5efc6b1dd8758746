#include "support/judge.h"

#include "host/process.h"
#include "support/outside.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct judge judge;

void judge_differ(const char *format, ...)
{
    char text[4 * OUTSIDE_WHY_BYTES];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    (void)fprintf(stderr,
                  "seed %" PRIu64 ", command %d (%s): %s\nagain with FIRSTCOME_MODEL_SEED=%" PRIu64
                  "\n",
                  judge.model.seed, (int)judge.model.chance.command_count, judge.doing, text,
                  judge.model.seed);
    exit(FC_EXIT_FAILED);
}

void judge_keep_verdict(const struct told *told)
{
    char id[FC_UUID_TEXT_BYTES + 1];
    struct fc_buf buf = fc_buf_of(id, FC_UUID_TEXT_BYTES);

    fc_uuid_put(&buf, &told->command_id);
    id[FC_UUID_TEXT_BYTES] = '\0';
    (void)fprintf(judge.verdicts, "%s\t%s\t%s\n", id, told->type, told->code);
}

void judge_verdict(const struct command *command, const struct told *told)
{
    char why[OUTSIDE_WHY_BYTES];
    enum verdict by_hand = model_ask(&judge.model, command, told->decided_at);
    const struct wire_problem *problem = wire_problem_of(by_hand);
    const char *state = problem == NULL ? "succeeded" : "refused";

    judge_keep_verdict(told);
    if (strcmp(told->type, judge.doing) != 0)
        judge_differ("its document says that it is a %s", told->type);
    if (strcmp(told->state, state) != 0 || strcmp(told->code, model_code(by_hand)) != 0 ||
        (problem != NULL && told->status != problem->status))
        judge_differ("%s %d \"%s\", by hand %s \"%s\"", told->state, (int)told->status, told->code,
                     state, model_code(by_hand));
    if (problem == NULL && outside_result_differs(&judge.model.naive, command, told->result, why))
        judge_differ("%s", why);
    if (problem == NULL && command->type == COMMAND_POLICY_APPLY)
        judge.model.policy = command->body.policy_apply.policy;
}

void judge_replay(const struct told *first, const struct told *told)
{
    judge_keep_verdict(told);
    if (strcmp(first->state, told->state) != 0 || strcmp(first->code, told->code) != 0 ||
        json_object_equal(first->result, told->result) == 0)
        judge_differ("it was %s \"%s\" %s, its repeat %s \"%s\" %s", first->state, first->code,
                     json_object_to_json_string(first->result), told->state, told->code,
                     json_object_to_json_string(told->result));
    judge.repeated++;
}
