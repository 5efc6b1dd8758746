#include "support/wild.h"

#include "base/assert.h"
#include "producer/read_parts.h"

#include <string.h>

#define TEXT_BYTES (160 * 1024)
#define BODY_BYTES (64 * 1024)
#define QUERY_BYTES 2048
#define KNOWN_MAX 64
#define ARGS_MAX 4

uint64_t wild_draw(uint64_t *seed, uint64_t below)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (*seed >> 33) % below;
}

#define PICK(list, seed) ((list)[wild_draw((seed), FC_ARRAY_COUNT(list))])

/* --- ids that answers gave -------------------------------------------------------------------- */

static char known[KNOWN_MAX][FC_UUID_TEXT_BYTES + 1];
static int32_t known_count;

void wild_learn(struct fc_str body)
{
    struct fc_str names[] = {FC_STR("\"command_id\":\""), FC_STR("\"coupon_id\":\""),
                             FC_STR("\"order_id\":\"")};
    struct fc_uuid id;

    for (; body.len > 16 + FC_UUID_TEXT_BYTES; body.ptr++, body.len--) {
        for (size_t i = 0; i < FC_ARRAY_COUNT(names); i++) {
            struct fc_str text = {body.ptr + names[i].len, FC_UUID_TEXT_BYTES};

            if (fc_str_starts_with(body, names[i]) && fc_uuid_parse(text, &id))
                (void)fc_str_copy(text, known[known_count++ % KNOWN_MAX], sizeof(known[0]));
        }
    }
}

void wild_uuid_put(struct fc_buf *buf, uint64_t *seed)
{
    int32_t count = known_count < KNOWN_MAX ? known_count : KNOWN_MAX;

    if (count == 0 || wild_draw(seed, 10) == 0)
        fc_buf_put_text(buf, "0198f3a2-7c11-8abc-9def-0123456789ab");
    else
        fc_buf_put_text(buf, known[wild_draw(seed, (uint64_t)count)]);
}

/* --- path and parameters ---------------------------------------------------------------------- */

static void path_put(struct fc_buf *buf, const struct wild_operation *operation, uint64_t *seed)
{
    struct fc_str rest = fc_str_of(operation->path);

    while (rest.len > 0) {
        struct fc_str name;

        fc_buf_put(buf, fc_str_cut(&rest, '{'));
        if (rest.len == 0)
            return;
        name = fc_str_cut(&rest, '}');
        if (fc_str_eq(name, FC_STR("order_id")) || fc_str_eq(name, FC_STR("coupon_id")) ||
            fc_str_eq(name, FC_STR("command_id")))
            wild_uuid_put(buf, seed);
        else
            fc_buf_put_i64(buf, 1 + (int64_t)wild_draw(seed, 6));
    }
}

/* One segment becomes something else. */
static void path_spoil(struct fc_buf *buf, uint64_t *seed)
{
    static const char *const segments[] = {
        "0",
        "-1",
        "01",
        "9007199254740992",
        "9223372036854775808",
        "%31",
        "%00",
        "%2e%2e",
        "..",
        "a",
        "",
        "*",
        "1;a=b",
        "0198f3a2-7c11-8abc-9def-0123456789aG",
        "top",
        "\xed\x95\x9c",
    };
    char copy[256];
    size_t at = buf->len;

    while (at > 1 && buf->ptr[at - 1] != '/')
        at--;
    (void)fc_str_copy((struct fc_str){buf->ptr, at}, copy, sizeof(copy));
    buf->len = 0;
    fc_buf_put_text(buf, copy);
    fc_buf_put_text(buf, PICK(segments, seed));
    if (wild_draw(seed, 8) == 0)
        for (int32_t i = 0; i < 200; i++)
            fc_buf_put_text(buf, "/aaaaaaaa");
}

