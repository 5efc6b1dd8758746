/*
 * The checks of sql/checks, run against the database: each is one statement, and so sees one
 * moment. Shared by `audit` and `demo`.
 */
#ifndef FC_CLI_AUDIT_H
#define FC_CLI_AUDIT_H

#include "db/conn.h"
#include "producer/cli/cli.h"
#include "producer/cli/report.h"

struct audit {
    int64_t checks;
    int64_t failed; /* checks that found something */
    int64_t rows;   /* that they found */
};

/* Runs every check and puts a table of them (for people, when `brief`, only if one found
 * something), and the first rows of what was found. */
FC_MUST_USE enum fc_rc audit_run(struct db *db, bool brief, struct cli_report *report,
                                 struct audit *ret_audit, struct fc_err *ret_err);

#endif
