#include "producer/cli/bodies.h"
#include "producer/cli/commands.h"
#include "producer/cli/contest.h"

struct race {
    struct contest contest;
    struct cli_tally users;
    const char *history;
    bool no_setup;
    int64_t at;
};

static enum cli_next next_user(void *arg, struct cli_request *request)
{
    struct race *race = arg;

    if (race->at == race->contest.users)
        return CLI_NEXT_DONE;
    cli_request_user(request, race->contest.first_user + race->at++);
    return CLI_NEXT_SEND;
}

static int setup(const struct cli *cli, struct cli_client *client, struct race *race)
{
    struct cli_stage stage = {
        .label = "users",
        .total = race->contest.users,
        .asker = {.next = next_user, .arg = race, .width = (int32_t)race->contest.clients},
        .tally = &race->users};
    int exit;

    cli_stage_run(cli, client, &stage);
    exit = cli_stage_exit(cli, &stage, FC_STR("user_exists"));
    if (exit != FC_EXIT_OK || !contest_template_put(cli, client, &race->contest, &exit))
        return exit;
    return FC_EXIT_OK;
}

static int run(const struct cli *cli, struct cli_client *client, struct race *race)
{
    struct contest *contest = &race->contest;
    struct cli_report report;
    struct fc_err err;
    int exit = FC_EXIT_OK;

    if (!race->no_setup)
        exit = setup(cli, client, race);
    if (exit != FC_EXIT_OK || !contest_run(cli, client, contest, &exit))
        return exit;
    if (cli_report_begin(&report, cli->json)) {
        contest_put(contest, &report);
        cli_report_end(&report);
    }
    if (race->history != NULL && contest_write(contest, race->history, &err) != FC_OK)
        return cli_trouble(cli, &err);
    if (!contest->proved)
        cli_say(cli, "not proved: see above");
    return contest->proved ? FC_EXIT_OK : FC_EXIT_FAILED;
}

int cli_race(struct cli *cli)
{
    static struct race race = {
        .contest = {.quantity = 500, .requests = 20000, .clients = 64, .first_user = 1000000001}};
    struct contest *contest = &race.contest;
    const struct cli_option options[] = {
        {"--template", CLI_NUMBER, &contest->template_id, 1, ID_MAX, "ID",
         "the coupon template to make (a new one of the shop's choosing)"},
        {"--quantity", CLI_NUMBER, &contest->quantity, 1, 10000000, "Q", "coupons (500)"},
        {"--requests", CLI_NUMBER, &contest->requests, 1, 10000000, "N", "requests (20000)"},
        {"--clients", CLI_NUMBER, &contest->clients, 1, CLI_LANES_MAX, "C",
         "connections at once (64)"},
        {"--users", CLI_NUMBER, &contest->users, 1, 10000000, "U",
         "users who ask in turn (as many as requests)"},
        {"--first-user", CLI_NUMBER, &contest->first_user, 1, ID_MAX - 10000000, "ID",
         "their first id (1000000001)"},
        {"--no-setup", CLI_FLAG, &race.no_setup, 0, 0, NULL,
         "users and template are there already (needs --template)"},
        {"--history", CLI_TEXT, &race.history, 0, 0, "FILE", "one JSON line a request"},
    };
    struct cli_client *client = NULL;
    int exit;

    if (!cli_parse(cli, options, FC_ARRAY_COUNT(options), &exit))
        return exit;
    if (race.no_setup && contest->template_id == 0)
        return cli_usage(cli, "--no-setup needs --template");
    if (contest->users == 0)
        contest->users = contest->requests;
    if (!cli_session_open(cli, (int32_t)contest->clients, &client, &exit))
        return exit;
    exit = run(cli, client, &race);
    cli_client_close(client);
    return exit;
}
