#include "producer/cli/load.h"

#include "producer/cli/commands.h"
#include "producer/cli/load_report.h"
#include "producer/cli/load_target.h"

#include <string.h>

/* Beyond what a server was asked to wait for, an answer has so long. */
#define PATIENCE_MS 20000

bool load_manner(const struct cli *cli, struct load *load, bool keys, uint64_t keys_of,
                 int *ret_exit)
{
    struct load_manner manner = {.token = fc_str_of(cli->settings.gateway_token),
                                 .wait_s = load->no_wait ? 0 : load->wait_s,
                                 .keys = keys,
                                 .run = keys_of != 0 ? keys_of : fc_process_chance()};
    int32_t count = load_wire_url_count(load->wire);

    for (int32_t i = 0; i < count; i++)
        manner.hosts[i] = load_wire_host(load->wire, i);
    if (load_writer_init(&load->writer, &manner, count))
        return true;
    cli_say(cli, "the gateway's mark is too long for a request");
    *ret_exit = FC_EXIT_PERMANENT;
    return false;
}

struct load_run_settings load_settings(const struct load *load, struct load_work *work)
{
    bool reads = work->kind == LOAD_GET;

    return (struct load_run_settings){
        .wire = load->wire,
        .writer = &load->writer,
        .work = work,
        .reading = {.documents = !reads, .positions = load->prove || load->history != NULL},
        .lane_count = (int32_t)load->clients,
        .timeout_ms = (int32_t)load->wait_s * 1000 + PATIENCE_MS,
        .rate = load->rate,
        .even = load->even,
        .seed = (uint64_t)load->seed,
        .warm_up_ms = load->warm_up * 1000,
        .seconds = load->seconds,
        .requests = load->requests,
        .keep_records = load->prove || load->history != NULL,
    };
}

/* --- what came of it -------------------------------------------------------------------------- */

static bool write_files(const struct cli *cli, const struct load *load, int *ret_exit)
{
    struct fc_err err;

    if ((load->histogram == NULL ||
         load_histogram_write(&load->run, load->histogram, &err) == FC_OK) &&
        (load->history == NULL || load_history_write(&load->run, load->history, &err) == FC_OK))
        return true;
    *ret_exit = cli_trouble(cli, &err);
    return false;
}

static int judge(const struct cli *cli, const struct load *load, const struct load_proof *proof)
{
    const struct load_run *run = &load->run;
    int64_t unexpected = load_tally_unexpected(&run->tally, fc_str_of(load->allow));
    int64_t unconnected = load_wire_unconnected(load->wire);
    /* Users who ask for coupons come to an end, perhaps within the warm-up. */
    bool empty = run->tally.answered.measured == 0 && !fc_process_stopping();
    bool unfair = load->prove && !proof->fair;

    if (unexpected > 0)
        cli_say(cli, "%lld of %lld requests were refused, or not answered, against what is allowed",
                (long long)unexpected, (long long)run->sent);
    if (unconnected > 0)
        cli_say(cli, "%lld times no connection came up", (long long)unconnected);
    if (empty)
        cli_say(cli, "nothing was answered within the measured time, of %lld requests in all",
                (long long)run->sent);
    if (unfair)
        cli_say(cli, "not fair: see above");
    return unexpected > 0 || unconnected > 0 || empty || unfair ? FC_EXIT_FAILED : FC_EXIT_OK;
}

static int measure(struct cli *cli, struct load *load, enum load_kind kind)
{
    struct load_work work = {
        .kind = kind, .world = &load->world, .chance = {(uint64_t)load->seed << 32 | kind}};
    struct load_run_settings settings = load_settings(load, &work);
    struct load_proof proof = {.fair = false};
    struct cli_report report;
    char name[32];
    struct fc_buf buf = fc_buf_of(name, sizeof(name) - 1);
    int exit;

    if (!load_run(&load->run, &settings) ||
        (load->prove && !load_prove(&load->run, load->world.templates, &proof)) ||
        !cli_report_begin(&report, cli->json)) {
        cli_say(cli, "out of memory");
        return FC_EXIT_LATER;
    }
    fc_buf_put_fmt(&buf, "load %s", load_kind_name(kind));
    name[buf.len] = '\0';
    load_report_put(&load->run, name, &report);
    if (load->prove)
        load_report_put_proof(&proof, &report);
    cli_report_end(&report);
    if (!write_files(cli, load, &exit))
        return exit;
    return judge(cli, load, &proof);
}

