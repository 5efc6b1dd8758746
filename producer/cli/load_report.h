/*
 * What a run of load has to say: for people, or as one JSON object; its latencies as a file that
 * plotters read; its requests one by one.
 */
#ifndef FC_CLI_LOAD_REPORT_H
#define FC_CLI_LOAD_REPORT_H

#include "producer/cli/load_proof.h"
#include "producer/cli/report.h"

/* The measured time's figures. */
void load_report_put(const struct load_run *run, const char *name, struct cli_report *report);
void load_report_put_proof(const struct load_proof *proof, struct cli_report *report);

/* HdrHistogram's text, and one JSON object a request. */
FC_MUST_USE enum fc_rc load_histogram_write(const struct load_run *run, const char *path,
                                            struct fc_err *ret_err);
FC_MUST_USE enum fc_rc load_history_write(const struct load_run *run, const char *path,
                                          struct fc_err *ret_err);

#endif