/* As the server ties a cursor to its list, which anybody can compute. */
static void cursor_forge(struct fc_buf *query, struct fc_str path, uint64_t *seed)
{
    static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN, ID_MAX, 1769903999999999};
    static const char *const names[] = {"", "p", "\xff", "\xed\xa0\x80", "p\x01"};
    struct cursor cursor = {.number = PICK(numbers, seed), .id = PICK(numbers, seed)};
    struct fc_str rest = fc_buf_str(query);
    const char *name = PICK(names, seed);
    uint64_t scope = 0;

    cursor.text_len = strlen(name);
    memcpy(cursor.text, name, cursor.text_len);
    (void)fc_str_cut(&rest, '?');
    while (rest.len > 0) {
        struct fc_str value = fc_str_cut(&rest, '&');
        struct fc_str key = fc_str_cut(&value, '=');

        if (!fc_str_eq(key, FC_STR("limit")))
            scope += page_scope(page_scope(0, key), value);
    }
    fc_buf_put_text(query, query->len == 0 ? "?cursor=" : "&cursor=");
    cursor_put(query, &cursor, page_scope(scope, path));
}

static void query_put(struct fc_buf *query, struct fc_str path, uint64_t *seed)
{
    static const char *const args[] = {
        "limit=1",
        "limit=100",
        "limit=101",
        "limit=-1",
        "limit=1e1",
        "cursor=AAAA",
        "cursor=",
        "sort=name",
        "sort=price",
        "sort=-price",
        "sort=newest",
        "sort=",
        "q=p",
        "q=%25",
        "q=%00",
        "q=%ff",
        "q=%ED%95%9C",
        "q=+",
        "q=%5C",
        "category=c",
        "category=%F0%9F%98%80",
        "price_min=0",
        "price_max=9223372036854775807",
        "price_min=-1",
        "sold_out=exclude",
        "days=3",
        "days=366",
        "days=0",
        "from=2026-01-01",
        "to=2026-01-31",
        "from=0001-01-01",
        "to=9999-12-31",
        "from=2026-02-30",
        "by=revenue",
        "by=orders",
        "unit=day",
        "unit=week",
        "unit=month",
        "product_id=1",
        "option_id=1",
        "status=available",
        "status=used",
        "x=1",
        "=",
        "limit=1&limit=2",
        "a&b&c",
        "q='%3Bdrop%20table%20journal",
    };
    static const char *const sorts[] = {"?sort=name", "?sort=newest", "?sort=price", ""};
    size_t count = wild_draw(seed, ARGS_MAX);

    /* Nothing else is wrong with it: the database sees the position. */
    if (wild_draw(seed, 3) == 0) {
        fc_buf_put_text(query, PICK(sorts, seed));
        cursor_forge(query, path, seed);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        fc_buf_put_char(query, i == 0 ? '?' : '&');
        fc_buf_put_text(query, PICK(args, seed));
    }
    if (wild_draw(seed, 4) == 0)
        cursor_forge(query, path, seed);
}

/* --- headers ---------------------------------------------------------------------------------- */

static void header_put(struct fc_buf *buf, const char *name, const char *value)
{
    fc_buf_put_fmt(buf, "%s: %s\r\n", name, value);
}

static void identity_put(struct fc_buf *buf, uint64_t *seed)
{
    static const char *const users[] = {"0", "-1",  "01",   "9007199254740992",    "a",
                                        "",  "1,2", "\xff", "18446744073709551617"};
    static const char *const roles[] = {"root", "", "Admin", "user,admin"};
    uint64_t kind = wild_draw(seed, 20);

    if (kind == 0)
        return;
    fc_buf_put_fmt(buf, "X-User-Id: %d\r\n", (int)(1 + wild_draw(seed, 6)));
    if (kind == 1)
        header_put(buf, "X-User-Id", PICK(users, seed));
    if (kind == 2)
        header_put(buf, "X-Role", PICK(roles, seed));
    else
        header_put(buf, "X-Role", kind < 12 ? "admin" : "user");
}

