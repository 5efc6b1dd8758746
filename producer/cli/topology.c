#include "mq/topology.h"

#include "producer/cli/cli.h"
#include "producer/cli/commands.h"
#include "producer/cli/report.h"

static int done(const struct cli *cli)
{
    struct cli_report report;

    if (!cli_report_begin(&report, cli->json))
        return FC_EXIT_OK;
    cli_report_int(&report, "queues", "queues", MQ_QUEUE_COUNT(cli->settings.partitions));
    cli_report_bool(&report, "there", "all there", true);
    cli_report_end(&report);
    return FC_EXIT_OK;
}

static int missing(const struct cli *cli, const struct fc_err *err)
{
    (void)cli_trouble(cli, err);
    /* A queue that is missing is what a check is there to find. */
    return err->cure == FC_CURE_EXIT ? FC_EXIT_FAILED : FC_EXIT_LATER;
}

int cli_topology_apply(struct cli *cli)
{
    struct mq_settings settings;
    struct fc_err err;
    int exit;

    if (!cli_parse(cli, NULL, 0, &exit))
        return exit;
    if (mq_settings_parse(fc_str_of(cli->settings.broker), "firstcome topology apply", &settings,
                          &err) != FC_OK ||
        mq_topology_apply(&settings, cli->settings.partitions, &err) != FC_OK)
        return cli_trouble(cli, &err);
    return done(cli);
}

int cli_topology_check(struct cli *cli)
{
    struct mq_settings settings;
    struct fc_err err;
    int exit;

    if (!cli_parse(cli, NULL, 0, &exit))
        return exit;
    if (mq_settings_parse(fc_str_of(cli->settings.broker), "firstcome topology check", &settings,
                          &err) != FC_OK)
        return cli_trouble(cli, &err);
    if (mq_topology_check(&settings, cli->settings.partitions, &err) != FC_OK)
        return missing(cli, &err);
    return done(cli);
}