/* --- what was asked for ----------------------------------------------------------------------- */

static int run(struct cli *cli, struct load *load, enum load_kind kind, bool prepares)
{
    struct load_wire_settings settings = {.urls = cli->settings.url,
                                          .lane_count = (int32_t)load->clients,
                                          .timeout_ms = (int32_t)load->wait_s * 1000 + PATIENCE_MS,
                                          .wake_fd = cli->wake_fd};
    struct fc_err err;
    int exit = FC_EXIT_OK;

    load_process_prepare();
    if (load_wire_open(&settings, &load->wire, &err) != FC_OK)
        return cli_trouble(cli, &err);
    if (prepares)
        exit = load_prepare(cli, load);
    else if (load_manner(cli, load, load->keys, 0, &exit) &&
             (kind != LOAD_STATUS || load_collect(cli, load, &exit)))
        exit = measure(cli, load, kind);
    load_wire_close(load->wire);
    return exit;
}

/* Words that do not go together. FC_EXIT_OK when there are none. */
static int check(const struct cli *cli, struct load *load, enum load_kind kind, bool prepares)
{
    if (prepares)
        return FC_EXIT_OK;
    if (kind == LOAD_GET && load->world.path == NULL)
        return cli_usage(cli, "get needs --path");
    if (load->world.path != NULL &&
        (load->world.path[0] != '/' || fc_str_of(load->world.path).len > LOAD_PATH_BYTES_MAX - 1))
        return cli_usage(cli, "--path begins with a slash and has at most %d bytes",
                         LOAD_PATH_BYTES_MAX - 1);
    if (load->prove && (kind != LOAD_ISSUES || load->no_wait))
        return cli_usage(cli, "--prove is for issues, and needs their verdicts");
    if (load->hot)
        load->world.templates = 1;
    load->world.hot = load->hot;
    return FC_EXIT_OK;
}

/* --- its words -------------------------------------------------------------------------------- */

#define RUN_OPTIONS 15
#define WORLD_OPTIONS 12

static void run_options(struct load *load, struct cli_option ret_options[RUN_OPTIONS])
{
    const struct cli_option options[RUN_OPTIONS] = {
        {"--clients", CLI_NUMBER, &load->clients, 1, LOAD_LANES_MAX, "C",
         "connections, each with one request under way (64)"},
        {"--rate", CLI_NUMBER, &load->rate, 1, LOAD_RATE_MAX, "R",
         "requests a second, whatever the answers do"},
        {"--even", CLI_FLAG, &load->even, 0, 0, NULL,
         "with --rate: in even steps, not with exponential gaps"},
        {"--seconds", CLI_NUMBER, &load->seconds, 1, 86400, "S", "measured (10)"},
        {"--warm-up", CLI_NUMBER, &load->warm_up, 0, 3600, "S", "before that, not counted (1)"},
        {"--requests", CLI_NUMBER, &load->requests, 1, LOAD_COUNT_MAX, "N",
         "so many instead, all of them measured"},
        {"--wait", CLI_NUMBER, &load->wait_s, 1, 30, "S",
         "an answer is held for its verdict so long (10)"},
        {"--no-wait", CLI_FLAG, &load->no_wait, 0, 0, NULL, "a request is over with its 202"},
        {"--keys", CLI_FLAG, &load->keys, 0, 0, NULL, "an Idempotency-Key with each request"},
        {"--allow", CLI_TEXT, &load->allow, 0, 0, "CODES",
         "refusals that are expected, or any (issues: coupon_sold_out)"},
        {"--seed", CLI_NUMBER, &load->seed, 0, INT32_MAX, "N",
         "the same seed, the same plan and requests (1)"},
        {"--histogram", CLI_TEXT, &load->histogram, 0, 0, "FILE",
         "latencies as HdrHistogram prints them, in ms"},
        {"--history", CLI_TEXT, &load->history, 0, 0, "FILE", "one JSON line a request"},
        {"--prove", CLI_FLAG, &load->prove, 0, 0, NULL, "issues: that the first came first"},
        {"--hot", CLI_FLAG, &load->hot, 0, 0, NULL, "all for one option, or for one template"},
    };

    memcpy(ret_options, options, sizeof(options));
}

