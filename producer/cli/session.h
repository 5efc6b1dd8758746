/*
 * What commands over HTTP share: the way to the ingress, and runs of many commands with progress
 * and a sum.
 */
#ifndef FC_CLI_SESSION_H
#define FC_CLI_SESSION_H

#include "producer/cli/ask.h"
#include "producer/cli/cli.h"

/* Opens `lane_count` lanes and waits a little for a ready ingress. On failure it is told, and
 * *ret_exit is the command's exit code. */
FC_MUST_USE bool cli_session_open(const struct cli *cli, int32_t lane_count,
                                  struct cli_client **ret_client, int *ret_exit);

/* A --run becomes part of idempotency keys. False when it cannot: it is told. */
FC_MUST_USE bool cli_run_check(const struct cli *cli, const char *run, int *ret_exit);

struct cli_stage {
    const char *label; /* of its bar */
    int64_t total;
    struct cli_asker asker; /* all but tally and progress */
    struct cli_tally *tally;
};

/* Runs one stage under a bar. */
void cli_stage_run(const struct cli *cli, struct cli_client *client, struct cli_stage *stage);

/* FC_EXIT_OK when nothing is unknown and all refusals were expected, else the sentence is told
 * and it is FC_EXIT_FAILED; FC_EXIT_LATER when nothing was ever accepted. */
int cli_stage_exit(const struct cli *cli, const struct cli_stage *stage, struct fc_str allowed);

#endif
