#include "producer/cli/load_scan.h"

#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_space(struct fc_str *rest)
{
    while (rest->len > 0 && is_space(rest->ptr[0])) {
        rest->ptr++;
        rest->len--;
    }
}

static void skip(struct fc_str *rest, size_t len)
{
    rest->ptr += len;
    rest->len -= len;
}

/* The string that `rest` begins with; `rest` moves behind it. */
static bool take_string(struct fc_str *rest, struct fc_str *ret_text)
{
    const char *begin = rest->ptr + 1;
    size_t room = rest->len - 1;
    size_t at = 0;

    while (at < room && begin[at] != '"')
        at += begin[at] == '\\' ? 2 : 1;
    if (at >= room)
        return false;
    *ret_text = (struct fc_str){begin, at};
    skip(rest, at + 2);
    return true;
}

/* Bytes of the number, literal, array or object at the beginning of `rest`. */
static bool value_bytes(struct fc_str rest, size_t *ret_bytes)
{
    int32_t depth = 0;
    size_t whole = rest.len;
    struct fc_str text;

    while (rest.len > 0) {
        char c = rest.ptr[0];

        if (c == '"') {
            if (!take_string(&rest, &text))
                return false;
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']' || is_space(c)))
            break;
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        skip(&rest, 1);
        if (depth == 0 && (c == '}' || c == ']'))
            break;
    }
    *ret_bytes = whole - rest.len;
    return depth == 0;
}

static bool take_value(struct fc_str *rest, struct fc_str *ret_value)
{
    size_t bytes;

    if (rest->len > 0 && rest->ptr[0] == '"')
        return take_string(rest, ret_value);
    if (!value_bytes(*rest, &bytes) || bytes == 0)
        return false;
    *ret_value = (struct fc_str){rest->ptr, bytes};
    skip(rest, bytes);
    return true;
}

static bool take_char(struct fc_str *rest, char wanted)
{
    skip_space(rest);
    if (rest->len == 0 || rest->ptr[0] != wanted)
        return false;
    skip(rest, 1);
    skip_space(rest);
    return true;
}

bool load_scan_member(struct fc_str object, struct fc_str name, struct fc_str *ret_value)
{
    struct fc_str rest = object;
    struct fc_str key;
    struct fc_str value;

    if (!take_char(&rest, '{'))
        return false;
    do {
        if (rest.len == 0 || rest.ptr[0] != '"' || !take_string(&rest, &key) ||
            !take_char(&rest, ':') || !take_value(&rest, &value))
            return false;
        if (fc_str_eq(key, name)) {
            *ret_value = value;
            return true;
        }
    } while (take_char(&rest, ','));
    return false;
}
