#include "support/caller_headers.h"

#include "base/assert.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define HEADER_BYTES 1200

FC_PRINTF(2, 3) static void add(struct curl_slist **headers, const char *format, ...)
{
    char line[HEADER_BYTES];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(line, sizeof(line), format, args);

    va_end(args);
    FC_ASSERT(len > 0 && (size_t)len < sizeof(line));
    *headers = curl_slist_append(*headers, line);
}

struct curl_slist *caller_headers_make(const struct call *call, const char *token)
{
    struct curl_slist *headers = NULL;

    add(&headers, "Expect:");
    if (call->body.len > 0)
        add(&headers, "Content-Type: application/json");
    if (token[0] != '\0')
        add(&headers, "X-Gateway-Token: %s", token);
    if (call->user_id != 0) {
        add(&headers, "X-User-Id: %lld", (long long)call->user_id);
        add(&headers, "X-Role: %s", call->admin ? "admin" : "user");
    }
    if (call->idempotency_key[0] != '\0')
        add(&headers, "Idempotency-Key: \"%s\"", call->idempotency_key);
    if (call->wait_s > 0)
        add(&headers, "Prefer: wait=%d", (int)call->wait_s);
    return headers;
}

bool caller_header_is(struct fc_str line, const char *name, struct fc_str *ret_value)
{
    size_t len = strlen(name);

    if (line.len <= len || line.ptr[len] != ':' || !curl_strnequal(line.ptr, name, len))
        return false;
    line = (struct fc_str){line.ptr + len + 1, line.len - len - 1};
    while (line.len > 0 && line.ptr[0] == ' ')
        line = (struct fc_str){line.ptr + 1, line.len - 1};
    *ret_value = fc_str_cut(&line, '\r');
    return true;
}
