#include "support/history.h"

#include "wire/json.h"

static void int_put(struct wire_json *json, const char *name, int64_t value)
{
    wire_json_key(json, name);
    wire_json_i64(json, value);
}

static void text_put(struct wire_json *json, const char *name, struct fc_str text)
{
    wire_json_key(json, name);
    wire_json_str(json, text);
}

static void id_put(struct wire_json *json, const struct history_line *line)
{
    if (!line->has_id)
        return;
    wire_json_key(json, "id");
    wire_json_uuid(json, &line->id);
}

static void sent_put(struct wire_json *json, const struct history_line *line)
{
    text_put(json, "what", FC_STR("sent"));
    text_put(json, "command", fc_str_of(line->command));
    text_put(json, "key", fc_str_of(line->key));
    int_put(json, "user", line->user_id);
    text_put(json, "idem", fc_str_of(line->idempotency_key));
    int_put(json, "amount", line->amount);
    if (line->copy_of != 0)
        int_put(json, "copy_of", line->copy_of);
    id_put(json, line);
}

static void answered_put(struct wire_json *json, const struct history_line *line)
{
    text_put(json, "what", FC_STR("answered"));
    int_put(json, "status", line->status);
    id_put(json, line);
    wire_json_key(json, "replayed");
    wire_json_bool(json, line->replayed);
    if (line->code[0] != '\0')
        text_put(json, "code", fc_str_of(line->code));
}

static void verdict_put(struct wire_json *json, const struct history_line *line, bool with_body)
{
    struct fc_str parked = FC_STR("parked");
    struct fc_str code = fc_str_of(line->code);
    struct fc_str state = line->succeeded ? FC_STR("succeeded") : FC_STR("refused");
    bool is_parked = fc_str_eq(code, parked);

    text_put(json, "what", FC_STR("verdict"));
    id_put(json, line);
    text_put(json, "state", is_parked ? parked : state);
    text_put(json, "code", is_parked ? FC_STR_NONE : code);
    text_put(json, "body", with_body ? line->body : FC_STR_NONE);
}

static void line_put(struct fc_buf *buf, const struct history_line *line, bool with_body)
{
    struct wire_json json;

    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    int_put(&json, "t", line->t_us);
    int_put(&json, "op", line->op);
    int_put(&json, "try", line->attempt);
    switch (line->what) {
    case HISTORY_SENT:
        sent_put(&json, line);
        break;
    case HISTORY_ANSWERED:
        answered_put(&json, line);
        break;
    case HISTORY_LOST:
        text_put(&json, "what", FC_STR("lost"));
        break;
    case HISTORY_VERDICT:
        verdict_put(&json, line, with_body);
        break;
    }
    wire_json_object_end(&json);
    fc_buf_put_char(buf, '\n');
}

bool history_write(FILE *file, const struct history_line *line)
{
    char bytes[HISTORY_LINE_BYTES];
    struct fc_buf buf = fc_buf_of(bytes, sizeof(bytes));

    /* A body comes from outside: one that is no text, or no line's length, is left out. */
    line_put(&buf, line, fc_str_is_utf8(line->body));
    if (buf.overflow) {
        buf = fc_buf_of(bytes, sizeof(bytes));
        line_put(&buf, line, false);
    }
    return !buf.overflow && fwrite(buf.ptr, 1, buf.len, file) == buf.len && fflush(file) == 0;
}
