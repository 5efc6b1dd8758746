#include "base/time.h"
#include "producer/cli/commands.h"
#include "producer/cli/ranking.h"
#include "producer/cli/session.h"

#include <string.h>

#define ARENA_BYTES (1024 * 1024)

struct top {
    int64_t days;
    int64_t limit;
    const char *from;
    const char *to;
    const char *by;
    const char *category;
};

/* A value with what a query may not hold as %xx. */
static void put_value(struct fc_buf *buf, const char *name, const char *value)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

    if (value == NULL)
        return;
    fc_buf_put_fmt(buf, "%s%s=", buf->len > 0 ? "&" : "", name);
    for (; *value != '\0'; value++) {
        if (strchr(plain, *value) != NULL)
            fc_buf_put_char(buf, *value);
        else
            fc_buf_put_fmt(buf, "%%%02X", (unsigned)(unsigned char)*value);
    }
}

static void put_number(struct fc_buf *buf, const char *name, int64_t value)
{
    if (value != 0)
        fc_buf_put_fmt(buf, "%s%s=%lld", buf->len > 0 ? "&" : "", name, (long long)value);
}

static int tell(const struct cli *cli, const struct ranking *ranking)
{
    static const struct cli_column columns[] = {
        {"rank", "rank", true},       {"product_id", "product", true}, {"name", "name", false},
        {"quantity", "pieces", true}, {"orders", "orders", true},      {"revenue", "won", true},
    };
    struct cli_report report;

    if (!cli_report_begin(&report, cli->json))
        return FC_EXIT_LATER;
    cli_report_table_begin(&report, "items", NULL, columns, FC_ARRAY_COUNT(columns));
    for (int32_t i = 0; i < ranking->count; i++) {
        const struct ranking_row *row = &ranking->rows[i];

        cli_report_cell_int(&report, i + 1);
        cli_report_cell_int(&report, row->product_id);
        cli_report_cell_str(&report, row->name);
        cli_report_cell_int(&report, row->quantity);
        cli_report_cell_int(&report, row->orders);
        cli_report_cell_int(&report, row->revenue);
    }
    cli_report_table_end(&report);
    if (ranking->count == 0)
        cli_report_line(&report, "nothing was sold on these days");
    cli_report_end(&report);
    return FC_EXIT_OK;
}

int cli_top(struct cli *cli)
{
    static struct ranking ranking;
    struct top top = {.limit = 5};
    const struct cli_option options[] = {
        {"--days", CLI_NUMBER, &top.days, 1, 3660, "N",
         "so many up to the last one (the policy's)"},
        {"--from", CLI_TEXT, &top.from, 0, 0, "YYYY-MM-DD", "the first day"},
        {"--to", CLI_TEXT, &top.to, 0, 0, "YYYY-MM-DD",
         "the last day (today, or the last one closed)"},
        {"--by", CLI_TEXT, &top.by, 0, 0, "quantity|orders|revenue", "what counts (the policy's)"},
        {"--category", CLI_TEXT, &top.category, 0, 0, "NAME", "of one category only"},
        {"--limit", CLI_NUMBER, &top.limit, 1, RANKING_ROWS_MAX, "N", "how many (5)"},
    };
    char query[CLI_PATH_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(query, sizeof(query) - 1);
    struct fc_arena arena;
    struct cli_client *client = NULL;
    struct fc_err err;
    int exit;

    if (!cli_parse(cli, options, FC_ARRAY_COUNT(options), &exit))
        return exit;
    put_number(&buf, "days", top.days);
    put_number(&buf, "limit", top.limit);
    put_value(&buf, "from", top.from);
    put_value(&buf, "to", top.to);
    put_value(&buf, "by", top.by);
    put_value(&buf, "category", top.category);
    if (buf.overflow)
        return cli_usage(cli, "the category is too long");
    query[buf.len] = '\0';
    void *memory = cli_memory(ARENA_BYTES);

    if (memory == NULL || !cli_session_open(cli, 1, &client, &exit))
        return memory == NULL ? FC_EXIT_LATER : exit;
    fc_arena_init(&arena, memory, ARENA_BYTES);
    if (ranking_fetch(client, query, &arena, &ranking, &err) == FC_OK)
        exit = tell(cli, &ranking);
    else
        exit = cli_trouble(cli, &err);
    cli_client_close(client);
    return exit;
}
