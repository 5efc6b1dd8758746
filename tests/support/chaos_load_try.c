#include "support/chaos_load.h"

#include "base/assert.h"
#include "host/clock.h"
#include "support/caller_route.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#define ARENA_BYTES 16384
/* All lanes are taken: looked at again so soon. */
#define NO_LANE_US 5000

static alignas(16) char block[ARENA_BYTES];

int32_t chaos_op_slot(const struct chaos_op *op)
{
    return (int32_t)(op - chaos_load.ops);
}

void chaos_op_due_in(const struct chaos_op *op, int64_t us)
{
    chaos_due_set(&chaos_load.op_due, chaos_op_slot(op), chaos_now_us() + us);
}

void chaos_op_key(const struct chaos_op *op, char ret_key[64])
{
    int64_t number = op->copy_of != 0 ? op->copy_of : op->number;

    ret_key[0] = '\0';
    if (op->keyed)
        (void)snprintf(ret_key, 64, "%s-%lld", chaos_load.name, (long long)number);
}

/* --- beginning and ending --------------------------------------------------------------------- */

/* A producer's own id; its end tells the slot, so that a verdict finds it. */
static struct fc_uuid own_id(int32_t slot)
{
    struct chance *chance = &chaos_load.choice.chance;
    struct fc_uuid id = fc_uuid_v8(fc_clock_now(), (uint32_t)chance_below(chance, 4096),
                                   (uint32_t)chance_below(chance, INT64_C(1) << 30));

    fc_uuid_mac_set(&id, (uint32_t)slot);
    return id;
}

static struct chaos_op *op_begin(const struct chaos_wish *wish, const struct chaos_manner *manner,
                                 int64_t copy_of, int32_t url)
{
    int32_t slot = chaos_free_take(&chaos_load.free_ops);
    struct chaos_op *op = &chaos_load.ops[slot];

    *op = (struct chaos_op){
        .used = true,
        .keyed = manner->keyed,
        .over_amqp = manner->over_amqp && chaos_load.has_broker && chaos_amqp_is_ready(),
        .wait_s = manner->wait_s,
        .patience_ms = manner->patience_ms,
        .url = url % chaos_http_url_count(),
        .number = ++chaos_load.op_count,
        .copy_of = copy_of,
        .wish = *wish,
    };
    if (op->over_amqp) {
        op->id = own_id(slot);
        op->accepted_at = fc_clock_now();
    }
    chaos_retry_init(&op->backoff, &chaos_load.choice);
    chaos_op_due_in(op, 0);
    chaos_load.tally.ops++;
    chaos_load.tally.over_amqp += op->over_amqp;
    chaos_load.tally.keyless += !op->keyed;
    chaos_load.tally.copies += copy_of != 0;
    return op;
}

void chaos_op_begin(const struct chaos_wish *wish, const struct chaos_manner *manner)
{
    int32_t url = (int32_t)chance_below(&chaos_load.choice.chance, chaos_http_url_count());
    struct chaos_manner other = *manner;
    const struct chaos_op *op = op_begin(wish, manner, 0, url);

    if (!manner->copied)
        return;
    other.over_amqp = chaos_choose_manner(&chaos_load.choice).over_amqp;
    other.patience_ms = 0;
    (void)op_begin(wish, &other, op->number, url + 1);
}

static void keep_past(const struct chaos_op *op)
{
    struct chance *chance = &chaos_load.choice.chance;
    int32_t at = chaos_load.past_count < CHAOS_PAST_MAX
                     ? chaos_load.past_count++
                     : (int32_t)chance_below(chance, CHAOS_PAST_MAX);

    chaos_load.past[at] = *op;
}

void chaos_op_end(struct chaos_op *op)
{
    FC_ASSERT(op->used && op->flying == 0);
    if (op->keyed && op->answered && !op->over_amqp)
        keep_past(op);
    chaos_load.tally.unanswered += !op->answered && !op->accepted;
    op->used = false;
    chaos_due_clear(&chaos_load.op_due, chaos_op_slot(op));
    chaos_free_give(&chaos_load.free_ops, chaos_op_slot(op));
}

