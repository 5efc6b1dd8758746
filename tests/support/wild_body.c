#include "support/wild.h"

#include "base/assert.h"

#include <string.h>

#define SPOILED_BYTES (64 * 1024)

struct body {
    const char *method;
    const char *path;
    /* U: a user, P: a product, O: an option, T: a template, N: a number, I: an id that was given
     * out, Q: a quantity */
    const char *text;
};

static const struct body bodies[] = {
    {"POST", "/v1/users", "{\"user_id\":U}"},
    {"POST", "/v1/users/{user_id}/charges", "{\"amount\":N}"},
    {"POST", "/v1/users/{user_id}/charges", "{\"user_id\":U,\"amount\":1000}"},
    {"POST", "/v1/coupon-templates",
     "{\"template_id\":T,\"name\":\"t\",\"discount\":{\"type\":\"amount\",\"value\":500},"
     "\"quantity\":Q,"
     "\"issue_from\":\"2020-01-01T00:00:00Z\",\"issue_until\":\"2090-01-01T00:00:00+09:00\","
     "\"valid_days\":Q,\"min_total\":N}"},
    {"POST", "/v1/coupon-templates",
     "{\"name\":\"\\u0074\",\"discount\":{\"type\":\"rate\",\"value\":1000},\"quantity\":null,"
     "\"issue_from\":\"2020-01-01T00:00:00Z\",\"issue_until\":\"2090-01-01T00:00:00Z\"}"},
    {"POST", "/v1/coupon-templates/{template_id}/issues", "{\"user_id\":U}"},
    {"POST", "/v1/coupons/{coupon_id}/revoke", "{}"},
    {"POST", "/v1/orders", "{\"user_id\":U,\"lines\":[{\"product_id\":P,\"quantity\":Q}]}"},
    {"POST", "/v1/orders",
     "{\"user_id\":U,\"lines\":[{\"option_id\":O,\"quantity\":1},{\"option_id\":O,\"quantity\":Q}],"
     "\"coupon_id\":\"I\",\"payment\":{\"method\":\"bank_transfer\",\"from_balance\":0},"
     "\"ordered_at\":\"2026-01-01T00:00:00.000001Z\"}"},
    {"PATCH", "/v1/orders/{order_id}", "{\"lines\":[{\"option_id\":O,\"quantity\":Q}]}"},
    {"POST", "/v1/orders/{order_id}/cancel", "{\"reason\":\"\\ud83d\\ude00 too late\"}"},
    {"POST", "/v1/orders/{order_id}/shipments", "{\"lines\":[{\"option_id\":O,\"quantity\":Q}]}"},
    {"POST", "/v1/products",
     "{\"product_id\":P,\"name\":\"p N\",\"price\":N,\"category\":\"c\",\"status\":\"on_sale\","
     "\"first_come\":false,\"options\":[{\"option_id\":O,\"name\":\"o\",\"surcharge\":0,\"stock\":"
     "N}]}"},
    {"PUT", "/v1/products/{product_id}",
     "{\"name\":\"p "
     "N\",\"price\":1000,\"first_come\":true,\"options\":[{\"name\":\"a\",\"surcharge\":-5,"
     "\"stock\":N},{\"name\":\"b\",\"surcharge\":N,\"stock\":7}]}"},
    {"POST", "/v1/options/{option_id}/restock", "{\"quantity\":N}"},
};

/* Where a number can stand: borders of what is meant, of JavaScript's and of C's numbers. */
static const char *const numbers[] = {
    "0",
    "1",
    "-1",
    "1000",
    "10000",
    "1000000",
    "1000000000",
    "1000000001",
    "9007199254740991",
    "9007199254740992",
    "-9007199254740991",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    "1e3",
    "1.0",
    "1E400",
    "-0",
    "100000000000000000000000000000000000000000",
};

/* What can stand for a value. */
static const char *const values[] = {
    "null",
    "true",
    "[]",
    "{}",
    "\"\"",
    "\"a\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\uD83D\\uDE00\"",
    "\"\xff\xfe\"",
    "\"\xc0\x80\"",
    "\"\xed\xa0\x80\"",
    "\"\xf4\x90\x80\x80\"",
    "\"\xf0\x9f\x98\x80\"",
    "\"\n\"",
    "\"'; drop table journal; --\"",
    "\"\\\"}\"",
    "\"2026-02-30T00:00:00Z\"",
    "\"9999-12-31T23:59:59.999999Z\"",
    "\"0001-01-01T00:00:00+14:00\"",
    "\"0198f3a2-7c11-8abc-9def-0123456789ab\"",
    "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
    "{\"a\":{\"a\":{\"a\":1,\"a\":2}}}",
    "NaN",
    "01",
    "/**/1",
    "'a'",
};

