/*
 * Reads what clients and other parties left in files into the evidence of a history check. Each
 * returns false with a sentence that names the place. Blocks on the disk. A last line without its
 * end was being written when its client was killed, and is passed over.
 */
#ifndef FC_TESTS_SUPPORT_HISTORY_CHECK_FILES_H
#define FC_TESTS_SUPPORT_HISTORY_CHECK_FILES_H

#include "support/history_check_evidence.h"

#define HISTORY_WHY_BYTES 1024

/* A client's history. */
FC_MUST_USE bool history_file_read(struct evidence *evidence, const char *path,
                                   char ret_why[HISTORY_WHY_BYTES]);

/* Lines of events, or of JSON arrays of events, as the platform's stand-in keeps and shows them. */
FC_MUST_USE bool history_platform_read(struct evidence *evidence, const char *path,
                                       char ret_why[HISTORY_WHY_BYTES]);

/* What GET /ledger of the gateway's stand-in answers. */
FC_MUST_USE bool history_gateway_read(struct evidence *evidence, const char *path,
                                      char ret_why[HISTORY_WHY_BYTES]);

#endif
