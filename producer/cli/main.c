#include "producer/cli/cli.h"
#include "producer/cli/commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static const struct cli_command commands[] = {
    {"migrate", "", "Brings the database's schema to this program's version.",
     "Safe when two start at once, and when nothing is to be done.", "migrate", 0, 0,
     CLI_NEEDS_DATABASE, cli_migrate},
    {"topology apply", "", "Declares the broker's exchanges and queues; what is there stays.", NULL,
     "topology apply\ntopology apply --partitions 32", 0, 0, CLI_NEEDS_BROKER, cli_topology_apply},
    {"topology check", "", "Whether the broker's exchanges and queues are there.", NULL,
     "topology check", 0, 0, CLI_NEEDS_BROKER, cli_topology_check},
    {"catalog import", "FILE", "Puts products on sale.",
     "FILE has one object a line: {\"id\",\"name\",\"price\",\"stock\",\"category\",\"sku\"}. Each "
     "gets one\noption of its own id. A name that stands twice gets its sku behind it: the shop's "
     "names\nare unique. A repeated import does nothing twice.",
     "catalog import products.jsonl\ncatalog import products.jsonl --stock-ratio 90", 1, 1,
     CLI_NEEDS_HTTP, cli_catalog_import},
    {"orders replay", "FILE", "Places the orders of a file, as their users once did.",
     "FILE has one object a line:\n"
     "{\"order\",\"user\",\"guest\",\"timestamp\",\"lines\":[{\"product\",\"quantity\"}]}.\n"
     "Registers the users, charges each what its orders will cost, then places the orders in the\n"
     "order of the file. An order belongs to the day of its timestamp in UTC (--day-border utc:\n"
     "the instant is moved so that the shop's day in Seoul is that day) or in Seoul (seoul: it is\n"
     "left alone). A repeated replay does nothing twice.",
     "orders replay orders.jsonl\norders replay orders.jsonl --window 256 --json\n"
     "orders replay orders.jsonl --allow insufficient_stock,insufficient_balance",
     1, 1, CLI_NEEDS_HTTP, cli_orders_replay},
    {"orders verify-top", "FILE", "Compares the top five of each day with a file.",
     "FILE has one object a line: {\"day\",\"by_quantity\":[{\"product\",\"n\"}],\"by_orders\"}, "
     "each over\nthat day and the two before, ties to the smaller id.",
     "orders verify-top top5.jsonl", 1, 1, CLI_NEEDS_HTTP, cli_orders_verify_top},
    {"race", "", "Lets many clients race for a coupon and proves who was first.",
     "Every request's sending and every answer's arrival is timed. Proved: exactly as many issued "
     "as\nthere are, positions without gaps, one a user, and over all pairs no loser whose 202 "
     "had\n"
     "arrived before some winner's request was sent.",
     "race --quantity 500 --requests 20000 --clients 64\n"
     "race --url http://127.0.0.1:8080,http://127.0.0.1:8081 --history race.jsonl",
     0, 0, CLI_NEEDS_HTTP, cli_race},
    {"load", "orders|issues|charges|status|get|prepare",
     "Makes load from one thread, and measures what comes of it.",
     "orders    places orders of 1 to --lines distinct options by any of the users\n"
     "issues    asks for coupons: each user once for each template\n"
     "charges   charges 1 won to any of the users\n"
     "status    asks what became of --ids commands, which it sends first\n"
     "get       reads --path\n"
     "prepare   makes users with a balance, products and templates; a repeat does nothing twice\n"
     "\n"
     "Without --rate each client sends its next request when the last one is answered (a closed\n"
     "loop). With it requests have planned instants, latency counts from those, and what found no\n"
     "free client waits in the plan and grows older: a server that stands still is seen at its\n"
     "full length (Gil Tene: \"How NOT to Measure Latency\", on coordinated omission).\n"
     "A request counts as completed when its answer arrives within the measured time, its latency\n"
     "when it was planned within it. Leaves 0 when every answer was 2xx or a refusal of --allow.",
     "load prepare --users 10000 --options 1000\n"
     "load orders --users 10000 --options 1000 --clients 32 --seconds 10 --json\n"
     "load orders --users 10000 --options 1000 --rate 400 --histogram latency.txt\n"
     "load issues --users 100000 --hot --clients 64 --prove\n"
     "load get --path /v1/products/1 --clients 64",
     1, 1, CLI_NEEDS_HTTP, cli_load},
    {"audit", "", "Proves from the database that money, stock, coupons and counters agree.",
     "With --wait it first waits until the queues are empty and the counters have caught up.",
     "audit\naudit --wait 60 --json", 0, 0, CLI_NEEDS_DATABASE | CLI_TAKES_BROKER, cli_audit},
    {"replay", "", "Rebuilds the whole state from the journal, by the rules' own code.",
     "Shows what the state comes to, today or as it was at an instant. With --check every row of "
     "the\n"
     "tables is compared with it; what differs is shown, and is exit 1. It works beside the shop,\n"
     "on one moment of the database.",
     "replay --check\nreplay --until 2026-01-31T15:00:00Z --json", 0, 0, CLI_NEEDS_DATABASE,
     cli_replay},
    {"top", "", "The products that sold most.", NULL,
     "top\ntop --days 7 --by revenue --limit 10\ntop --from 2010-12-01 --to 2010-12-03", 0, 0,
     CLI_NEEDS_HTTP, cli_top},
    {"status", "", "Queues, journal, workers and ingress at a glance.", NULL,
     "status\nstatus --json", 0, 0, CLI_NEEDS_HTTP | CLI_NEEDS_DATABASE | CLI_NEEDS_BROKER,
     cli_status},
    {"stats rebuild", "", "Makes the daily counters anew from the journal.",
     "The same rows come of it as long as the stats worker has caught up; meanwhile it waits, and\n"
     "readers see the old ones. What was kept when days were closed (the ranking of a shop that "
     "is\n"
     "refreshed once a day) tells how things stood then, and stays.",
     "stats rebuild", 0, 0, CLI_NEEDS_DATABASE, cli_stats_rebuild},
    {"policy check", "FILE", "Whether a file is a policy; every fault it has.",
     "Policies to begin with are in deploy/policies, with a schema for editors.",
     "policy check deploy/policies/event-sourced.json", 1, 1, 0, cli_policy_check},
    {"policy apply", "FILE", "Makes a file the policy by which the shop decides.",
     "It goes through a queue as any command does, is journaled, and holds in each worker from "
     "its\n"
     "next batch on; what was decided before stays. What is in force already is left alone.",
     "policy apply deploy/policies/event-sourced.json\npolicy apply mine.json --wait 10", 1, 1,
     CLI_NEEDS_DATABASE | CLI_NEEDS_BROKER, cli_policy_apply},
    {"policy show", "", "The policy in force, as a document that can be edited and applied.", NULL,
     "policy show\npolicy show --version 3", 0, 0, CLI_NEEDS_DATABASE, cli_policy_show},
    {"policy diff", "FILE|VERSION [FILE|VERSION]", "Two policies, setting by setting.",
     "One word alone is compared with what is in force: what applying it would change. Leaves 0\n"
     "when they are the same.",
     "policy diff mine.json\npolicy diff 2 3\npolicy diff 2 mine.json", 1, 2, CLI_NEEDS_DATABASE,
     cli_policy_diff},
    {"parked list", "", "Messages that were set aside, and why.", NULL,
     "parked list\nparked list --all", 0, 0, CLI_NEEDS_DATABASE, cli_parked_list},
    {"parked show", "ID", "One of them with its bytes.", NULL, "parked show 7", 1, 1,
     CLI_NEEDS_DATABASE, cli_parked_show},
    {"parked requeue", "ID", "Puts one back into the queue it came from.",
     "It is marked as requeued once the broker has it; a repeat of what was done already is\n"
     "recognised by the workers.",
     "parked requeue 7", 1, 1, CLI_NEEDS_DATABASE | CLI_NEEDS_BROKER, cli_parked_requeue},
    {"parked drop", "ID", "Marks one as never to be done.", NULL, "parked drop 7", 1, 1,
     CLI_NEEDS_DATABASE, cli_parked_drop},
    {"demo", "", "The show: thousands of users charge, race for a coupon and order.",
     "Leaves 0 only if all was as promised.", "demo\ndemo --users 5000 --quantity 500", 0, 0,
     CLI_NEEDS_HTTP | CLI_NEEDS_DATABASE | CLI_NEEDS_BROKER, cli_demo},
    {"sample generate", "DIR", "Writes products, orders and their top five, all made up.",
     "The same numbers give the same files, byte by byte: products.jsonl, orders.jsonl, "
     "top5.jsonl.",
     "sample generate /tmp/sample\nsample generate /tmp/sample --orders 5000 --seed 7", 1, 1, 0,
     cli_sample_generate},
};

