#include "producer/cli/session.h"

#include "producer/cli/bodies.h"

#define READY_MS_MAX 5000

bool cli_run_check(const struct cli *cli, const char *run, int *ret_exit)
{
    struct fc_str text = fc_str_of(run);
    bool good = text.len > 0 && text.len <= CLI_RUN_BYTES_MAX;

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x21 || text.ptr[i] > 0x7E || text.ptr[i] == '"' || text.ptr[i] == '\\')
            good = false;
    if (!good)
        *ret_exit = cli_usage(cli, "--run takes 1 to %d visible characters without quotes",
                              CLI_RUN_BYTES_MAX);
    return good;
}

bool cli_session_open(const struct cli *cli, int32_t lane_count, struct cli_client **ret_client,
                      int *ret_exit)
{
    struct cli_client_settings settings = {
        .urls = cli->settings.url,
        .gateway_token = cli->settings.gateway_token,
        .lane_count = lane_count,
        .wake_fd = cli->wake_fd,
    };
    struct cli_client *client = NULL;
    struct fc_err err;

    if (cli_client_open(&settings, &client, &err) != FC_OK ||
        cli_await_ready(client, READY_MS_MAX, &err) != FC_OK) {
        *ret_exit = cli_trouble(cli, &err);
        cli_client_close(client);
        return false;
    }
    *ret_client = client;
    return true;
}

void cli_stage_run(const struct cli *cli, struct cli_client *client, struct cli_stage *stage)
{
    struct cli_progress progress;

    cli_tally_begin(stage->tally);
    if (stage->total == 0)
        return;
    cli_progress_begin(&progress, stage->label, stage->total, cli->err_is_tty);
    stage->asker.tally = stage->tally;
    stage->asker.progress = &progress;
    cli_ask(client, &stage->asker);
    cli_tally_end(stage->tally);
    cli_progress_end(&progress);
}

static void tell_unexpected(const struct cli *cli, const struct cli_stage *stage,
                            struct fc_str allowed)
{
    const struct cli_tally *tally = stage->tally;

    for (int32_t i = 0; i < tally->code_count; i++) {
        struct cli_tally one = {.code_count = 1};

        one.codes[0] = tally->codes[i];
        if (cli_tally_unexpected(&one, allowed) > 0)
            cli_say(cli, "%s: %lld refused with %s", stage->label, (long long)tally->codes[i].count,
                    tally->codes[i].code);
    }
    if (tally->ends[CLI_END_PARKED] > 0)
        cli_say(cli, "%s: %lld parked; see firstcome parked list", stage->label,
                (long long)tally->ends[CLI_END_PARKED]);
}

int cli_stage_exit(const struct cli *cli, const struct cli_stage *stage, struct fc_str allowed)
{
    const struct cli_tally *tally = stage->tally;
    int64_t unknown = cli_tally_unknown(tally);

    tell_unexpected(cli, stage, allowed);
    if (unknown > 0)
        cli_say(cli, "%s: of %lld commands no verdict is known (%s)", stage->label,
                (long long)unknown, tally->trouble);
    if (fc_process_stopping()) {
        cli_say(cli, "%s: stopped after %lld of %lld", stage->label,
                (long long)cli_tally_total(tally), (long long)stage->total);
        return FC_EXIT_FAILED;
    }
    if (unknown > 0 && unknown == cli_tally_total(tally))
        return FC_EXIT_LATER;
    if (unknown > 0 || cli_tally_unexpected(tally, allowed) > 0)
        return FC_EXIT_FAILED;
    return FC_EXIT_OK;
}
