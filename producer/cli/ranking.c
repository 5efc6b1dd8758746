#include "producer/cli/ranking.h"

#include "producer/cli/ask.h"
#include "producer/cli/jsonl.h"

static void row_read(struct cli_record *record, struct json_object *item, struct fc_arena *arena,
                     struct ranking_row *row)
{
    row->product_id = cli_record_int(record, item, "product_id", 1, ID_MAX);
    row->name = cli_record_text(record, item, "name", arena, false);
    row->quantity = cli_record_int(record, item, "quantity", 0, INT64_MAX);
    row->orders = cli_record_int(record, item, "orders", 0, INT64_MAX);
    row->revenue = cli_record_int(record, item, "revenue", 0, INT64_MAX);
}

enum fc_rc ranking_fetch(struct cli_client *client, const char *query, struct fc_arena *arena,
                         struct ranking *ret_ranking, struct fc_err *ret_err)
{
    char memory[CLI_PATH_BYTES_MAX];
    struct fc_buf path = fc_buf_of(memory, sizeof(memory) - 1);
    struct fc_buf body;
    struct cli_record record;
    struct json_object *list = NULL;
    struct fc_str text;

    fc_buf_put_fmt(&path, "/v1/products/top?%s", query);
    if (path.overflow)
        return fc_err_set(ret_err, FC_CURE_PARK, "ranking", "the query is too long");
    memory[path.len] = '\0';
    body = fc_arena_buf_begin(arena);
    if (cli_fetch(client, memory, &body, ret_err) != FC_OK)
        return FC_FAIL;
    if (!fc_arena_buf_end(arena, &body, &text))
        return fc_err_set(ret_err, FC_CURE_PARK, "ranking", "the answer is too long");
    cli_record_open(&record, text);
    ret_ranking->count = cli_record_list(&record, "items", RANKING_ROWS_MAX, &list);
    for (int32_t i = 0; i < ret_ranking->count && !record.faulty; i++)
        row_read(&record, cli_record_item(&record, list, i), arena, &ret_ranking->rows[i]);
    enum fc_rc rc = record.faulty ? fc_err_set(ret_err, FC_CURE_PARK, "GET /v1/products/top", "%s",
                                               record.fault)
                                  : FC_OK;

    cli_record_close(&record);
    return rc;
}