bool chaos_op_again(void)
{
    if (chaos_load.past_count == 0)
        return false;
    int32_t at = (int32_t)chance_below(&chaos_load.choice.chance, chaos_load.past_count);
    int32_t slot = chaos_free_take(&chaos_load.free_ops);
    struct chaos_op *op = &chaos_load.ops[slot];

    *op = chaos_load.past[at];
    chaos_load.past[at] = chaos_load.past[--chaos_load.past_count];
    op->answered = false;
    op->patience_ms = 0;
    chaos_load.tally.late++;
    chaos_op_due_in(op, 0);
    return true;
}

/* --- sending ---------------------------------------------------------------------------------- */

void chaos_op_command(const struct chaos_op *op, struct command *ret_command)
{
    static struct fc_arena arena;

    fc_arena_init(&arena, block, sizeof(block));
    chaos_wish_command(&op->wish, &arena, ret_command);
}

void chaos_op_begin_try(struct chaos_op *op, const struct command *command)
{
    struct history_line line = {.what = HISTORY_SENT,
                                .op = op->number,
                                .attempt = ++op->attempts,
                                .user_id = op->wish.user_id,
                                .copy_of = op->copy_of,
                                .has_id = op->over_amqp,
                                .id = op->id};
    struct fc_buf key = fc_buf_of(line.key, sizeof(line.key) - 1);

    wire_command_key_put(&key, command->key);
    (void)fc_str_copy(fc_str_of(wire_command_type_name(command->type)), line.command,
                      sizeof(line.command));
    chaos_op_key(op, line.idempotency_key);
    if (op->wish.kind == CHAOS_CHARGE)
        line.amount = op->wish.amount;
    line.t_us = chaos_now_us();
    if (op->sent_us == 0)
        op->sent_us = line.t_us;
    op->flying++;
    chaos_load.tally.tries++;
    chaos_write(&line);
}

static void try_http(struct chaos_op *op, int32_t lane)
{
    char body[CHAOS_BODY_BYTES];
    struct fc_buf buf = fc_buf_of(body, sizeof(body));
    struct command command;
    struct call call;

    chaos_op_command(op, &command);
    FC_ASSERT(caller_route(&command, true, &buf, &call) && !buf.overflow);
    call.user_id = op->wish.user_id;
    call.admin = chaos_is_admins(op->wish.kind);
    call.wait_s = op->wait_s;
    chaos_op_key(op, call.idempotency_key);
    chaos_op_begin_try(op, &command);
    chaos_load.lanes[lane] = (struct chaos_lane){.flying = true,
                                                 .slot = chaos_op_slot(op),
                                                 .attempt = op->attempts,
                                                 .sent_us = chaos_now_us()};
    chaos_http_send(lane, &call, op->url);
    /* Whoever is not answered tries elsewhere. */
    op->url = (op->url + 1) % chaos_http_url_count();
}

/* Its first try is not answered yet, and its patience is at an end. */
static bool is_impatient(const struct chaos_op *op)
{
    return op->flying == 1 && op->attempts == 1 && op->patience_ms > 0;
}

static void due_http(struct chaos_op *op)
{
    int32_t lane = chaos_http_free_lane();

    if (op->answered || (op->flying > 0 && !is_impatient(op)))
        return;
    if (lane < 0) {
        chaos_op_due_in(op, NO_LANE_US);
        return;
    }
    chaos_load.tally.impatient += op->flying > 0;
    try_http(op, lane);
    if (is_impatient(op))
        chaos_op_due_in(op, op->patience_ms * INT64_C(1000));
}

