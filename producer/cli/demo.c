#include "base/assert.h"
#include "producer/cli/audit.h"
#include "producer/cli/backlog.h"
#include "producer/cli/commands.h"
#include "producer/cli/contest.h"
#include "producer/cli/database.h"
#include "producer/cli/demo_shop.h"
#include "producer/cli/ranking.h"

#define IDLE_MS_MAX 120000
#define ARENA_BYTES (1024 * 1024)

enum step { STEP_PRODUCTS, STEP_USERS, STEP_CHARGES, STEP_ORDERS, STEP_COUNT };

struct demo {
    struct cli *cli;
    struct cli_client *client;
    struct db *db;
    int64_t clients;
    struct demo_shop shop;
    struct contest contest;
    struct cli_tally tallies[STEP_COUNT];
    struct cli_report report;
    bool well;
};

static const struct {
    const char *key;
    const char *label;
    const char *allowed;
    enum cli_next (*next)(void *arg, struct cli_request *request);
} steps[STEP_COUNT] = {
    [STEP_PRODUCTS] = {"catalogue", "catalogue", "", demo_next_product},
    [STEP_USERS] = {"users", "users", "", demo_next_user},
    [STEP_CHARGES] = {"charges", "charges", "", demo_next_charge},
    [STEP_ORDERS] = {"orders", "orders", "insufficient_balance,insufficient_stock",
                     demo_next_order},
};

static int run_step(struct demo *demo, enum step step, int64_t total)
{
    struct cli_stage stage = {
        .label = steps[step].label,
        .total = total,
        .asker = {.next = steps[step].next, .arg = &demo->shop, .width = (int32_t)demo->clients},
        .tally = &demo->tallies[step]};

    demo->shop.at = 0;
    cli_stage_run(demo->cli, demo->client, &stage);
    return cli_stage_exit(demo->cli, &stage, fc_str_of(steps[step].allowed));
}

static int race(struct demo *demo)
{
    struct contest *contest = &demo->contest;
    int exit = FC_EXIT_OK;

    /* Every other user asks twice. */
    contest->users = demo->shop.user_count;
    contest->requests = contest->users + contest->users / 2;
    contest->first_user = demo->shop.first_user;
    contest->clients = demo->clients;
    if (!contest_template_put(demo->cli, demo->client, contest, &exit) ||
        !contest_run(demo->cli, demo->client, contest, &exit))
        return exit;
    for (int64_t i = 0; i < contest->requests; i++) {
        const struct contest_entry *entry = &contest->entries[i];

        if (entry->end == CLI_END_SUCCEEDED)
            demo->shop.coupons[entry->user_id - contest->first_user] = entry->coupon_id;
    }
    demo->well = contest->proved;
    return FC_EXIT_OK;
}

/* --- the table -------------------------------------------------------------------------------- */

static void put_row(struct cli_report *report, const char *name, const struct cli_tally *tally,
                    const struct cli_histogram *latency)
{
    int64_t us = tally->ended.us - tally->began.us;
    int64_t total = cli_tally_total(tally);
    int64_t unknown = tally->ends[CLI_END_FAILED] + tally->ends[CLI_END_STOPPED];

    cli_report_cell_str(report, fc_str_of(name));
    cli_report_cell_int(report, total - unknown);
    cli_report_cell_int(report, tally->ends[CLI_END_SUCCEEDED] + tally->ends[CLI_END_REFUSED]);
    cli_report_cell_int(report, tally->ends[CLI_END_SUCCEEDED]);
    cli_report_cell_int(report, tally->ends[CLI_END_REFUSED]);
    cli_report_cell_int(report, us > 0 ? total * 1000000 / us : 0);
    cli_report_cell_int(report, cli_histogram_at(latency, 500) / 1000);
    cli_report_cell_int(report, cli_histogram_at(latency, 990) / 1000);
}

static void put_commands(struct demo *demo)
{
    static const struct cli_column columns[] = {
        {"commands", "commands", false}, {"accepted", "accepted", true},
        {"decided", "decided", true},    {"succeeded", "succeeded", true},
        {"refused", "refused", true},    {"per_second", "a second", true},
        {"p50_ms", "p50 ms", true},      {"p99_ms", "p99 ms", true},
    };
    struct cli_report *report = &demo->report;
    struct cli_tally coupons = demo->contest.verdicts;

    /* As they were asked for; decided as the verdicts say. */
    coupons.began = demo->contest.asked.began;
    coupons.ended = demo->contest.asked.ended;
    cli_report_table_begin(report, "steps", NULL, columns, FC_ARRAY_COUNT(columns));
    for (int32_t i = 0; i < STEP_ORDERS; i++)
        put_row(report, steps[i].label, &demo->tallies[i], &demo->tallies[i].decided_us);
    put_row(report, "coupons", &coupons, &demo->contest.asked.accepted_us);
    put_row(report, "orders", &demo->tallies[STEP_ORDERS], &demo->tallies[STEP_ORDERS].decided_us);
    cli_report_table_end(report);
}

static void put_refusals(struct demo *demo)
{
    const struct cli_tally *tallies[] = {&demo->contest.verdicts, &demo->tallies[STEP_ORDERS]};
    struct cli_report *report = &demo->report;

    cli_report_line(report, " ");
    cli_report_group_begin(report, "refused_by", "refused by");
    for (size_t i = 0; i < FC_ARRAY_COUNT(tallies); i++)
        for (int32_t k = 0; k < tallies[i]->code_count; k++)
            cli_report_int(report, tallies[i]->codes[k].code, tallies[i]->codes[k].code,
                           tallies[i]->codes[k].count);
    cli_report_group_end(report);
}

