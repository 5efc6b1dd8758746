/*
 * The database as the command line uses it: one connection for the time of a command.
 */
#ifndef FC_CLI_DATABASE_H
#define FC_CLI_DATABASE_H

#include "db/conn.h"
#include "producer/cli/cli.h"

/* Opens it and checks that the schema is this program's. On failure it is told. */
FC_MUST_USE bool cli_database_open(const struct cli *cli, struct db **ret_db, int *ret_exit);

#endif
