/*
 * Golden files: what a message, document or event looks like as bytes, kept under tests/golden/ so
 * that a change of the contract shows in a review. With FIRSTCOME_GOLDEN=write in the environment
 * the files are written anew instead of compared.
 */
#ifndef FC_TESTS_SUPPORT_GOLDEN_H
#define FC_TESTS_SUPPORT_GOLDEN_H

#include "base/str.h"

/* The test fails unless the file `name` holds `text` and a newline. */
void golden_check(const char *name, struct fc_str text);

/* The file without its last newline; valid until the next call. The test fails without it. */
struct fc_str golden_read(const char *name);

#endif