static void put_symbol(struct fc_buf *buf, char symbol, uint64_t *seed)
{
    switch (symbol) {
    case 'U':
    case 'P':
    case 'O':
    case 'T':
        fc_buf_put_i64(buf, 1 + (int64_t)wild_draw(seed, 6));
        return;
    case 'Q':
        fc_buf_put_i64(buf, 1 + (int64_t)wild_draw(seed, 3));
        return;
    case 'N':
        fc_buf_put_i64(buf, 1000 * (int64_t)wild_draw(seed, 50));
        return;
    case 'I':
        wild_uuid_put(buf, seed);
        return;
    default:
        fc_buf_put_char(buf, symbol);
        return;
    }
}

void wild_body_put(struct fc_buf *buf, const struct wild_operation *operation, uint64_t *seed)
{
    const char *fitting[4];
    size_t count = 0;

    for (size_t i = 0; i < FC_ARRAY_COUNT(bodies); i++)
        if (strcmp(bodies[i].path, operation->path) == 0 &&
            strcmp(bodies[i].method, operation->method) == 0)
            fitting[count++] = bodies[i].text;
    if (count == 0)
        return;
    for (const char *at = fitting[wild_draw(seed, count)]; *at != '\0'; at++)
        put_symbol(buf, *at, seed);
}

/* Puts `text` in place of `size` bytes at `at`. */
static void replace(struct fc_buf *buf, size_t at, size_t size, struct fc_str text)
{
    size_t behind = buf->len - at - size;

    if (buf->len - size + text.len > buf->size)
        return;
    memmove(buf->ptr + at + text.len, buf->ptr + at + size, behind);
    if (text.len > 0)
        memcpy(buf->ptr + at, text.ptr, text.len);
    buf->len += text.len - size;
}

/* The value that begins at or behind a place by chance: behind a colon, or what is there. */
static size_t value_at(const struct fc_buf *buf, uint64_t *seed, size_t *ret_size)
{
    size_t at = wild_draw(seed, buf->len);
    size_t end;

    while (at < buf->len && buf->ptr[at] != ':')
        at++;
    at = at < buf->len ? at + 1 : 0;
    end = at;
    while (end < buf->len && strchr(",}]", buf->ptr[end]) == NULL)
        end++;
    *ret_size = end - at;
    return at;
}

static void nest(struct fc_buf *buf, uint64_t *seed)
{
    size_t depth = 1 + wild_draw(seed, 3) * 2000;
    struct fc_str opening = wild_draw(seed, 2) == 0 ? FC_STR("[") : FC_STR("{\"a\":");

    for (size_t i = 0; i < depth; i++)
        replace(buf, 0, 0, opening);
}

/* A text or a name of some length. */
static void lengthen(struct fc_buf *buf, uint64_t *seed)
{
    static const struct fc_str parts[] = {FC_STR_INIT("a"), FC_STR_INIT("\xed\x95\x9c"),
                                          FC_STR_INIT("\\u00e9"), FC_STR_INIT("\xf0\x9f\x98\x80")};
    struct fc_str part = parts[wild_draw(seed, FC_ARRAY_COUNT(parts))];
    size_t at = wild_draw(seed, buf->len);
    size_t count = 1 + wild_draw(seed, 4) * 250;

    while (at < buf->len && buf->ptr[at] != '"')
        at++;
    for (size_t i = 0; i < count && at < buf->len; i++)
        replace(buf, at + 1, 0, part);
}

void wild_body_spoil(struct fc_buf *buf, uint64_t *seed)
{
    size_t size;
    size_t at;
    char c;

    if (buf->len == 0) {
        fc_buf_put_text(buf, values[wild_draw(seed, FC_ARRAY_COUNT(values))]);
        return;
    }
    at = value_at(buf, seed, &size);
    switch (wild_draw(seed, 10)) {
    case 0:
    case 1:
        replace(buf, at, size, fc_str_of(numbers[wild_draw(seed, FC_ARRAY_COUNT(numbers))]));
        return;
    case 2:
    case 3:
        replace(buf, at, size, fc_str_of(values[wild_draw(seed, FC_ARRAY_COUNT(values))]));
        return;
    case 4: /* a member twice, or one that nobody knows */
        replace(buf, 1, 0, wild_draw(seed, 2) == 0 ? FC_STR("\"user_id\":1,") : FC_STR("\"x\":1,"));
        return;
    case 5: /* cut */
        buf->len = wild_draw(seed, buf->len);
        return;
    case 6: /* any byte */
        c = (char)(unsigned char)wild_draw(seed, 256);
        replace(buf, wild_draw(seed, buf->len), wild_draw(seed, 2), (struct fc_str){&c, 1});
        return;
    case 7:
        nest(buf, seed);
        return;
    case 8:
        lengthen(buf, seed);
        return;
    default: /* something behind it, or before it */
        replace(buf, wild_draw(seed, 2) == 0 ? 0 : buf->len, 0,
                fc_str_of(values[wild_draw(seed, FC_ARRAY_COUNT(values))]));
        return;
    }
}
