#include "support/chaos_load.h"

#include "base/assert.h"

/* The broker is away: looked at again so soon. */
#define NO_BROKER_US 100000
/* Confirmed, and no verdict: the message is published again, later each time. */
#define REPUBLISH_US_MIN (5 * FC_US_PER_S)
#define REPUBLISH_US_MAX (30 * FC_US_PER_S)

static void try_amqp(struct chaos_op *op)
{
    char key[64];
    struct wire_command wire = {.traceparent = FC_STR_NONE};

    chaos_op_command(op, &wire.command);
    wire.command.id = op->id;
    wire.command.accepted_at = op->accepted_at;
    chaos_op_key(op, key);
    wire.idempotency_key = fc_str_of(key);
    chaos_op_begin_try(op, &wire.command);
    chaos_amqp_publish(&wire, chaos_op_slot(op));
}

void chaos_amqp_due(struct chaos_op *op)
{
    if (!chaos_amqp_is_ready())
        chaos_op_due_in(op, NO_BROKER_US);
    else if (op->flying == 0)
        try_amqp(op);
}

/* An impatient producer does not wait for the verdict of what it was confirmed a moment ago. */
static int64_t until_republished_us(const struct chaos_op *op)
{
    int64_t us = REPUBLISH_US_MIN * op->attempts;

    if (op->attempts == 1 && op->patience_ms > 0)
        return op->patience_ms * INT64_C(1000);
    return us < REPUBLISH_US_MAX ? us : REPUBLISH_US_MAX;
}

static void take_confirm(struct chaos_op *op)
{
    struct history_line line = chaos_op_line(op, op->attempts, HISTORY_ANSWERED);

    line.status = 202;
    line.has_id = true;
    line.id = op->id;
    chaos_write(&line);
    chaos_load.tally.accepted++;
    op->accepted = true;
    cli_histogram_add(&chaos_load.tally.answer_us, line.t_us - op->sent_us);
    if (!op->answered)
        chaos_op_due_in(op, until_republished_us(op));
}

void chaos_load_settled(void *arg, int64_t tag, bool confirmed)
{
    struct chaos_op *op = &chaos_load.ops[tag];

    (void)arg;
    FC_ASSERT(op->used && op->over_amqp && op->flying == 1);
    op->flying = 0;
    if (confirmed) {
        take_confirm(op);
    } else {
        chaos_op_lose(op, op->attempts);
        if (!op->answered)
            chaos_op_due_in(op, chaos_retry_ms(&op->backoff, 0) * INT64_C(1000));
    }
    if (op->answered)
        chaos_op_end(op);
}

/* One that is over already was told twice: its message was published twice, or is told again. */
static struct chaos_op *op_of(const struct fc_uuid *id)
{
    uint32_t slot = fc_uuid_mac(id);

    if (slot >= CHAOS_OPS_MAX)
        return NULL;
    struct chaos_op *op = &chaos_load.ops[slot];

    return op->used && op->over_amqp && !op->answered && fc_uuid_eq(&op->id, id) ? op : NULL;
}

void chaos_load_verdict(void *arg, const struct told *told, struct json_object *document)
{
    struct chaos_op *op = op_of(&told->command_id);

    (void)arg;
    if (op == NULL)
        return;
    struct chaos_decided decided = {.wish = &op->wish,
                                    .number = op->number,
                                    .attempt = op->attempts,
                                    .sent_us = op->sent_us,
                                    .id = op->id};

    chaos_decided_fill(&decided, told, told_member(document, "problem"));
    op->answered = true;
    chaos_decide(&decided);
    if (op->flying == 0)
        chaos_op_end(op);
}
