#include "producer/query.h"

static int32_t hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Undoes %XX; false for a broken escape or what is no UTF-8. */
static bool decode(struct fc_arena *arena, struct fc_str text, struct fc_str *ret_text)
{
    char *memory = fc_arena_take(arena, 1, text.len + 1);
    size_t len = 0;

    if (memory == NULL)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == '%') {
            int32_t high = i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
            int32_t low = i + 2 < text.len ? hex_digit(text.ptr[i + 2]) : -1;

            if (high < 0 || low < 0)
                return false;
            c = (char)(unsigned char)(high * 16 + low);
            i += 2;
        }
        memory[len++] = c;
    }
    *ret_text = (struct fc_str){memory, len};
    return fc_str_is_utf8(*ret_text);
}

void query_fault(struct query *query, const char *name, const char *why)
{
    wire_fault_add(query->faults, FC_STR(""), "parameter %s: %s", name, why);
}

void query_init(struct query *query, const struct request *request, struct fc_arena *arena,
                struct wire_faults *faults)
{
    *query = (struct query){.arena = arena, .faults = faults};
    if (request->arg_count > REQUEST_ARGS_MAX)
        wire_fault_add(faults, FC_STR(""), "more than %d parameters", REQUEST_ARGS_MAX);
    for (int32_t i = 0; i < request->arg_count && i < REQUEST_ARGS_MAX; i++) {
        struct request_arg *arg = &query->args[query->count];

        if (decode(arena, request->args[i].name, &arg->name) &&
            decode(arena, request->args[i].value, &arg->value))
            query->count++;
        else
            wire_fault_add(faults, FC_STR(""), "parameter %d: not percent-encoded UTF-8", i + 1);
    }
}

/* The one argument of that name; a second one is a fault. */
static bool find(struct query *query, const char *name, struct fc_str *ret_value)
{
    bool found = false;

    for (int32_t i = 0; i < query->count; i++) {
        if (!fc_str_eq(query->args[i].name, fc_str_of(name)))
            continue;
        if (found)
            query_fault(query, name, "given twice");
        query->asked[i] = true;
        *ret_value = query->args[i].value;
        found = true;
    }
    return found;
}

bool query_text(struct query *query, const char *name, size_t bytes_max, struct fc_str *ret_text)
{
    struct fc_str value;

    if (!find(query, name, &value))
        return false;
    if (value.len == 0 || value.len > bytes_max) {
        wire_fault_add(query->faults, FC_STR(""), "parameter %s: must be of 1 to %zu bytes", name,
                       bytes_max);
        return false;
    }
    *ret_text = value;
    return true;
}

bool query_i64(struct query *query, const char *name, int64_t min, int64_t max, int64_t *ret_value)
{
    struct fc_str value;

    if (!find(query, name, &value))
        return false;
    if (!fc_str_to_i64(value, min, max, ret_value)) {
        wire_fault_add(query->faults, FC_STR(""),
                       "parameter %s: must be an integer from %lld to %lld", name, (long long)min,
                       (long long)max);
        return false;
    }
    return true;
}

bool query_day(struct query *query, const char *name, struct fc_day *ret_day)
{
    struct fc_str value;

    if (!find(query, name, &value))
        return false;
    if (!fc_day_parse(value, ret_day)) {
        query_fault(query, name, "must be a day such as 2026-01-31");
        return false;
    }
    return true;
}

bool query_choice(struct query *query, const char *name, const char *const *words, int32_t count,
                  int32_t *ret_choice)
{
    char list[128];
    struct fc_buf buf = fc_buf_of(list, sizeof(list) - 1);
    struct fc_str value;

    if (!find(query, name, &value))
        return false;
    for (int32_t i = 0; i < count; i++) {
        if (fc_str_eq(value, fc_str_of(words[i]))) {
            *ret_choice = i;
            return true;
        }
        fc_buf_put_text(&buf, i == 0 ? "must be one of " : ", ");
        fc_buf_put_text(&buf, words[i]);
    }
    list[buf.len] = '\0';
    query_fault(query, name, list);
    return false;
}

bool query_end(struct query *query)
{
    for (int32_t i = 0; i < query->count; i++)
        if (!query->asked[i])
            wire_fault_add(query->faults, FC_STR(""), "parameter " FC_STR_FMT ": there is none",
                           FC_STR_ARG(query->args[i].name));
    return query->faults->count == 0;
}
