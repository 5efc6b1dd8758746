#include "base/limits.h"
#include "producer/cli/bodies.h"
#include "producer/cli/commands.h"
#include "producer/cli/jsonl.h"
#include "producer/cli/prices.h"
#include "producer/cli/session.h"

#include <string.h>

struct replay {
    /* asked for */
    const char *run;
    const char *allowed;
    const char *day_border;
    int64_t window;
    int64_t charge_max;
    bool batch;
    /* under way */
    struct plan plan;
    int32_t at;
    int32_t part; /* of the user's charges */
    int64_t charges;
    int64_t unknown_products;
    int64_t product_ids[ORDER_LINES_MAX];
    int64_t quantities[ORDER_LINES_MAX];
    struct cli_tally users_tally;
    struct cli_tally charges_tally;
    struct cli_tally orders_tally;
};

static void on_fault(void *arg, int32_t line_number, const char *fault)
{
    const struct cli *cli = arg;

    cli_say(cli, "%s:%d: %s", cli->arguments[0], (int)line_number, fault);
}

/* --- what is asked ---------------------------------------------------------------------------- */

static enum cli_next next_user(void *arg, struct cli_request *request)
{
    struct replay *replay = arg;

    if (replay->at == replay->plan.user_count)
        return CLI_NEXT_DONE;
    cli_request_user(request, replay->plan.users[replay->at++].user_id);
    return CLI_NEXT_SEND;
}

static enum cli_next next_charge(void *arg, struct cli_request *request)
{
    struct replay *replay = arg;
    struct krw charge_max = KRW(replay->charge_max);
    const struct plan_user *user = &replay->plan.users[replay->at];

    while (replay->at < replay->plan.user_count &&
           replay->part == plan_charge_count(user->cost, charge_max)) {
        replay->part = 0;
        user = &replay->plan.users[++replay->at];
    }
    if (replay->at == replay->plan.user_count)
        return CLI_NEXT_DONE;
    cli_request_charge(request, user->user_id, plan_charge(user->cost, charge_max, replay->part),
                       replay->part, replay->run);
    replay->part++;
    return CLI_NEXT_SEND;
}

/* With the border of UTC the day in Seoul shall be the day that the file's text shows. */
static struct fc_instant ordered_at(const struct replay *replay, struct fc_instant at)
{
    if (strcmp(replay->day_border, "utc") == 0)
        at.us -= FC_SEOUL_OFFSET_US;
    return at;
}

static enum cli_next next_order(void *arg, struct cli_request *request)
{
    struct replay *replay = arg;

    if (replay->at == replay->plan.order_count)
        return CLI_NEXT_DONE;
    const struct data_order *order = &replay->plan.orders[replay->at++];
    const struct cli_order_row row = {
        .user_id = order->user_id,
        .number = order->number,
        .product_ids = replay->product_ids,
        .quantities = replay->quantities,
        .line_count = order->line_count,
        .has_ordered_at = true,
        .ordered_at = ordered_at(replay, order->at),
    };

    for (int32_t i = 0; i < order->line_count; i++) {
        replay->product_ids[i] = order->lines[i].product_id;
        replay->quantities[i] = order->lines[i].quantity;
    }
    cli_request_order(request, &row, replay->run);
    return CLI_NEXT_SEND;
}

/* --- the steps -------------------------------------------------------------------------------- */

static bool read_orders(struct cli *cli, struct replay *replay, int *ret_exit)
{
    struct data_reader reader = {.fault = on_fault, .arg = cli};
    struct data_order *orders;
    struct fc_str text;
    struct fc_err err;
    int32_t count;

    if (cli_file_read(cli->arguments[0], &text, &err) != FC_OK) {
        *ret_exit = cli_trouble(cli, &err);
        return false;
    }
    if (!data_reader_init(&reader, text)) {
        cli_say(cli, "out of memory");
        *ret_exit = FC_EXIT_LATER;
        return false;
    }
    orders = data_orders_read(&reader, text, &count);
    if (reader.fault_count > 0) {
        cli_say(cli, "%d malformed lines; nothing was ordered", (int)reader.fault_count);
        *ret_exit = FC_EXIT_FAILED;
        return false;
    }
    if (plan_init(&replay->plan, orders, count))
        return true;
    cli_say(cli, "out of memory");
    *ret_exit = FC_EXIT_LATER;
    return false;
}

