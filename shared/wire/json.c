#include "wire/json.h"

void wire_json_init(struct wire_json *json, struct fc_buf *buf)
{
    *json = (struct wire_json){buf, false};
}

/* Before each value and key. */
static void put_comma(struct wire_json *json)
{
    if (json->comma)
        fc_buf_put_char(json->buf, ',');
    json->comma = true;
}

static void begin(struct wire_json *json, char bracket)
{
    put_comma(json);
    fc_buf_put_char(json->buf, bracket);
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

static void put_quoted(struct fc_buf *buf, struct fc_str text)
{
    size_t start = 0;

    fc_buf_put_char(buf, '"');
    for (size_t at = 0; at < text.len; at++) {
        unsigned char c = (unsigned char)text.ptr[at];

        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        fc_buf_put(buf, (struct fc_str){text.ptr + start, at - start});
        put_escape(buf, c);
        start = at + 1;
    }
    if (start < text.len)
        fc_buf_put(buf, (struct fc_str){text.ptr + start, text.len - start});
    fc_buf_put_char(buf, '"');
}

void wire_json_key(struct wire_json *json, const char *key)
{
    put_comma(json);
    put_quoted(json->buf, fc_str_of(key));
    fc_buf_put_char(json->buf, ':');
    json->comma = false;
}

void wire_json_str(struct wire_json *json, struct fc_str text)
{
    put_comma(json);
    put_quoted(json->buf, text);
}

void wire_json_i64(struct wire_json *json, int64_t value)
{
    put_comma(json);
    fc_buf_put_i64(json->buf, value);
}

void wire_json_bool(struct wire_json *json, bool value)
{
    put_comma(json);
    fc_buf_put(json->buf, value ? FC_STR("true") : FC_STR("false"));
}

void wire_json_null(struct wire_json *json)
{
    put_comma(json);
    fc_buf_put(json->buf, FC_STR("null"));
}

void wire_json_uuid(struct wire_json *json, const struct fc_uuid *id)
{
    put_comma(json);
    fc_buf_put_char(json->buf, '"');
    fc_uuid_put(json->buf, id);
    fc_buf_put_char(json->buf, '"');
}

void wire_json_instant(struct wire_json *json, struct fc_instant at)
{
    put_comma(json);
    fc_buf_put_char(json->buf, '"');
    fc_instant_put(json->buf, at);
    fc_buf_put_char(json->buf, '"');
}

void wire_json_day(struct wire_json *json, struct fc_day day)
{
    put_comma(json);
    fc_buf_put_char(json->buf, '"');
    fc_day_put(json->buf, day);
    fc_buf_put_char(json->buf, '"');
}

void wire_json_raw(struct wire_json *json, struct fc_str text)
{
    put_comma(json);
    fc_buf_put(json->buf, text);
}