static void world_options(struct load *load, struct cli_option ret_options[WORLD_OPTIONS])
{
    struct load_world *world = &load->world;
    const struct cli_option options[WORLD_OPTIONS] = {
        {"--users", CLI_NUMBER, &world->users, 1, LOAD_COUNT_MAX, "N",
         "who order, charge and ask (1000)"},
        {"--first-user", CLI_NUMBER, &world->first_user, 1, ID_MAX - LOAD_COUNT_MAX, "ID",
         "the first of them (1)"},
        {"--options", CLI_NUMBER, &world->options, 1, LOAD_COUNT_MAX, "N",
         "of products, one each, and of the same id (1000)"},
        {"--first-option", CLI_NUMBER, &world->first_option, 1, ID_MAX - LOAD_COUNT_MAX, "ID",
         "the first of them (1)"},
        {"--lines", CLI_NUMBER, &world->lines, 1, LOAD_LINES_MAX, "L", "of an order, at most (2)"},
        {"--templates", CLI_NUMBER, &world->templates, 1, LOAD_COUNT_MAX, "N", "of coupons (1)"},
        {"--first-template", CLI_NUMBER, &world->first_template, 1, ID_MAX - LOAD_COUNT_MAX, "ID",
         "the first of them (1)"},
        {"--ids", CLI_NUMBER, &load->ids, 1, 10000000, "N",
         "commands whose status is polled (1000)"},
        {"--path", CLI_TEXT, &world->path, 0, 0, "PATH", "what get reads"},
        {"--balance", CLI_NUMBER, &world->balance, 1, AMOUNT_KRW_MAX, "WON",
         "prepare: charged to each user (1000000000)"},
        {"--stock", CLI_NUMBER, &world->stock, 1, STOCK_MAX, "N",
         "prepare: of each option (1000000000)"},
        {"--quantity", CLI_NUMBER, &world->quantity, 1, COUPON_QUANTITY_MAX, "N",
         "prepare: coupons of each template (1000000)"},
    };

    memcpy(ret_options, options, sizeof(options));
}

int cli_load(struct cli *cli)
{
    static struct load load = {
        .world = {.users = 1000,
                  .first_user = 1,
                  .options = 1000,
                  .first_option = 1,
                  .templates = 1,
                  .first_template = 1,
                  .lines = 2,
                  .balance = 1000000000,
                  .stock = STOCK_MAX,
                  .quantity = 1000000},
        .clients = 64,
        .wait_s = 10,
        .seed = 1,
        .seconds = 10,
        .warm_up = 1,
        .ids = 1000,
    };
    struct cli_option options[RUN_OPTIONS + WORLD_OPTIONS];
    enum load_kind kind = LOAD_ORDERS;
    int exit;

    run_options(&load, options);
    world_options(&load, options + RUN_OPTIONS);
    if (!cli_parse(cli, options, FC_ARRAY_COUNT(options), &exit))
        return exit;
    bool prepares = fc_str_eq(fc_str_of(cli->arguments[0]), FC_STR("prepare"));

    if (!prepares && !load_kind_of(fc_str_of(cli->arguments[0]), &kind))
        return cli_usage(cli, "load is of orders, issues, charges, status, get or prepare");
    exit = check(cli, &load, kind, prepares);
    if (exit != FC_EXIT_OK)
        return exit;
    if (load.allow == NULL)
        load.allow = kind == LOAD_ISSUES ? "coupon_sold_out" : "";
    return run(cli, &load, kind, prepares);
}
