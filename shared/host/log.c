#include "host/log.h"

#include "base/assert.h"
#include "host/clock.h"

#include <errno.h>
#include <unistd.h>

/* Kept free for what ends a line that was cut: a quote, the mark, a brace, the newline. */
#define LOG_TAIL_BYTES 32

static struct fc_log_settings log_settings = {FC_LOG_INFO, false, "firstcome"};

/* The last line was only written in part: the next one starts with the newline it lacks. */
static bool log_torn;

void fc_log_init(const struct fc_log_settings *settings)
{
    log_settings = *settings;
}

static const char *level_name(enum fc_log_level level)
{
    switch (level) {
    case FC_LOG_DEBUG:
        return "debug";
    case FC_LOG_INFO:
        return "info";
    case FC_LOG_WARN:
        return "warn";
    case FC_LOG_ERROR:
        return "error";
    case FC_LOG_FATAL:
        return "fatal";
    }
    FC_UNREACHABLE("no such log level");
}

bool fc_log_level_parse(struct fc_str text, enum fc_log_level *ret_level)
{
    for (enum fc_log_level level = FC_LOG_DEBUG; level <= FC_LOG_FATAL; level++) {
        if (fc_str_eq(text, fc_str_of(level_name(level)))) {
            *ret_level = level;
            return true;
        }
    }
    return false;
}

/* ` key=` or `,"key":`; what of it does not fit any more is the caller's to take back. */
static void put_key(struct fc_log_line *line, const char *key)
{
    struct fc_buf *buf = &line->buf;
    bool first = buf->len == 0;

    if (log_settings.json) {
        fc_buf_put_text(buf, first ? "{\"" : ",\"");
        fc_buf_put_text(buf, key);
        fc_buf_put_text(buf, "\":");
    } else {
        fc_buf_put_text(buf, first ? "" : " ");
        fc_buf_put_text(buf, key);
        fc_buf_put_char(buf, '=');
    }
}

/* Bytes of the UTF-8 sequence that `text` starts with; 0 when it starts with none. */
static size_t utf8_bytes(struct fc_str text)
{
    for (size_t count = 1; count <= 4 && count <= text.len; count++)
        if (fc_str_is_utf8((struct fc_str){text.ptr, count}))
            return count;
    return 0;
}

/* The controls of Latin-1 reach a terminal as they are: U+0080 to U+009F. */
static bool is_control(struct fc_str character)
{
    unsigned char first = (unsigned char)character.ptr[0];

    if (character.len == 1)
        return first < 0x20 || first == 0x7F;
    return first == 0xC2 && (unsigned char)character.ptr[1] < 0xA0;
}

static bool is_bare(struct fc_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c <= ' ' || c > '~' || c == '"' || c == '=' || c == '\\')
            return false;
    }
    return text.len > 0;
}

static void put_hex(struct fc_buf *buf, struct fc_str bytes)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];
        /* JSON has no \x: there the backslash is itself escaped. */
        char text[] = {'\\', '\\', 'x', digits[byte >> 4], digits[byte & 15]};
        size_t skipped = log_settings.json ? 0 : 1;

        fc_buf_put(buf, (struct fc_str){text + skipped, sizeof(text) - skipped});
    }
}

static void put_character(struct fc_buf *buf, struct fc_str character)
{
    switch (character.ptr[0]) {
    case '"':
        fc_buf_put_text(buf, "\\\"");
        return;
    case '\\':
        fc_buf_put_text(buf, "\\\\");
        return;
    case '\n':
        fc_buf_put_text(buf, "\\n");
        return;
    case '\r':
        fc_buf_put_text(buf, "\\r");
        return;
    case '\t':
        fc_buf_put_text(buf, "\\t");
        return;
    default:
        break;
    }
    if (is_control(character))
        put_hex(buf, character);
    else
        fc_buf_put(buf, character);
}

