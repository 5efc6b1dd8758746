#include "support/read_rig.h"

#include "support/expect.h"
#include "support/testdb.h"

#include <string.h>

static struct fc_str faults_text(const struct wire_faults *faults)
{
    static char text[4096];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    for (int32_t i = 0; i < faults->count && i < WIRE_FAULTS_MAX; i++)
        fc_buf_put_fmt(&buf, "%s" FC_STR_FMT, i > 0 ? "\n" : "",
                       FC_STR_ARG(faults->items[i].detail));
    return fc_buf_str(&buf);
}

/* "a=b&c=d" as a request's arguments. */
static void put_args(struct request *request, const char *query)
{
    struct fc_str rest = fc_str_of(query);

    while (rest.len > 0) {
        struct fc_str value = fc_str_cut(&rest, '&');
        struct fc_str name = fc_str_cut(&value, '=');

        assert_in_range(request->arg_count, 0, REQUEST_ARGS_MAX - 1);
        request->args[request->arg_count++] = (struct request_arg){name, value};
    }
}

struct fc_str read_rig_ask(struct db *db, const struct read_rig *read, const char *at,
                           const char *text)
{
    static char body[256 * 1024];
    struct fc_buf buf = fc_buf_of(body, sizeof(body));
    struct fc_arena *arena = testdb_arena();
    struct request request = {0};
    struct wire_faults faults;
    struct db_params params;
    struct wire_json json;
    struct query query;
    struct fc_err err;

    assert_true(fc_instant_parse(fc_str_of(at), &request.at));
    put_args(&request, text);
    wire_faults_init(&faults, arena);
    query_init(&query, &request, arena, &faults);
    db_params_init(&params, arena);
    const struct sql_query *statement = read->ask(&request, &query, &params);

    if (!query_end(&query))
        return faults_text(&faults);
    db_send(db, statement, &params);
    if (db_exchange(db, &err) == FC_FAIL)
        fail_msg("%s: %s (%s)", err.where, err.text, err.code);
    wire_json_init(&json, &buf);
    assert_int_equal(read->write(&request, db_rows(db, 0), &json), READ_FOUND);
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

int32_t read_rig_count(struct fc_str text, const char *word)
{
    int32_t count = 0;

    for (size_t i = 0; i + strlen(word) <= text.len; i++)
        count += memcmp(text.ptr + i, word, strlen(word)) == 0;
    return count;
}
