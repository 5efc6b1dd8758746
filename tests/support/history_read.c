#include "support/history.h"

#include "wire/read.h"
#include "wire/scan.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define WHY_BYTES 256
/* Room for the texts of one line and for what is wrong with it. */
#define ARENA_BYTES (4 * HISTORY_LINE_BYTES)

static const char *const whats[] = {"sent", "answered", "lost", "verdict", NULL};
static const char *const states[] = {"refused", "succeeded", "parked", NULL};

enum state { STATE_REFUSED, STATE_SUCCEEDED, STATE_PARKED };

static void read_text(struct wire_node *node, const char *name, char *ret_text, size_t size)
{
    struct fc_str text;

    if (wire_read_text(node, name, WIRE_OPTIONAL, (struct wire_range){0, (int64_t)size - 1}, &text))
        (void)fc_str_copy(text, ret_text, size);
}

static void read_sent(struct wire_node *node, struct history_line *line)
{
    const struct wire_range any = {INT64_MIN + 1, INT64_MAX - 1};

    read_text(node, "command", line->command, sizeof(line->command));
    read_text(node, "key", line->key, sizeof(line->key));
    read_text(node, "idem", line->idempotency_key, sizeof(line->idempotency_key));
    (void)wire_read_i64(node, "user", WIRE_OPTIONAL, any, &line->user_id);
    (void)wire_read_i64(node, "copy_of", WIRE_OPTIONAL, any, &line->copy_of);
    (void)wire_read_i64(node, "amount", WIRE_OPTIONAL, any, &line->amount);
    if (line->command[0] == '\0')
        wire_node_fault(node, "command", "must name what was asked");
}

static void read_answered(struct wire_node *node, struct history_line *line)
{
    int64_t status = 0;

    if (wire_read_i64(node, "status", WIRE_REQUIRED, (struct wire_range){0, 999}, &status))
        line->status = (int32_t)status;
    (void)wire_read_bool(node, "replayed", WIRE_OPTIONAL, &line->replayed);
    read_text(node, "code", line->code, sizeof(line->code));
}

static void read_verdict(struct wire_node *node, struct history_line *line)
{
    int32_t state = STATE_REFUSED;

    (void)wire_read_word(node, "state", WIRE_REQUIRED, states, &state);
    line->succeeded = state == STATE_SUCCEEDED;
    read_text(node, "code", line->code, sizeof(line->code));
    if (state == STATE_PARKED)
        (void)fc_str_copy(FC_STR("parked"), line->code, sizeof(line->code));
    if (!line->has_id)
        wire_node_fault(node, "id", "must name the command");
    if (!fc_arena_copy(node->faults->arena, wire_peek_text(node, "body"), &line->body))
        node->faults->arena_full = true;
}

static void read_line(struct wire_node *node, struct history_line *line)
{
    const struct wire_range any = {0, INT64_MAX - 1};
    int32_t what = HISTORY_LOST;
    int64_t attempt = 0;

    (void)wire_read_word(node, "what", WIRE_REQUIRED, whats, &what);
    line->what = (enum history_what)what;
    (void)wire_read_i64(node, "t", WIRE_REQUIRED, any, &line->t_us);
    (void)wire_read_i64(node, "op", WIRE_REQUIRED, any, &line->op);
    if (wire_read_i64(node, "try", WIRE_REQUIRED, (struct wire_range){1, INT32_MAX}, &attempt))
        line->attempt = (int32_t)attempt;
    line->has_id = wire_read_uuid(node, "id", WIRE_OPTIONAL, &line->id);
    switch (line->what) {
    case HISTORY_SENT:
        read_sent(node, line);
        return;
    case HISTORY_ANSWERED:
        read_answered(node, line);
        return;
    case HISTORY_VERDICT:
        read_verdict(node, line);
        return;
    case HISTORY_LOST:
        return;
    }
}

bool history_read(struct fc_str text, struct history_line *ret_line, char ret_why[256])
{
    static alignas(16) char memory[ARENA_BYTES];
    struct history_line line = {.what = HISTORY_LOST};
    struct wire_faults faults;
    struct wire_node node;
    struct fc_arena arena;
    struct fc_buf why = fc_buf_of(ret_why, WHY_BYTES - 1);

    memset(ret_why, 0, WHY_BYTES);
    if (text.len > HISTORY_LINE_BYTES) {
        fc_buf_put_fmt(&why, "longer than %d bytes", HISTORY_LINE_BYTES);
        return false;
    }
    fc_arena_init(&arena, memory, sizeof(memory));
    wire_faults_init(&faults, &arena);
    if (wire_scan(text, &faults)) {
        wire_node_begin(&node, text, &faults);
        read_line(&node, &line);
    }
    if (faults.count == 0 && !faults.arena_full) {
        *ret_line = line;
        return true;
    }
    if (faults.count == 0)
        fc_buf_put_text(&why, "too much text in one line");
    else
        fc_buf_put_fmt(&why, FC_STR_FMT " " FC_STR_FMT, FC_STR_ARG(faults.items[0].pointer),
                       FC_STR_ARG(faults.items[0].detail));
    return false;
}
