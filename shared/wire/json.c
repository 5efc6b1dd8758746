#include "wire/json.h"

#include "wire/token.h"

void wire_json_init(struct wire_json *json, struct fc_buf *buf)
{
    *json = (struct wire_json){buf, false};
}

/* Where the next `len` bytes go, behind a comma where one belongs; NULL when they do not fit. */
static char *room(struct wire_json *json, size_t len)
{
    size_t comma = json->comma ? 1 : 0;
    char *at = fc_buf_take(json->buf, comma + len);

    if (at != NULL)
        *at = ',';
    return at != NULL ? at + comma : NULL;
}

/* The same between two quotes, of a value. */
static char *quoted_room(struct wire_json *json, size_t len)
{
    char *at = room(json, len + 2);

    json->comma = true;
    if (at == NULL)
        return NULL;
    at[0] = '"';
    at[len + 1] = '"';
    return at + 1;
}

static void begin(struct wire_json *json, char bracket)
{
    char *at = room(json, 1);

    if (at != NULL)
        *at = bracket;
    json->comma = false;
}

static void end(struct wire_json *json, char bracket)
{
    fc_buf_put_char(json->buf, bracket);
    json->comma = true;
}

void wire_json_object_begin(struct wire_json *json)
{
    begin(json, '{');
}

void wire_json_object_end(struct wire_json *json)
{
    end(json, '}');
}

void wire_json_array_begin(struct wire_json *json)
{
    begin(json, '[');
}

void wire_json_array_end(struct wire_json *json)
{
    end(json, ']');
}

/* The letter of the short escape, or 0. */
static char escape_letter(unsigned char c)
{
    switch (c) {
    case '"':
    case '\\':
        return (char)c;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

static void put_escape(struct fc_buf *buf, unsigned char c)
{
    static const char hex_digits[] = "0123456789abcdef";
    char letter = escape_letter(c);

    if (letter != 0) {
        fc_buf_put(buf, (struct fc_str){(char[]){'\\', letter}, 2});
        return;
    }
    fc_buf_put(buf, FC_STR("\\u00"));
    fc_buf_put(buf, (struct fc_str){(char[]){hex_digits[c >> 4], hex_digits[c & 15]}, 2});
}

static void put_escaped(struct fc_buf *buf, struct fc_str text)
{
    const char *end = text.ptr + text.len;
    const char *at = text.ptr;

    fc_buf_put_char(buf, '"');
    while (at < end) {
        const char *stop = wire_token_pass_plain(at, end);

        fc_buf_put(buf, (struct fc_str){at, (size_t)(stop - at)});
        if (stop < end)
            put_escape(buf, (unsigned char)*stop++);
        at = stop;
    }
    fc_buf_put_char(buf, '"');
}

void wire_json_own_name(struct wire_json *json, struct fc_str name)
{
    char *at = room(json, name.len + 3);

    json->comma = false;
    if (at == NULL)
        return;
    at[0] = '"';
    memcpy(at + 1, name.ptr, name.len);
    at[name.len + 1] = '"';
    at[name.len + 2] = ':';
}

void wire_json_name(struct wire_json *json, struct fc_str name)
{
    wire_json_str(json, name);
    fc_buf_put_char(json->buf, ':');
    json->comma = false;
}

void wire_json_str(struct wire_json *json, struct fc_str text)
{
    if (text.len > 0 &&
        wire_token_pass_plain(text.ptr, text.ptr + text.len) < text.ptr + text.len) {
        wire_json_raw(json, FC_STR_NONE);
        put_escaped(json->buf, text);
        return;
    }
    char *at = quoted_room(json, text.len);

    if (at != NULL && text.len > 0)
        memcpy(at, text.ptr, text.len);
}

void wire_json_i64(struct wire_json *json, int64_t value)
{
    wire_json_raw(json, FC_STR_NONE);
    fc_buf_put_i64(json->buf, value);
}

void wire_json_bool(struct wire_json *json, bool value)
{
    wire_json_raw(json, value ? FC_STR("true") : FC_STR("false"));
}

void wire_json_null(struct wire_json *json)
{
    wire_json_raw(json, FC_STR("null"));
}

void wire_json_uuid(struct wire_json *json, const struct fc_uuid *id)
{
    char *at = quoted_room(json, FC_UUID_TEXT_BYTES);

    if (at != NULL)
        fc_uuid_text(id, at);
}

void wire_json_instant(struct wire_json *json, struct fc_instant at)
{
    char *text = quoted_room(json, FC_INSTANT_TEXT_BYTES);

    if (text != NULL)
        fc_instant_text(at, text);
}

void wire_json_day(struct wire_json *json, struct fc_day day)
{
    char *text = quoted_room(json, FC_DAY_TEXT_BYTES);

    if (text != NULL)
        fc_day_text(day, text);
}

void wire_json_raw(struct wire_json *json, struct fc_str text)
{
    if (json->comma)
        fc_buf_put_char(json->buf, ',');
    json->comma = true;
    fc_buf_put(json->buf, text);
}
