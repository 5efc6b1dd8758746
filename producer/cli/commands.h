/*
 * The commands of `firstcome`, one function each: reads its words, does it, says what came of it,
 * returns the exit code.
 */
#ifndef FC_CLI_COMMANDS_H
#define FC_CLI_COMMANDS_H

struct cli;

int cli_migrate(struct cli *cli);
int cli_topology_apply(struct cli *cli);
int cli_topology_check(struct cli *cli);
int cli_catalog_import(struct cli *cli);
int cli_orders_replay(struct cli *cli);
int cli_orders_verify_top(struct cli *cli);
int cli_race(struct cli *cli);
int cli_load(struct cli *cli);
int cli_audit(struct cli *cli);
int cli_replay(struct cli *cli);
int cli_top(struct cli *cli);
int cli_status(struct cli *cli);
int cli_stats_rebuild(struct cli *cli);
int cli_policy_check(struct cli *cli);
int cli_policy_apply(struct cli *cli);
int cli_policy_show(struct cli *cli);
int cli_policy_diff(struct cli *cli);
int cli_parked_list(struct cli *cli);
int cli_parked_show(struct cli *cli);
int cli_parked_requeue(struct cli *cli);
int cli_parked_drop(struct cli *cli);
int cli_demo(struct cli *cli);
int cli_sample_generate(struct cli *cli);

#endif