static void put_quoted(struct fc_buf *buf, struct fc_str text)
{
    fc_buf_put_char(buf, '"');
    if (buf->overflow)
        return;
    while (text.len > 0 && !buf->overflow) {
        size_t count = utf8_bytes(text);
        struct fc_str head = {text.ptr, count > 0 ? count : 1};

        if (count > 0)
            put_character(buf, head);
        else
            put_hex(buf, head);
        text.ptr += head.len;
        text.len -= head.len;
    }
    /* A value that was cut is closed all the same, in the room kept for it. */
    buf->ptr[buf->len++] = '"';
}

static void put_value(struct fc_log_line *line, struct fc_str value)
{
    if (line->buf.overflow)
        return;
    if (!log_settings.json && is_bare(value) && value.len <= line->buf.size - line->buf.len)
        fc_buf_put(&line->buf, value);
    else
        put_quoted(&line->buf, value);
}

bool fc_log_wants(enum fc_log_level level)
{
    return level >= log_settings.level;
}

void fc_log_begin(struct fc_log_line *line, enum fc_log_level level, const char *sentence)
{
    char time[FC_INSTANT_TEXT_BYTES];
    struct fc_buf time_buf = fc_buf_of(time, sizeof(time));

    line->dropped = !fc_log_wants(level);
    if (line->dropped)
        return;
    /* The first byte is kept for a newline, see log_torn. */
    line->buf = fc_buf_of(line->bytes + 1, sizeof(line->bytes) - 1 - LOG_TAIL_BYTES);
    fc_instant_put(&time_buf, fc_clock_now());
    fc_log_str(line, "time", fc_buf_str(&time_buf));
    fc_log_text(line, "level", level_name(level));
    fc_log_text(line, "instance", log_settings.instance);
    fc_log_text(line, "text", sentence);
}

void fc_log_str(struct fc_log_line *line, const char *key, struct fc_str value)
{
    if (line->dropped)
        return;
    size_t mark = line->buf.len;

    put_key(line, key);
    size_t value_at = line->buf.len;

    put_value(line, value);
    /* A key without any of its value would read as an empty one, or as no JSON. */
    if (line->buf.len == value_at)
        line->buf.len = mark;
}

void fc_log_text(struct fc_log_line *line, const char *key, const char *value)
{
    fc_log_str(line, key, fc_str_of(value));
}

void fc_log_i64(struct fc_log_line *line, const char *key, int64_t value)
{
    if (line->dropped)
        return;
    size_t mark = line->buf.len;

    put_key(line, key);
    fc_buf_put_i64(&line->buf, value);
    if (line->buf.overflow)
        line->buf.len = mark;
}

void fc_log_uuid(struct fc_log_line *line, const char *key, const struct fc_uuid *id)
{
    char text[FC_UUID_TEXT_BYTES];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    fc_uuid_put(&buf, id);
    fc_log_str(line, key, fc_buf_str(&buf));
}

void fc_log_err(struct fc_log_line *line, const struct fc_err *err)
{
    fc_log_text(line, "where", err->where);
    if (err->code[0] != '\0')
        fc_log_text(line, "code", err->code);
    fc_log_text(line, "cure", fc_cure_name(err->cure));
    fc_log_text(line, "error", err->text);
}

/*
 * One write as a rule. What a full pipe takes only in part is tried again; what it does not take
 * at all is lost, for a program does not stand still for its log.
 */
static void write_line(struct fc_str text)
{
    size_t done = 0;

    while (done < text.len) {
        ssize_t count = write(STDERR_FILENO, text.ptr + done, text.len - done);

        if (count > 0)
            done += (size_t)count;
        else if (count == 0 || errno != EINTR)
            break;
    }
    if (done > 0)
        log_torn = done < text.len;
}

void fc_log_end(struct fc_log_line *line)
{
    if (line->dropped)
        return;
    struct fc_buf *buf = &line->buf;
    bool cut = buf->overflow;

    buf->size = sizeof(line->bytes) - 1;
    buf->overflow = false;
    if (cut)
        fc_buf_put_text(buf, log_settings.json ? ",\"cut\":true" : " cut=true");
    fc_buf_put_text(buf, log_settings.json ? "}\n" : "\n");
    FC_ASSERT(!buf->overflow);
    line->bytes[0] = '\n';
    write_line((struct fc_str){line->bytes + (log_torn ? 0 : 1), buf->len + (log_torn ? 1 : 0)});
}
