#include "base/limits.h"
#include "core/order_state.h"
#include "producer/cli/commands.h"
#include "producer/cli/database.h"
#include "producer/cli/replay_check.h"
#include "producer/cli/report.h"

static void put_money(struct cli_report *report, const struct shop *shop)
{
    int64_t users = 0;
    int64_t balance = 0;
    int64_t held = 0;

    for (int32_t i = 0; i < shop->wallets.count; i++) {
        const struct wallet *wallet = shop->wallets.rows[i];

        users += wallet->user.exists;
        balance += wallet->balance.won;
        held += wallet->held.won;
    }
    cli_report_int(report, "users", "users", users);
    cli_report_int(report, "balance", "won in their wallets", balance);
    cli_report_int(report, "held", "of it held for payments", held);
}

static void put_catalogue(struct cli_report *report, const struct shop *shop)
{
    int64_t products = 0;
    int64_t pieces = 0;
    int64_t reserved = 0;

    for (int32_t i = 0; i < shop->products.count; i++) {
        const struct product *product = shop->products.rows[i];

        products += product->row.exists;
    }
    for (int32_t i = 0; i < shop->options.count; i++) {
        const struct option *option = shop->options.rows[i];

        pieces += option->total;
        reserved += option->reserved;
    }
    cli_report_int(report, "products", "products", products);
    cli_report_int(report, "pieces", "pieces in stock", pieces);
    cli_report_int(report, "reserved", "of them reserved", reserved);
}

static void put_coupons(struct cli_report *report, const struct shop *shop)
{
    static const char *const labels[] = {"coupons available", "used", "expired", "cancelled"};
    static const char *const keys[] = {"coupons_available", "coupons_used", "coupons_expired",
                                       "coupons_cancelled"};
    int64_t counts[FC_ARRAY_COUNT(keys)] = {0};

    for (int32_t i = 0; i < shop->coupons.count; i++) {
        const struct coupon *coupon = shop->coupons.rows[i];

        counts[coupon->status]++;
    }
    for (size_t i = 0; i < FC_ARRAY_COUNT(keys); i++)
        cli_report_int(report, keys[i], labels[i], counts[i]);
}

static void put_orders(struct cli_report *report, const struct shop *shop)
{
    static const struct cli_column columns[] = {
        {"status", "orders", false}, {"orders", "number", true}, {"won", "won", true}};
    int64_t counts[ORDER_STATUS_COUNT] = {0};
    int64_t sums[ORDER_STATUS_COUNT] = {0};

    for (int32_t i = 0; i < shop->orders.count; i++) {
        const struct order *order = shop->orders.rows[i];

        counts[order->status]++;
        sums[order->status] += order->terms.paid.won;
    }
    cli_report_table_begin(report, "orders", NULL, columns, FC_ARRAY_COUNT(columns));
    for (int status = ORDER_PENDING_PAYMENT; status < ORDER_STATUS_COUNT; status++) {
        cli_report_cell_str(report, fc_str_of(order_status_name((enum order_status)status)));
        cli_report_cell_int(report, counts[status]);
        cli_report_cell_int(report, sums[status]);
    }
    cli_report_table_end(report);
}

static void put_differences(struct cli_report *report, const struct replay_check *check)
{
    static const struct cli_column columns[] = {{"difference", "difference", false}};

    cli_report_table_begin(report, "found", NULL, columns, FC_ARRAY_COUNT(columns));
    for (int32_t i = 0; i < check->shown; i++)
        cli_report_cell_str(report, fc_str_of(check->sentences[i]));
    cli_report_table_end(report);
    cli_report_int(report, "differences", "differences", check->differences);
}

static int replay(const struct cli *cli, struct db *db, struct fc_instant until, bool compare)
{
    static struct replay_check check;
    struct cli_report report;
    struct fc_err err;

    if (replay_check_run(db, until, compare, &check, &err) != FC_OK)
        return cli_trouble(cli, &err);
    if (!cli_report_begin(&report, cli->json))
        return FC_EXIT_LATER;
    put_money(&report, &check.shop);
    put_catalogue(&report, &check.shop);
    put_coupons(&report, &check.shop);
    put_orders(&report, &check.shop);
    cli_report_int(&report, "policy", "version of the policy", check.shop.policy.version);
    cli_report_int(&report, "commands", "commands replayed", check.replay.commands);
    cli_report_int(&report, "events", "events applied", check.replay.events);
    cli_report_us(&report, "took_us", "it took", check.us);
    if (compare)
        put_differences(&report, &check);
    cli_report_end(&report);
    return check.differences == 0 ? FC_EXIT_OK : FC_EXIT_FAILED;
}

int cli_replay(struct cli *cli)
{
    const char *until_text = "";
    bool compare = false;
    const struct cli_option options[] = {
        {"--until", CLI_TEXT, &until_text, 0, 0, "INSTANT",
         "only what was decided up to then, e.g. 2026-01-31T15:00:00Z"},
        {"--check", CLI_FLAG, &compare, 0, 0, NULL,
         "compare with the tables, row by row; exit 1 when they differ"},
    };
    struct fc_instant until = REPLAY_ALWAYS;
    struct db *db = NULL;
    int exit;

    if (!cli_parse(cli, options, FC_ARRAY_COUNT(options), &exit))
        return exit;
    if (until_text[0] != '\0' && !fc_instant_parse(fc_str_of(until_text), &until))
        return cli_usage(cli, "--until is \"%s\", and no instant (RFC 3339)", until_text);
    if (until_text[0] != '\0' && compare)
        return cli_usage(cli, "--check compares with the tables as they are: not with --until");
    if (!cli_database_open(cli, &db, &exit))
        return exit;
    exit = replay(cli, db, until, compare);
    db_close(db);
    return exit;
}