static void print_overview(FILE *stream)
{
    (void)fprintf(stream, "Usage: firstcome COMMAND [options]\n\n");
    for (size_t i = 0; i < FC_ARRAY_COUNT(commands); i++)
        (void)fprintf(stream, "  %-19s %s\n", commands[i].words, commands[i].sentence);
    (void)fprintf(stream,
                  "\nfirstcome COMMAND --help says more, with examples.\n"
                  "Settings by environment: FIRSTCOME_URL, FIRSTCOME_DATABASE, FIRSTCOME_BROKER,\n"
                  "FIRSTCOME_PARTITIONS, FIRSTCOME_GATEWAY_TOKEN.\n"
                  "Exit: 0 all is well, 1 a check or a command said no, 2 wrong words, 100 wrong "
                  "settings,\n111 out of reach: try again later.\n");
}

/* How many of the words at `argv` are the command's; 0 when it is another. */
static int words_matched(const struct cli_command *command, int argc, char **argv)
{
    struct fc_str rest = fc_str_of(command->words);
    int count = 0;

    while (rest.len > 0) {
        if (count == argc || !fc_str_eq(fc_str_cut(&rest, ' '), fc_str_of(argv[count])))
            return 0;
        count++;
    }
    return count;
}

/* Help is given whatever the settings are. */
static bool asks_for_help(const struct cli *cli)
{
    for (int i = 0; i < cli->argc; i++)
        if (strcmp(cli->argv[i], "--help") == 0)
            return true;
    return false;
}

