#include "producer/headers.h"

#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* tchar of RFC 9110. */
static bool is_token_char(char c)
{
    if ((c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-')
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

struct fc_str header_trim(struct fc_str text)
{
    while (text.len > 0 && is_blank(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

bool header_eq(struct fc_str a, struct fc_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (a.ptr[i] != b.ptr[i] && lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

bool header_is_token(struct fc_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_token_char(text.ptr[i]))
            return false;
    return text.len > 0;
}

bool header_is_visible(struct fc_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x21 || text.ptr[i] > 0x7E)
            return false;
    return text.len > 0;
}

/* Cuts at the first separator that stands outside quotes. */
static struct fc_str cut_unquoted(struct fc_str *text, char separator)
{
    bool quoted = false;
    struct fc_str before = *text;

    for (size_t i = 0; i < text->len; i++) {
        char c = text->ptr[i];

        if (c == '"') {
            quoted = !quoted;
        } else if (quoted && c == '\\') {
            i++;
        } else if (!quoted && c == separator) {
            before.len = i;
            text->ptr += i + 1;
            text->len -= i + 1;
            return before;
        }
    }
    *text = FC_STR_NONE;
    return before;
}

/* A token, or what stands between the quotes of a simple quoted string. */
static struct fc_str unquote(struct fc_str text)
{
    if (text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"')
        return (struct fc_str){text.ptr + 1, text.len - 2};
    return text;
}

static bool all_digits(struct fc_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

bool header_prefer_wait(struct fc_str text, int32_t *ret_wait_s)
{
    while (text.len > 0) {
        struct fc_str preference = cut_unquoted(&text, ',');
        struct fc_str value = cut_unquoted(&preference, ';');
        struct fc_str name = header_trim(cut_unquoted(&value, '='));
        int64_t wait_s;

        value = unquote(header_trim(value));
        if (!header_eq(name, FC_STR("wait")) || !all_digits(value))
            continue;
        /* Digits that do not fit are more than the cap, too. */
        if (!fc_str_to_i64(value, 0, HTTP_WAIT_S_MAX, &wait_s))
            wait_s = HTTP_WAIT_S_MAX;
        *ret_wait_s = (int32_t)wait_s;
        return true;
    }
    return false;
}

static bool bare_key(struct fc_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_token_char(text.ptr[i]) && text.ptr[i] != ':' && text.ptr[i] != '/')
            return false;
    return text.len >= 1 && text.len <= IDEMPOTENCY_KEY_BYTES_MAX;
}

bool header_idempotency_key(struct fc_str text, char *memory, struct fc_str *ret_key)
{
    size_t len = 0;

    text = header_trim(text);
    if (text.len < 2 || text.ptr[0] != '"' || text.ptr[text.len - 1] != '"') {
        if (!bare_key(text))
            return false;
        memcpy(memory, text.ptr, text.len);
        *ret_key = (struct fc_str){memory, text.len};
        return true;
    }
    for (size_t i = 1; i < text.len - 1; i++) {
        char c = text.ptr[i];

        if (c == '\\') {
            /* The closing quote cannot be the escaped one. */
            if (++i == text.len - 1 || (text.ptr[i] != '"' && text.ptr[i] != '\\'))
                return false;
            c = text.ptr[i];
        } else if (c < 0x21 || c > 0x7E || c == '"') {
            return false;
        }
        if (len == IDEMPOTENCY_KEY_BYTES_MAX)
            return false;
        memory[len++] = c;
    }
    if (len == 0)
        return false;
    *ret_key = (struct fc_str){memory, len};
    return true;
}

/* `len` digits of lower-case hex, not all of them 0. */
static bool is_hex_id(const char *text, size_t len)
{
    bool zero = true;

    for (size_t i = 0; i < len; i++) {
        if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f')))
            return false;
        zero = zero && text[i] == '0';
    }
    return !zero;
}

bool header_traceparent_is_valid(struct fc_str text)
{
    if (text.len != TRACEPARENT_BYTES || !fc_str_starts_with(text, FC_STR("00-")))
        return false;
    if (text.ptr[35] != '-' || text.ptr[52] != '-')
        return false;
    /* The flags may be zero: a 1 before them makes the check of an id do for them. */
    char flags[3] = {'1', text.ptr[53], text.ptr[54]};

    return is_hex_id(text.ptr + 3, 32) && is_hex_id(text.ptr + 36, 16) &&
           is_hex_id(flags, sizeof(flags));
}

bool header_is_json(struct fc_str content_type)
{
    struct fc_str type = header_trim(cut_unquoted(&content_type, ';'));

    if (!header_eq(type, FC_STR("application/json")))
        return false;
    while (content_type.len > 0) {
        struct fc_str value = header_trim(cut_unquoted(&content_type, ';'));

        if (value.len == 0)
            continue;
        struct fc_str name = header_trim(cut_unquoted(&value, '='));

        if (!header_eq(name, FC_STR("charset")) ||
            !header_eq(unquote(header_trim(value)), FC_STR("utf-8")))
            return false;
    }
    return true;
}