static bool cost_orders(const struct cli *cli, struct cli_client *client, struct replay *replay,
                        int *ret_exit)
{
    struct fc_err err;

    if (cli_prices_fetch(cli, client, &replay->plan, (int32_t)replay->window, &err) != FC_OK) {
        *ret_exit = cli_trouble(cli, &err);
        return false;
    }
    if (!plan_cost(&replay->plan)) {
        cli_say(cli, "a user's orders cost more than %lld won", (long long)AMOUNT_KRW_MAX);
        *ret_exit = FC_EXIT_FAILED;
        return false;
    }
    for (int32_t i = 0; i < replay->plan.product_count; i++)
        replay->unknown_products += !replay->plan.products[i].known;
    for (int32_t i = 0; i < replay->plan.user_count; i++)
        replay->charges += plan_charge_count(replay->plan.users[i].cost, KRW(replay->charge_max));
    if (replay->unknown_products > 0)
        cli_say(cli, "%lld products of the file are not on sale with one option",
                (long long)replay->unknown_products);
    return true;
}

static int run_stage(const struct cli *cli, struct cli_client *client, struct replay *replay,
                     struct cli_stage *stage, const char *allowed)
{
    replay->at = 0;
    replay->part = 0;
    stage->asker.arg = replay;
    stage->asker.width = (int32_t)replay->window;
    cli_stage_run(cli, client, stage);
    return cli_stage_exit(cli, stage, fc_str_of(allowed));
}

static int run(const struct cli *cli, struct cli_client *client, struct replay *replay)
{
    struct cli_stage users = {.label = "users",
                              .total = replay->plan.user_count,
                              .asker = {.next = next_user},
                              .tally = &replay->users_tally};
    struct cli_stage charges = {.label = "charges",
                                .total = replay->charges,
                                .asker = {.next = next_charge},
                                .tally = &replay->charges_tally};
    struct cli_stage orders = {
        .label = "orders",
        .total = replay->plan.order_count,
        .asker = {.next = next_order, .manner = replay->batch ? CLI_FOLLOWED : CLI_HELD},
        .tally = &replay->orders_tally};
    int exit = run_stage(cli, client, replay, &users, "user_exists");

    if (exit == FC_EXIT_OK)
        exit = run_stage(cli, client, replay, &charges, "");
    if (exit == FC_EXIT_OK)
        exit = run_stage(cli, client, replay, &orders, replay->allowed);
    return exit;
}

static void tell(const struct cli *cli, const struct replay *replay)
{
    struct cli_report report;

    if (!cli_report_begin(&report, cli->json))
        return;
    cli_tally_put(&replay->users_tally, &report, "users", "users");
    cli_tally_put(&replay->charges_tally, &report, "charges", "charges");
    cli_tally_put(&replay->orders_tally, &report, "orders", "orders");
    cli_report_int(&report, "lines", "lines in the file", replay->plan.line_count);
    cli_report_int(&report, "pieces", "pieces in the file", replay->plan.pieces);
    cli_report_int(&report, "unknown_products", "products not on sale", replay->unknown_products);
    cli_report_str(&report, "day_border", "days are those of", fc_str_of(replay->day_border));
    cli_report_end(&report);
}

int cli_orders_replay(struct cli *cli)
{
    static struct replay replay = {
        .run = "1", .allowed = "", .day_border = "utc", .window = 64, .charge_max = AMOUNT_KRW_MAX};
    const struct cli_option options[] = {
        {"--window", CLI_NUMBER, &replay.window, 1, 1024, "N", "requests in flight (64)"},
        {"--batch", CLI_FLAG, &replay.batch, 0, 0, NULL,
         "take the 202 first and ask for the verdict behind it; times both"},
        {"--day-border", CLI_TEXT, &replay.day_border, 0, 0, "utc|seoul",
         "whose days the file's timestamps mean (utc)"},
        {"--charge-max", CLI_NUMBER, &replay.charge_max, 1000000, AMOUNT_KRW_MAX, "WON",
         "the largest single charge"},
        {"--allow", CLI_TEXT, &replay.allowed, 0, 0, "CODE[,CODE]|any",
         "refusals that are no failure of the replay"},
        {"--run", CLI_TEXT, &replay.run, 0, 0, "NAME",
         "repeats under one name do nothing twice (1)"},
    };
    struct cli_client *client = NULL;
    int exit;

    if (!cli_parse(cli, options, FC_ARRAY_COUNT(options), &exit))
        return exit;
    if (strcmp(replay.day_border, "utc") != 0 && strcmp(replay.day_border, "seoul") != 0)
        return cli_usage(cli, "--day-border takes utc or seoul, not \"%s\"", replay.day_border);
    if (!cli_run_check(cli, replay.run, &exit) || !read_orders(cli, &replay, &exit) ||
        !cli_session_open(cli, (int32_t)replay.window, &client, &exit))
        return exit;
    if (cost_orders(cli, client, &replay, &exit)) {
        exit = run(cli, client, &replay);
        tell(cli, &replay);
    }
    cli_client_close(client);
    return exit;
}
