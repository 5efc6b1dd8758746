#include "support/reads.h"

#include "support/expect.h"
#include "support/testdb.h"

#include <json-c/json.h>
#include <string.h>

#define ANSWER_BYTES (4 * 1024 * 1024)

static void read_args(struct request *request, struct fc_str query)
{
    while (query.len > 0) {
        struct fc_str value = fc_str_cut(&query, '&');
        struct fc_str name = fc_str_cut(&value, '=');

        assert_in_range(request->arg_count, 0, REQUEST_ARGS_MAX - 1);
        request->args[request->arg_count++] = (struct request_arg){name, value};
    }
}

void reads_ask(const char *target, int64_t user_id, struct reads_asked *ret_asked)
{
    struct request *request = &ret_asked->request;
    struct fc_arena *arena = testdb_arena();
    struct fc_str rest = fc_str_of(target);
    struct route_match match;
    struct query query;

    *ret_asked = (struct reads_asked){.statement = NULL};
    request->path = fc_str_cut(&rest, '?');
    read_args(request, rest);
    assert_int_equal(route_find(REQUEST_GET, request->path, &match), ROUTE_FOUND);
    assert_false(match.bad_id);
    request->route = match.route;
    request->path_id = match.id;
    request->path_uuid = match.uuid;
    request->user_id = user_id;
    request->admin = user_id == READS_ADMIN;
    wire_faults_init(&ret_asked->faults, arena);
    query_init(&query, request, arena, &ret_asked->faults);
    db_params_init(&ret_asked->params, arena);
    ret_asked->statement = read_of(request)->ask(request, &query, &ret_asked->params);
    ret_asked->good = query_end(&query);
}

struct json_object *reads_answer(struct db *db, const char *target, int64_t user_id,
                                 enum read_found *ret_found)
{
    static char memory[ANSWER_BYTES];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory) - 1);
    struct reads_asked asked;
    struct wire_json json;
    struct fc_err err;

    reads_ask(target, user_id, &asked);
    if (!asked.good)
        fail_msg("%s: " FC_STR_FMT, target, FC_STR_ARG(asked.faults.items[0].detail));
    db_send(db, asked.statement, &asked.params);
    if (db_exchange(db, &err) != FC_OK)
        fail_msg("%s: %s", target, err.text);
    wire_json_init(&json, &buf);
    *ret_found = read_of(&asked.request)->write(&asked.request, db_rows(db, 0), &json);
    if (*ret_found != READ_FOUND)
        return NULL;
    assert_false(buf.overflow);
    memory[buf.len] = '\0';
    struct json_object *answer = json_tokener_parse(memory);

    if (answer == NULL)
        fail_msg("%s: no JSON: %s", target, memory);
    return answer;
}

struct json_object *reads_get(struct db *db, const char *target, int64_t user_id)
{
    enum read_found found;
    struct json_object *answer = reads_answer(db, target, user_id, &found);

    if (found != READ_FOUND)
        fail_msg("%s: not found (%d)", target, (int)found);
    return answer;
}

enum read_found reads_found(struct db *db, const char *target, int64_t user_id)
{
    enum read_found found;

    json_object_put(reads_answer(db, target, user_id, &found));
    return found;
}

/* False when it is not there; json-c has NULL for JSON's null. */
static bool step(struct json_object *at, struct fc_str name, struct json_object **ret_next)
{
    char text[64];
    int64_t index;

    assert_true(fc_str_copy(name, text, sizeof(text)));
    if (json_object_is_type(at, json_type_object))
        return json_object_object_get_ex(at, text, ret_next);
    if (!json_object_is_type(at, json_type_array) || !fc_str_to_i64(name, 0, 1000, &index) ||
        (size_t)index >= json_object_array_length(at))
        return false;
    *ret_next = json_object_array_get_idx(at, (size_t)index);
    return true;
}

const char *reads_text(struct json_object *answer, const char *pointer)
{
    struct json_object *at = answer;
    struct fc_str rest = fc_str_of(pointer + 1);

    while (rest.len > 0)
        if (!step(at, fc_str_cut(&rest, '/'), &at))
            return "";
    return at == NULL ? "null" : json_object_to_json_string_ext(at, JSON_C_TO_STRING_PLAIN);
}

void reads_check(struct db *db, const char *target, int64_t user_id,
                 const struct reads_expected *rows, int32_t count)
{
    struct json_object *answer = reads_get(db, target, user_id);

    for (int32_t i = 0; i < count; i++)
        if (strcmp(reads_text(answer, rows[i].pointer), rows[i].json) != 0)
            fail_msg("%s: %s is %s, not %s", target, rows[i].pointer,
                     reads_text(answer, rows[i].pointer), rows[i].json);
    json_object_put(answer);
}
