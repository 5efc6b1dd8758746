#include "producer/cli/commands.h"
#include "producer/cli/dataset.h"
#include "producer/cli/jsonl.h"
#include "producer/cli/ranking.h"
#include "producer/cli/session.h"

#define ARENA_BYTES (1024 * 1024)
/* The ranking of a day is that of the day and the two before. */
#define DAYS_BEFORE 2

struct verify {
    struct fc_arena arena;
    int64_t days;
    int64_t rankings;
    int64_t differences;
    int64_t shown;
};

static void on_fault(void *arg, int32_t line_number, const char *fault)
{
    const struct cli *cli = arg;

    cli_say(cli, "%s:%d: %s", cli->arguments[0], (int)line_number, fault);
}

static void put_ranks(struct fc_buf *buf, const struct data_rank *ranks, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        fc_buf_put_fmt(buf, "%s%lld (%lld)", i > 0 ? ", " : "", (long long)ranks[i].product_id,
                       (long long)ranks[i].count);
}

static void tell_difference(const struct cli *cli, struct verify *verify, struct fc_day day,
                            const char *by, const struct data_rank *wanted[2],
                            const int32_t counts[2])
{
    char memory[1024];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    verify->differences++;
    if (++verify->shown > 20)
        return;
    fc_day_put(&buf, day);
    fc_buf_put_fmt(&buf, " by %s: the file has ", by);
    put_ranks(&buf, wanted[0], counts[0]);
    fc_buf_put_text(&buf, "; the shop has ");
    put_ranks(&buf, wanted[1], counts[1]);
    cli_say(cli, FC_STR_FMT, FC_STR_ARG(fc_buf_str(&buf)));
}

static enum fc_rc verify_one(const struct cli *cli, struct cli_client *client,
                             struct verify *verify, const struct data_top *top, bool by_orders)
{
    static struct ranking ranking;
    const char *by = by_orders ? "orders" : "quantity";
    const struct data_rank *wanted = by_orders ? top->by_orders : top->by_quantity;
    int32_t wanted_count = by_orders ? top->by_orders_count : top->by_quantity_count;
    struct data_rank found[DATA_TOP];
    char query[128];
    struct fc_buf buf = fc_buf_of(query, sizeof(query) - 1);
    struct fc_err err;
    bool same;

    fc_arena_reset(&verify->arena);
    fc_buf_put_fmt(&buf, "by=%s&limit=%d&from=", by, DATA_TOP);
    fc_day_put(&buf, (struct fc_day){top->day.days - DAYS_BEFORE});
    fc_buf_put_text(&buf, "&to=");
    fc_day_put(&buf, top->day);
    query[buf.len] = '\0';
    if (ranking_fetch(client, query, &verify->arena, &ranking, &err) != FC_OK) {
        (void)cli_trouble(cli, &err);
        return FC_FAIL;
    }
    if (ranking.count > DATA_TOP)
        ranking.count = DATA_TOP;
    same = ranking.count == wanted_count;
    for (int32_t i = 0; i < ranking.count; i++) {
        const struct ranking_row *row = &ranking.rows[i];

        found[i] = (struct data_rank){row->product_id, by_orders ? row->orders : row->quantity};
        same = same && found[i].product_id == wanted[i].product_id &&
               found[i].count == wanted[i].count;
    }
    verify->rankings++;
    if (!same)
        tell_difference(cli, verify, top->day, by, (const struct data_rank *[2]){wanted, found},
                        (const int32_t[2]){wanted_count, ranking.count});
    return FC_OK;
}

static int run(const struct cli *cli, struct cli_client *client, const struct data_top *tops,
               int32_t count)
{
    struct verify verify = {.days = 0};
    struct cli_progress progress;
    struct cli_report report;
    void *memory = cli_memory(ARENA_BYTES);

    if (memory == NULL)
        return FC_EXIT_LATER;
    fc_arena_init(&verify.arena, memory, ARENA_BYTES);
    cli_progress_begin(&progress, "days", count, cli->err_is_tty);
    for (; verify.days < count; verify.days++) {
        if (verify_one(cli, client, &verify, &tops[verify.days], false) != FC_OK ||
            verify_one(cli, client, &verify, &tops[verify.days], true) != FC_OK)
            return FC_EXIT_LATER;
        cli_progress_add(&progress, 1);
    }
    cli_progress_end(&progress);
    if (cli_report_begin(&report, cli->json)) {
        cli_report_int(&report, "days", "days", verify.days);
        cli_report_int(&report, "rankings", "rankings compared", verify.rankings);
        cli_report_int(&report, "differences", "that differ", verify.differences);
        cli_report_end(&report);
    }
    return verify.differences == 0 ? FC_EXIT_OK : FC_EXIT_FAILED;
}

int cli_orders_verify_top(struct cli *cli)
{
    struct data_reader reader = {.fault = on_fault, .arg = cli};
    const struct data_top *tops;
    struct cli_client *client = NULL;
    struct fc_str text;
    struct fc_err err;
    int32_t count;
    int exit;

    if (!cli_parse(cli, NULL, 0, &exit))
        return exit;
    if (cli_file_read(cli->arguments[0], &text, &err) != FC_OK)
        return cli_trouble(cli, &err);
    if (!data_reader_init(&reader, text))
        return FC_EXIT_LATER;
    tops = data_tops_read(&reader, text, &count);
    if (reader.fault_count > 0)
        return FC_EXIT_FAILED;
    if (!cli_session_open(cli, 1, &client, &exit))
        return exit;
    exit = run(cli, client, tops, count);
    cli_client_close(client);
    return exit;
}
