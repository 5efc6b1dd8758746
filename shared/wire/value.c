#include "wire/value.h"

#include "base/assert.h"
#include "wire/token.h"

#include <string.h>

/* Of a name with escapes; what is longer is asked for by nobody. */
#define NAME_DECODED_BYTES_MAX 128

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static const char *pass_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

/* Behind the quote that closes the string at `at`. */
static const char *pass_string(const char *at, const char *end, bool *ret_escaped)
{
    *ret_escaped = false;
    for (at++;; at += 2) {
        at = wire_token_pass_plain(at, end);
        FC_ASSERT(at < end);
        if (*at == '"')
            return at + 1;
        *ret_escaped = true;
    }
}

/* Behind the bracket that closes the one at `at`. */
static const char *pass_nested(const char *at, const char *end)
{
    int32_t depth = 0;
    bool escaped;

    while (at < end) {
        char c = *at;

        if (c == '"') {
            at = pass_string(at, end, &escaped);
            continue;
        }
        at++;
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth == 0)
            return at;
    }
    FC_UNREACHABLE("the scan lets no text pass whose brackets stay open");
}

static bool ends_scalar(char c)
{
    return c == ',' || c == '}' || c == ']' || is_blank(c);
}

static const char *pass_value(const char *at, const char *end)
{
    bool escaped;

    if (*at == '"')
        return pass_string(at, end, &escaped);
    if (*at == '{' || *at == '[')
        return pass_nested(at, end);
    while (at < end && !ends_scalar(*at))
        at++;
    return at;
}

static struct fc_str cut(const char *from, const char *to)
{
    return (struct fc_str){from, (size_t)(to - from)};
}

struct fc_str wire_value_of(struct fc_str text)
{
    const char *end = text.ptr + text.len;
    const char *at = pass_blanks(text.ptr, end);

    FC_ASSERT(at < end);
    while (is_blank(end[-1]))
        end--;
    return cut(at, end);
}

static enum wire_kind number_kind(struct fc_str value)
{
    for (size_t at = 0; at < value.len; at++)
        if (value.ptr[at] == '.' || value.ptr[at] == 'e' || value.ptr[at] == 'E')
            return WIRE_FRACTION;
    return WIRE_INTEGER;
}

enum wire_kind wire_value_kind(struct fc_str value)
{
    if (value.len == 0)
        return WIRE_NONE;
    switch (value.ptr[0]) {
    case '{':
        return WIRE_OBJECT;
    case '[':
        return WIRE_ARRAY;
    case '"':
        return WIRE_STRING;
    case 't':
    case 'f':
        return WIRE_BOOL;
    case 'n':
        return WIRE_NULL;
    default:
        return number_kind(value);
    }
}

void wire_walk_begin(struct wire_walk *walk, struct fc_str value)
{
    FC_ASSERT(value.len >= 2 && (value.ptr[0] == '{' || value.ptr[0] == '['));
    walk->end = value.ptr + value.len - 1;
    walk->at = pass_blanks(value.ptr + 1, walk->end);
}

/* The value at `at`, and on to what stands behind its comma. */
static struct fc_str take_value(struct wire_walk *walk)
{
    const char *from = walk->at;
    const char *to = pass_value(from, walk->end);
    const char *at = pass_blanks(to, walk->end);

    FC_ASSERT(at == walk->end || *at == ',');
    walk->at = at < walk->end ? pass_blanks(at + 1, walk->end) : at;
    return cut(from, to);
}

bool wire_walk_member(struct wire_walk *walk, struct wire_member *ret_member)
{
    const char *name = walk->at + 1;

    if (walk->at == walk->end)
        return false;
    FC_ASSERT(*walk->at == '"');
    const char *behind = pass_string(walk->at, walk->end, &ret_member->escaped);

    ret_member->name = cut(name, behind - 1);
    walk->at = pass_blanks(behind, walk->end);
    FC_ASSERT(walk->at < walk->end && *walk->at == ':');
    walk->at = pass_blanks(walk->at + 1, walk->end);
    ret_member->value = take_value(walk);
    return true;
}

bool wire_walk_element(struct wire_walk *walk, struct fc_str *ret_value)
{
    if (walk->at == walk->end)
        return false;
    *ret_value = take_value(walk);
    return true;
}

static struct fc_str quoted(struct fc_str name)
{
    return (struct fc_str){name.ptr - 1, name.len + 2};
}

/* Of a name with escapes. */
static bool means(struct fc_str escaped, struct fc_str name)
{
    char memory[NAME_DECODED_BYTES_MAX];
    struct fc_buf decoded = fc_buf_of(memory, sizeof(memory));

    (void)wire_token_decode(quoted(escaped), &decoded);
    return !decoded.overflow && fc_str_eq(fc_buf_str(&decoded), name);
}

bool wire_member_is(const struct wire_member *member, struct fc_str name)
{
    return member->escaped ? means(member->name, name) : fc_str_eq(member->name, name);
}

struct fc_str wire_member_name(const struct wire_member *member, struct fc_buf *buf)
{
    if (!member->escaped || !wire_token_decode(quoted(member->name), buf) || buf->overflow)
        return member->name;
    return fc_buf_str(buf);
}

struct fc_str wire_value_string(struct fc_str value, struct fc_buf *buf)
{
    struct fc_str inside = {value.ptr + 1, value.len - 2};

    FC_ASSERT(wire_value_kind(value) == WIRE_STRING && buf->len == 0);
    if (inside.len == 0 || memchr(inside.ptr, '\\', inside.len) == NULL)
        return inside;
    (void)wire_token_decode(value, buf);
    return buf->overflow ? FC_STR_NONE : fc_buf_str(buf);
}

void wire_value_put(struct fc_buf *buf, struct fc_str value)
{
    const char *end = value.ptr + value.len;
    const char *from = value.ptr;
    const char *at = from;
    bool escaped;

    while (at < end) {
        if (*at == '"') {
            at = pass_string(at, end, &escaped);
        } else if (is_blank(*at)) {
            fc_buf_put(buf, cut(from, at));
            at = pass_blanks(at, end);
            from = at;
        } else {
            at++;
        }
    }
    fc_buf_put(buf, cut(from, end));
}
