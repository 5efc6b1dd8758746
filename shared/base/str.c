#include "base/str.h"

#include "base/assert.h"
#include "base/word.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct fc_str fc_str_of(const char *text)
{
    return (struct fc_str){text, text != NULL ? strlen(text) : 0};
}

bool fc_str_eq(struct fc_str a, struct fc_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

int fc_str_cmp(struct fc_str a, struct fc_str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common == 0 ? 0 : memcmp(a.ptr, b.ptr, common);

    if (order != 0 || a.len == b.len)
        return order;
    return a.len < b.len ? -1 : 1;
}

bool fc_str_starts_with(struct fc_str text, struct fc_str prefix)
{
    return text.len >= prefix.len && fc_str_eq((struct fc_str){text.ptr, prefix.len}, prefix);
}

struct fc_str fc_str_cut(struct fc_str *text, char separator)
{
    const char *found = text->len == 0 ? NULL : memchr(text->ptr, separator, text->len);
    struct fc_str before = *text;

    if (found == NULL) {
        if (text->len > 0)
            text->ptr += text->len;
        text->len = 0;
        return before;
    }
    before.len = (size_t)(found - text->ptr);
    text->ptr = found + 1;
    text->len -= before.len + 1;
    return before;
}

bool fc_str_to_i64(struct fc_str text, int64_t min, int64_t max, int64_t *ret_value)
{
    bool negative = text.len > 0 && text.ptr[0] == '-';
    size_t at = negative ? 1 : 0;
    int64_t value = 0;

    if (at == text.len)
        return false;
    for (; at < text.len; at++) {
        int64_t digit = text.ptr[at] - '0';

        if (digit < 0 || digit > 9)
            return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    /* Summed up below zero, where one more value fits. */
    if (!negative && __builtin_sub_overflow(0, value, &value))
        return false;
    if (value < min || value > max)
        return false;
    *ret_value = value;
    return true;
}

bool fc_str_copy(struct fc_str text, char *ret_text, size_t size)
{
    FC_ASSERT(size > 0);
    size_t len = text.len < size ? text.len : size - 1;

    if (len > 0)
        memcpy(ret_text, text.ptr, len);
    ret_text[len] = '\0';
    return len == text.len;
}

/* Bytes of the sequence that starts with `lead`, 0 for none; the second byte's bounds with it. */
static size_t utf8_sequence(unsigned char lead, unsigned char *ret_low, unsigned char *ret_high)
{
    *ret_low = 0x80;
    *ret_high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (lead == 0xE0)
            *ret_low = 0xA0;
        if (lead == 0xED)
            *ret_high = 0x9F;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (lead == 0xF0)
            *ret_low = 0x90;
        if (lead == 0xF4)
            *ret_high = 0x8F;
        return 4;
    }
    return 0;
}

/* Past the ASCII characters that come first, but for the last few of a text. */
static size_t pass_ascii(struct fc_str text, size_t at)
{
    while (text.len - at >= FC_WORD_BYTES) {
        uint64_t word = fc_word_load(text.ptr + at);

        if ((fc_word_high(word) | fc_word_below(word, 1)) != 0)
            break;
        at += FC_WORD_BYTES;
    }
    return at;
}

bool fc_str_is_utf8(struct fc_str text)
{
    size_t at = 0;

    while ((at = pass_ascii(text, at)) < text.len) {
        unsigned char lead = (unsigned char)text.ptr[at];
        unsigned char low;
        unsigned char high;

        if (lead == 0)
            return false;
        if (lead < 0x80) {
            at++;
            continue;
        }
        size_t count = utf8_sequence(lead, &low, &high);

        if (count == 0 || text.len - at < count)
            return false;
        for (size_t i = 1; i < count; i++) {
            unsigned char next = (unsigned char)text.ptr[at + i];

            if (next < low || next > high)
                return false;
            low = 0x80;
            high = 0xBF;
        }
        at += count;
    }
    return true;
}

struct fc_buf fc_buf_of(char *memory, size_t size)
{
    FC_ASSERT(memory != NULL || size == 0);
    return (struct fc_buf){memory, 0, size, false};
}

static char *take(struct fc_buf *buf, size_t len)
{
    if (buf->overflow || len > buf->size - buf->len) {
        buf->overflow = true;
        return NULL;
    }
    buf->len += len;
    return buf->ptr + buf->len - len;
}

char *fc_buf_take(struct fc_buf *buf, size_t len)
{
    FC_ASSERT(len > 0);
    return take(buf, len);
}

void fc_buf_put(struct fc_buf *buf, struct fc_str text)
{
    if (text.len == 0)
        return;
    char *at = take(buf, text.len);

    if (at != NULL)
        memcpy(at, text.ptr, text.len);
}

void fc_buf_put_text(struct fc_buf *buf, const char *text)
{
    fc_buf_put(buf, fc_str_of(text));
}

void fc_buf_put_char(struct fc_buf *buf, char c)
{
    char *at = take(buf, 1);

    if (at != NULL)
        *at = c;
}

/* Of what an int64_t holds without its sign: less than 10^19, which still fits. */
static size_t digit_count(uint64_t value)
{
    size_t count = 1;

    for (uint64_t first_longer = 10; value >= first_longer; first_longer *= 10)
        count++;
    return count;
}

void fc_buf_put_i64(struct fc_buf *buf, int64_t value)
{
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    size_t len = (value < 0 ? 1 : 0) + digit_count(left);
    char *first = take(buf, len);

    if (first == NULL)
        return;
    char *at = first + len;

    *first = '-';
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
}

void fc_buf_put_fmt(struct fc_buf *buf, const char *format, ...)
{
    va_list args;

    if (buf->overflow || buf->len == buf->size) {
        buf->overflow = true;
        return;
    }
    va_start(args, format);
    /* vsnprintf wants room for a NUL that is not counted in len. */
    int len = vsnprintf(buf->ptr + buf->len, buf->size - buf->len, format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= buf->size - buf->len) {
        buf->overflow = true;
        return;
    }
    buf->len += (size_t)len;
}

struct fc_str fc_buf_str(const struct fc_buf *buf)
{
    return (struct fc_str){buf->ptr, buf->len};
}