static void put_race(struct demo *demo)
{
    const struct contest *contest = &demo->contest;
    const struct fairness *fairness = &contest->fairness;
    struct cli_report *report = &demo->report;

    cli_report_group_begin(report, "race", "the race for the coupons");
    cli_report_int(report, "quantity", "coupons", contest->quantity);
    cli_report_int(report, "issued", "issued", contest->issued);
    cli_report_int(report, "used_in_orders", "shown in orders", demo->shop.coupons_shown);
    cli_report_int(report, "pairs", "pairs judged", fairness->pairs);
    cli_report_int(report, "pairs_certain", "  one came first", fairness->pairs_certain);
    cli_report_int(report, "violations", "  violations", fairness->violations);
    cli_report_bool(report, "proved", "winners are the first", contest->proved);
    cli_report_group_end(report);
}

static enum fc_rc put_top(struct demo *demo, struct fc_err *ret_err)
{
    static const struct cli_column columns[] = {{"rank", "top 5", true},
                                                {"name", "product", false},
                                                {"quantity", "pieces", true},
                                                {"orders", "orders", true},
                                                {"revenue", "won", true}};
    static struct ranking ranking;
    struct cli_report *report = &demo->report;
    void *memory = cli_memory(ARENA_BYTES);
    struct fc_arena arena;

    if (memory == NULL)
        return fc_err_set(ret_err, FC_CURE_RETRY, "demo", "out of memory");
    fc_arena_init(&arena, memory, ARENA_BYTES);
    if (ranking_fetch(demo->client, "days=1&limit=5", &arena, &ranking, ret_err) != FC_OK)
        return FC_FAIL;
    cli_report_line(report, " ");
    cli_report_table_begin(report, "top", NULL, columns, FC_ARRAY_COUNT(columns));
    for (int32_t i = 0; i < ranking.count; i++) {
        cli_report_cell_int(report, i + 1);
        cli_report_cell_str(report, ranking.rows[i].name);
        cli_report_cell_int(report, ranking.rows[i].quantity);
        cli_report_cell_int(report, ranking.rows[i].orders);
        cli_report_cell_int(report, ranking.rows[i].revenue);
    }
    cli_report_table_end(report);
    return FC_OK;
}

static enum fc_rc put_audit(struct demo *demo, struct fc_err *ret_err)
{
    struct audit audit = {0};
    bool idle;

    if (backlog_await_empty(demo->cli, demo->db, IDLE_MS_MAX, &idle, ret_err) != FC_OK ||
        put_top(demo, ret_err) != FC_OK)
        return FC_FAIL;
    if (audit_run(demo->db, true, &demo->report, &audit, ret_err) != FC_OK)
        return FC_FAIL;
    cli_report_line(&demo->report, " ");
    cli_report_int(&demo->report, "audit_checks", "audit: checks", audit.checks);
    cli_report_int(&demo->report, "audit_failed", "  that found something", audit.failed);
    demo->well = demo->well && idle && audit.failed == 0;
    return FC_OK;
}

/* --- the show --------------------------------------------------------------------------------- */

static int show(struct demo *demo)
{
    struct fc_err err;
    int exit = run_step(demo, STEP_PRODUCTS, DEMO_PRODUCTS + 1);

    if (exit == FC_EXIT_OK)
        exit = run_step(demo, STEP_USERS, demo->shop.user_count);
    if (exit == FC_EXIT_OK)
        exit = run_step(demo, STEP_CHARGES, demo->shop.user_count);
    if (exit == FC_EXIT_OK)
        exit = race(demo);
    if (exit == FC_EXIT_OK)
        exit = run_step(demo, STEP_ORDERS, demo->shop.order_count);
    if (!cli_report_begin(&demo->report, demo->cli->json))
        return FC_EXIT_LATER;
    put_commands(demo);
    put_refusals(demo);
    if (exit != FC_EXIT_OK || fc_process_stopping()) {
        cli_report_bool(&demo->report, "well", "all as promised", false);
        cli_report_end(&demo->report);
        return exit != FC_EXIT_OK ? exit : FC_EXIT_FAILED;
    }
    put_race(demo);
    if (put_audit(demo, &err) != FC_OK)
        return cli_trouble(demo->cli, &err);
    cli_report_bool(&demo->report, "well", "all as promised", demo->well);
    cli_report_str(&demo->report, "url", "open", fc_str_of(demo->cli->settings.url));
    cli_report_end(&demo->report);
    return demo->well ? FC_EXIT_OK : FC_EXIT_FAILED;
}

int cli_demo(struct cli *cli)
{
    static struct demo demo = {
        .clients = 64,
        .shop = {.user_count = 3000, .order_count = 5000, .first_come_stock = 300},
        .contest = {.quantity = 300},
    };
    const struct cli_option options[] = {
        {"--users", CLI_NUMBER, &demo.shop.user_count, 1, 100000, "N", "customers (3000)"},
        {"--quantity", CLI_NUMBER, &demo.contest.quantity, 1, 1000000, "Q",
         "coupons they race for (300)"},
        {"--orders", CLI_NUMBER, &demo.shop.order_count, 1, 1000000, "N", "orders (5000)"},
        {"--clients", CLI_NUMBER, &demo.clients, 1, 1024, "C", "connections at once (64)"},
    };
    int exit;

    if (!cli_parse(cli, options, FC_ARRAY_COUNT(options), &exit))
        return exit;
    demo.cli = cli;
    if (!demo_shop_init(&demo.shop, fc_clock_now(), fc_process_chance())) {
        cli_say(cli, "out of memory");
        return FC_EXIT_LATER;
    }
    if (!cli_database_open(cli, &demo.db, &exit))
        return exit;
    if (cli_session_open(cli, (int32_t)demo.clients, &demo.client, &exit))
        exit = show(&demo);
    cli_client_close(demo.client);
    db_close(demo.db);
    return exit;
}
