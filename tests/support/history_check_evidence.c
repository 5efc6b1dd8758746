#include "support/history_check_evidence.h"

#include "base/assert.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* An op's number is an index. */
#define OPS_MAX 200000000

bool evidence_is(const struct evidence *evidence, int32_t name, const char *text)
{
    return strcmp(names_text(&evidence->names, name), text) == 0;
}

void evidence_file_open(struct evidence *evidence, struct fc_str name,
                        struct evidence_file *ret_file)
{
    *ret_file = (struct evidence_file){.name = names_put(&evidence->names, name)};
}

void evidence_file_close(struct evidence_file *file)
{
    free(file->last_of);
    *file = (struct evidence_file){.last_of = NULL};
}

/* The last try of the op of that number, or -1. */
static int32_t *last_try(struct evidence_file *file, int64_t number)
{
    while (file->last_count <= number) {
        file->last_of =
            array_grown(file->last_of, file->last_count, &file->last_room, sizeof(*file->last_of));
        file->last_of[file->last_count++] = -1;
    }
    return &file->last_of[number];
}

static int32_t put_op(struct evidence *evidence, const struct evidence_file *file,
                      const struct history_line *line)
{
    struct names *names = &evidence->names;

    *ARRAY_ADD(evidence, op) = (struct evidence_op){
        .number = line->op,
        .user_id = line->user_id,
        .copy_of = line->copy_of,
        .amount = line->amount,
        .file = file->name,
        .command = names_put(names, fc_str_of(line->command)),
        .key = names_put(names, fc_str_of(line->key)),
        .idempotency_key = names_put(names, fc_str_of(line->idempotency_key)),
    };
    FC_ASSERT(evidence->op_count <= INT32_MAX);
    return (int32_t)(evidence->op_count - 1);
}

static bool put_sent(struct evidence *evidence, int32_t *last, const struct evidence_file *file,
                     const struct history_line *line)
{
    int32_t before = *last;

    if (before >= 0 && evidence->attempts[before].attempt >= line->attempt)
        return false;
    int32_t op = before >= 0 ? evidence->attempts[before].op : put_op(evidence, file, line);

    *ARRAY_ADD(evidence, attempt) = (struct evidence_try){
        .id = line->id,
        .sent_us = line->t_us,
        .op = op,
        .attempt = line->attempt,
        .older = before,
        .has_id = line->has_id,
    };
    FC_ASSERT(evidence->attempt_count <= INT32_MAX);
    *last = (int32_t)(evidence->attempt_count - 1);
    return true;
}

/* Statuses that speak of the request itself, before it could become a command. */
static bool is_at_the_door(int32_t status)
{
    return status == 400 || status == 401 || status == 403 || status == 405 || status == 413 ||
           status == 415;
}

static void accept(struct evidence_try *attempt, int64_t at_us)
{
    if (attempt->fate == FATE_ACCEPTED)
        return;
    attempt->fate = FATE_ACCEPTED;
    attempt->answered_us = at_us;
}

static void put_answered(struct evidence_try *attempt, const struct history_line *line)
{
    attempt->replayed = attempt->replayed || line->replayed;
    if (line->has_id && !attempt->has_id) {
        attempt->id = line->id;
        attempt->has_id = true;
    }
    /* 202, or the verdict itself. */
    if (attempt->has_id && line->status >= 200 && line->status < 500)
        accept(attempt, line->t_us);
    else if (is_at_the_door(line->status) && attempt->fate == FATE_UNKNOWN)
        attempt->fate = FATE_NOT_TAKEN;
}

static void put_verdict(struct evidence *evidence, const struct evidence_file *file,
                        struct evidence_try *attempt, const struct history_line *line)
{
    struct evidence_sighting sighting = {
        .id = line->id,
        .line = file->line,
        .op = attempt->op,
        .code = names_put(&evidence->names, fc_str_of(line->code)),
    };
    const char *state = "refused";

    if (line->succeeded)
        state = "succeeded";
    else if (strcmp(line->code, "parked") == 0)
        state = "parked";
    sighting.state = names_put(&evidence->names, fc_str_of(state));
    sighting.has_body = line->body.len > 0 && evidence_json_hash(line->body, &sighting.body_hash);
    /* An answer that held the verdict named its command at last. */
    if (!attempt->has_id) {
        attempt->id = line->id;
        attempt->has_id = true;
        accept(attempt, line->t_us);
    }
    *ARRAY_ADD(evidence, sighting) = sighting;
}

bool evidence_put_line(struct evidence *evidence, struct evidence_file *file,
                       const struct history_line *line, char ret_why[256])
{
    struct fc_buf why = fc_buf_of(ret_why, 255);

    memset(ret_why, 0, 256);
    file->line++;
    if (line->op < 1 || line->op > OPS_MAX || line->attempt < 1) {
        fc_buf_put_fmt(&why, "op %" PRId64 " try %" PRId32 " can be none", line->op, line->attempt);
        return false;
    }
    int32_t *last = last_try(file, line->op);

    if (line->what == HISTORY_SENT) {
        if (put_sent(evidence, last, file, line))
            return true;
        fc_buf_put_fmt(&why, "op %" PRId64 " try %" PRId32 " is not behind the one before it",
                       line->op, line->attempt);
        return false;
    }
    int32_t at = *last;

    while (at >= 0 && evidence->attempts[at].attempt != line->attempt)
        at = evidence->attempts[at].older;
    if (at < 0) {
        fc_buf_put_fmt(&why, "op %" PRId64 " try %" PRId32 " was never sent", line->op,
                       line->attempt);
        return false;
    }
    if (line->what == HISTORY_ANSWERED)
        put_answered(&evidence->attempts[at], line);
    else if (line->what == HISTORY_VERDICT)
        put_verdict(evidence, file, &evidence->attempts[at], line);
    return true;
}

void evidence_close(struct evidence *evidence)
{
    names_close(&evidence->names);
    free(evidence->ops);
    free(evidence->attempts);
    free(evidence->sightings);
    free(evidence->rows);
    free(evidence->events);
    free(evidence->lines);
    free(evidence->wallets);
    free(evidence->options);
    free(evidence->templates);
    free(evidence->coupons);
    free(evidence->orders);
    free(evidence->order_lines);
    free(evidence->counters);
    free(evidence->counteds);
    free(evidence->parkings);
    free(evidence->arrivals);
    free(evidence->payments);
    *evidence = (struct evidence){.has_platform = false};
}