/* The commands that begin with the word: "orders" alone is half a command. */
static int tell_unknown(const struct cli *cli, const char *word)
{
    bool begins = false;

    for (size_t i = 0; i < FC_ARRAY_COUNT(commands); i++) {
        struct fc_str rest = fc_str_of(commands[i].words);

        if (!fc_str_eq(fc_str_cut(&rest, ' '), fc_str_of(word)))
            continue;
        if (!begins)
            (void)fprintf(stderr, "firstcome: say which:\n");
        (void)fprintf(stderr, "  firstcome %-19s %s\n", commands[i].words, commands[i].sentence);
        begins = true;
    }
    return begins ? FC_EXIT_USAGE : cli_usage(cli, "there is no command \"%s\"", word);
}

int main(int argc, char **argv)
{
    static struct cli cli;
    struct fc_err err;

    fc_process_close();
    if (argc < 2) {
        print_overview(stderr);
        return FC_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_overview(stdout);
        return FC_EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)printf("firstcome %s\n", FC_VERSION);
        return FC_EXIT_OK;
    }
    cli.err_is_tty = isatty(STDERR_FILENO) == 1;
    for (size_t i = 0; i < FC_ARRAY_COUNT(commands); i++) {
        int count = words_matched(&commands[i], argc - 1, argv + 1);

        if (count == 0)
            continue;
        cli.command = &commands[i];
        cli.argc = argc - 1 - count;
        cli.argv = argv + 1 + count;
        bool set = cli_settings_read(environ, &cli.settings, &err) == FC_OK;

        if (!set && !asks_for_help(&cli))
            return cli_trouble(&cli, &err);
        if (fc_process_signals(&cli.wake_fd, &err) != FC_OK)
            return cli_trouble(&cli, &err);
        return commands[i].run(&cli);
    }
    return tell_unknown(&cli, argv[1]);
}