static void others_put(struct fc_buf *buf, uint64_t *seed)
{
    static const char *const lines[] = {
        "Prefer: wait=1",
        "Prefer: wait=99999999999999999999",
        "Prefer: wait=-1, respond-async",
        "Prefer: wait=\"1\"; a=b",
        "Prefer: ,,,;;;",
        "Idempotency-Key: \"one\"",
        "Idempotency-Key: two",
        "Idempotency-Key: \"\\\"\"",
        "Idempotency-Key: \"a b\"",
        "Idempotency-Key: \"\xed\x95\x9c\"",
        "Idempotency-Key:",
        "If-None-Match: *",
        "If-None-Match: W/\"a\", \"b\"",
        "If-None-Match: \"",
        "Last-Event-ID: 1",
        "X-Request-Id: a b",
        "X-Request-Id: \x7f",
        "X-Request-Id: \xff",
        "Accept: text/html",
        "Accept-Encoding: gzip",
        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "traceparent: 00-00000000000000000000000000000000-0000000000000000-00",
        "traceparent: 00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
        "Range: bytes=0-1",
        "Expect: nothing",
        "Cookie: a=b",
        "Upgrade: websocket",
        "X-Gateway-Token: x",
    };
    size_t count = wild_draw(seed, 3);

    for (size_t i = 0; i < count; i++)
        fc_buf_put_fmt(buf, "%s\r\n", PICK(lines, seed));
}

static void type_put(struct fc_buf *buf, uint64_t *seed)
{
    static const char *const types[] = {"text/plain", "application/json; charset=latin1", "",
                                        "application/json;;charset=\"utf-8\"", "*/*"};

    if (wild_draw(seed, 15) == 0)
        header_put(buf, "Content-Type", PICK(types, seed));
    else
        header_put(buf, "Content-Type", "application/json");
    if (wild_draw(seed, 40) == 0)
        header_put(buf, "Content-Encoding", "gzip");
}

/* --- all of it -------------------------------------------------------------------------------- */

void wild_next(uint64_t *seed, struct wild_request *ret_request)
{
    static char text[TEXT_BYTES];
    static char body_text[BODY_BYTES];
    static char query_text[QUERY_BYTES];
    static char path_text[4096];
    static const char *const methods[] = {"PUT",  "DELETE", "OPTIONS", "PATCH",
                                          "POST", "GET",    "FOO"};
    struct fc_buf buf = fc_buf_of(text, sizeof(text));
    struct fc_buf body = fc_buf_of(body_text, sizeof(body_text));
    struct fc_buf query = fc_buf_of(query_text, sizeof(query_text));
    struct fc_buf path = fc_buf_of(path_text, sizeof(path_text));
    struct wild_request request = {
        .operation = wild_operation((int32_t)wild_draw(seed, (uint64_t)wild_operation_count()))};
    bool other_method = wild_draw(seed, 30) == 0;

    request.spoiled_path = wild_draw(seed, 15) == 0 || other_method;
    path_put(&path, request.operation, seed);
    if (request.spoiled_path && !other_method)
        path_spoil(&path, seed);
    if (strcmp(request.operation->method, "GET") == 0 || wild_draw(seed, 20) == 0)
        query_put(&query, fc_buf_str(&path), seed);
    wild_body_put(&body, request.operation, seed);
    for (uint64_t times = wild_draw(seed, 3); times > 0; times--)
        if (body.len > 0 || wild_draw(seed, 30) == 0)
            wild_body_spoil(&body, seed);
    fc_buf_put_fmt(&buf, "%s ", other_method ? PICK(methods, seed) : request.operation->method);
    fc_buf_put(&buf, fc_buf_str(&path));
    fc_buf_put(&buf, fc_buf_str(&query));
    fc_buf_put_text(&buf, " HTTP/1.1\r\nHost: a\r\n");
    identity_put(&buf, seed);
    others_put(&buf, seed);
    if (body.len > 0 || strcmp(request.operation->method, "GET") != 0) {
        type_put(&buf, seed);
        fc_buf_put_fmt(&buf, "Content-Length: %zu\r\n", body.len);
    }
    request.spoiled_head = memchr(buf.ptr, 0x7F, buf.len) != NULL;
    fc_buf_put_text(&buf, "\r\n");
    fc_buf_put(&buf, fc_buf_str(&body));
    FC_ASSERT(!buf.overflow && !query.overflow && !path.overflow);
    request.text = fc_buf_str(&buf);
    *ret_request = request;
}
