/*
 * Policies as the commands name them: a file, a version of the policy table, or what is in force.
 * What cannot be read is told, every fault of it.
 */
#ifndef FC_CLI_POLICY_SOURCE_H
#define FC_CLI_POLICY_SOURCE_H

#include "db/conn.h"
#include "producer/cli/cli.h"
#include "wire/policy.h"

struct policy_source {
    char title[80]; /* "version 3", "the usual rules", or the file */
    struct policy policy;
    struct fc_instant applied_at; /* of a version */
};

/* False: it was told; *ret_exit says how (a file that is none or holds no policy: FAILED). */
FC_MUST_USE bool policy_source_file(const struct cli *cli, const char *path,
                                    struct policy_source *ret_source, int *ret_exit);

/* Version 0: the newest, or the usual rules when none was applied. */
FC_MUST_USE bool policy_source_table(const struct cli *cli, struct db *db, int64_t version,
                                     struct policy_source *ret_source, int *ret_exit);

/* A version when the word is a number, else a file. */
FC_MUST_USE bool policy_source_word(const struct cli *cli, struct db *db, const char *word,
                                    struct policy_source *ret_source, int *ret_exit);

#endif
