#include "support/history_check_judge.h"

#include <inttypes.h>
#include <stdarg.h>

#define SAYINGS 8
#define SAYING_BYTES 512

void violated(struct history_check *check, const char *format, ...)
{
    va_list args;

    if (check->violations < HISTORY_SAMPLES) {
        va_start(args, format);
        (void)vsnprintf(check->samples[check->violations], HISTORY_SAMPLE_BYTES, format, args);
        va_end(args);
    }
    check->violations++;
}

static struct fc_buf saying(void)
{
    static char texts[SAYINGS][SAYING_BYTES];
    static int next;
    struct fc_buf buf = fc_buf_of(texts[next++ % SAYINGS], SAYING_BYTES - 1);

    return buf;
}

static const char *said(struct fc_buf *buf)
{
    buf->ptr[buf->len] = '\0';
    return buf->ptr;
}

const char *say_id(const struct fc_uuid *id)
{
    struct fc_buf buf = saying();

    fc_uuid_put(&buf, id);
    return said(&buf);
}

static void put_op(struct fc_buf *buf, const struct evidence *evidence, int32_t at)
{
    const struct evidence_op *op = &evidence->ops[at];
    const struct names *names = &evidence->names;

    fc_buf_put_fmt(buf, "op %" PRId64 " of %s: %s", op->number, names_text(names, op->file),
                   names_text(names, op->command));
    if (op->key != 0)
        fc_buf_put_fmt(buf, " on %s", names_text(names, op->key));
    fc_buf_put_fmt(buf, " by user %" PRId64, op->user_id);
    if (op->idempotency_key != 0)
        fc_buf_put_fmt(buf, " key %s", names_text(names, op->idempotency_key));
    if (op->copy_of != 0)
        fc_buf_put_fmt(buf, " copy of op %" PRId64, op->copy_of);
    if (op->amount != 0)
        fc_buf_put_fmt(buf, " amount %" PRId64, op->amount);
}

const char *say_op(const struct court *court, int32_t op)
{
    struct fc_buf buf = saying();

    put_op(&buf, court->evidence, op);
    return said(&buf);
}

const char *say_known(const struct court *court, const struct known *known)
{
    struct fc_buf buf = saying();

    fc_buf_put_text(&buf, "[");
    fc_uuid_put(&buf, &known->id);
    fc_buf_put_text(&buf, " ");
    put_op(&buf, court->evidence, known->op);
    fc_buf_put_fmt(&buf, " try %d sent at %" PRId64,
                   (int)court->evidence->attempts[known->attempt].attempt, known->sent_us);
    if (known->accepted)
        fc_buf_put_fmt(&buf, " accepted at %" PRId64, known->answered_us);
    fc_buf_put_text(&buf, "]");
    return said(&buf);
}

const char *say_row(const struct court *court, const struct evidence_row *row)
{
    const struct names *names = &court->evidence->names;
    struct fc_buf buf = saying();

    fc_buf_put_fmt(&buf, "[row %" PRId64 " ", row->seq);
    fc_uuid_put(&buf, &row->id);
    fc_buf_put_fmt(&buf, " %s on %s by %" PRId64 ": %s", names_text(names, row->type),
                   names_text(names, row->key), row->actor_id,
                   row->verdict == 0 ? "succeeded" : names_text(names, row->verdict));
    if (row->idempotency_key != 0)
        fc_buf_put_fmt(&buf, " owns key %s", names_text(names, row->idempotency_key));
    if (row->is_replay) {
        fc_buf_put_text(&buf, " repeats ");
        fc_uuid_put(&buf, &row->replay_of);
    }
    fc_buf_put_text(&buf, "]");
    return said(&buf);
}