void chaos_op_due(int32_t slot)
{
    struct chaos_op *op = &chaos_load.ops[slot];

    FC_ASSERT(op->used);
    if (op->over_amqp)
        chaos_amqp_due(op);
    else
        due_http(op);
}

/* --- what came of it -------------------------------------------------------------------------- */

struct history_line chaos_op_line(const struct chaos_op *op, int32_t attempt,
                                  enum history_what what)
{
    return (struct history_line){
        .what = what, .t_us = chaos_now_us(), .op = op->number, .attempt = attempt};
}

void chaos_op_lose(const struct chaos_op *op, int32_t attempt)
{
    struct history_line line = chaos_op_line(op, attempt, HISTORY_LOST);

    chaos_load.tally.lost++;
    chaos_write(&line);
}

/* Nobody knows whether it was taken: again under the same key, or never. */
static void try_again(struct chaos_op *op, int32_t retry_after_s)
{
    if (op->keyed && !op->answered)
        chaos_op_due_in(op, chaos_retry_ms(&op->backoff, retry_after_s) * INT64_C(1000));
}

static void count_door(const struct history_line *line)
{
    char status[32];

    (void)snprintf(status, sizeof(status), "status %d", (int)line->status);
    chaos_codes_add(&chaos_load.tally.door, line->code[0] != '\0' ? line->code : status);
}

/* Of a refusal the problem itself is the answer. */
static void decide(const struct chaos_op *op, const struct chaos_lane *lane,
                   const struct history_line *line, const struct told *told,
                   struct json_object *root)
{
    struct chaos_decided decided = {.wish = &op->wish,
                                    .number = op->number,
                                    .attempt = lane->attempt,
                                    .sent_us = lane->sent_us,
                                    .id = line->id,
                                    .replayed = line->replayed};

    chaos_decided_fill(&decided, told, root);
    if (told->state[0] == '\0')
        decided.code = line->code;
    chaos_decide(&decided);
}

/* Accepted, decided, refused at the door, or trouble of the ingress. */
static void take_answer(struct chaos_op *op, const struct chaos_lane *lane,
                        const struct chaos_answer *answer)
{
    struct history_line line = chaos_op_line(op, lane->attempt, HISTORY_ANSWERED);
    struct json_object *root = told_parse(answer->body);
    bool is_fine = answer->status >= 200 && answer->status < 300;
    struct told told;
    bool is_document = told_read(root, &told) && is_fine;

    line.status = answer->status;
    line.replayed = answer->replayed;
    line.has_id = is_document || answer->has_id;
    line.id = is_document ? told.command_id : answer->id;
    (void)fc_str_copy(told_text(root, "code"), line.code, sizeof(line.code));
    chaos_write(&line);
    if (line.has_id && answer->status < 500) {
        op->answered = true;
        chaos_load.tally.accepted++;
        if (answer->status == 202)
            chaos_watch_begin(op, lane, &line.id);
        else
            decide(op, lane, &line, &told, root);
    } else {
        count_door(&line);
        if (answer->status >= 500)
            try_again(op, answer->retry_after_s);
        else
            op->answered = true;
    }
    (void)json_object_put(root);
}

void chaos_op_answered(const struct chaos_lane *lane, const struct chaos_answer *answer)
{
    struct chaos_op *op = &chaos_load.ops[lane->slot];

    FC_ASSERT(op->used && op->flying > 0);
    op->flying--;
    if (answer->lost) {
        chaos_op_lose(op, lane->attempt);
        try_again(op, 0);
    } else {
        take_answer(op, lane, answer);
    }
    if (op->flying == 0 && (op->answered || !op->keyed))
        chaos_op_end(op);
}

void chaos_op_abandon(struct chaos_op *op)
{
    bool is_decided = op->answered;

    if (op->over_amqp && op->flying > 0)
        chaos_op_lose(op, op->attempts);
    chaos_load.tally.undecided += op->over_amqp && op->accepted && !is_decided;
    op->flying = 0;
    chaos_op_end(op);
}
