/* A path of a read, its parameters, "a=1&b=2", and the bytes of a cursor: what the database is
 * asked. */
#include "support/fuzz.h"

#include "producer/read_parts.h"

#include <string.h>

static void args_cut(struct request *request, struct fc_str text)
{
    while (text.len > 0) {
        struct fc_str value = fc_str_cut(&text, '&');
        struct fc_str name = fc_str_cut(&value, '=');

        if (request->arg_count++ < REQUEST_ARGS_MAX)
            request->args[request->arg_count - 1] = (struct request_arg){name, value};
    }
}

/* What a text of PostgreSQL cannot hold is a fault of the request, not of the database. */
static void check_params(const struct db_params *params, size_t arg_bytes)
{
    FC_ASSERT(!params->overflow);
    for (int32_t i = 0; i < params->count; i++)
        FC_ASSERT(params->items[i].len <= 2 * arg_bytes + 64);
}

/* Asks; false when there was a fault. */
static bool ask(struct request *request, size_t arg_bytes)
{
    static struct query query;
    struct fc_arena *arena = fuzz_arena();
    struct wire_faults faults;
    struct db_params params;

    wire_faults_init(&faults, arena);
    query_init(&query, request, arena, &faults);
    db_params_init(&params, arena);
    request->page_scope = 0;
    FC_ASSERT(read_of(request)->ask(request, &query, &params) != NULL);
    if (!query_end(&query))
        return false;
    FC_ASSERT(faults.count == 0);
    FC_ASSERT(request->page_limit >= 0 && request->page_limit <= PAGE_ITEMS_MAX);
    FC_ASSERT(request->arg_count <= REQUEST_ARGS_MAX);
    check_params(&params, arg_bytes);
    return true;
}

/* Once more with a cursor that the client has made of those bytes. */
static void ask_forged(struct request *request, struct fc_str bytes)
{
    char text[CURSOR_TEXT_MAX];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));
    struct cursor cursor = {.number = 0};
    int64_t numbers[2];

    if (bytes.len < sizeof(numbers) || bytes.len - sizeof(numbers) > NAME_BYTES_MAX ||
        request->arg_count >= REQUEST_ARGS_MAX)
        return;
    memcpy(numbers, bytes.ptr, sizeof(numbers));
    cursor.number = numbers[0];
    cursor.id = numbers[1];
    cursor.text_len = bytes.len - sizeof(numbers);
    memcpy(cursor.text, bytes.ptr + sizeof(numbers), cursor.text_len);
    cursor_put(&buf, &cursor, request->page_scope);
    request->args[request->arg_count++] = (struct request_arg){FC_STR("cursor"), fc_buf_str(&buf)};
    (void)ask(request, CURSOR_TEXT_MAX + 256);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct request request;
    struct fc_str text = fuzz_text(data, size);
    struct fc_str path = fuzz_word(&text);
    struct fc_str args = fuzz_word(&text);
    struct route_match match;

    memset(&request, 0, sizeof(request));
    if (route_find(REQUEST_GET, path, &match) != ROUTE_FOUND ||
        match.route->kind != ROUTE_IS_READ || match.bad_id)
        return 0;
    request.path = path;
    request.route = match.route;
    request.path_id = match.id;
    request.path_uuid = match.uuid;
    args_cut(&request, args);
    if (ask(&request, args.len))
        ask_forged(&request, text);
    return 0;
}
