/*
 * JSON Schema (2020-12), the part of it that our schemas use. A keyword that is not known here
 * fails the test that runs: a schema is never taken to say less than it does.
 */
#ifndef FC_TESTS_SUPPORT_SCHEMA_H
#define FC_TESTS_SUPPORT_SCHEMA_H

#include <stdbool.h>

struct json_object;

/* Whether the schema takes the value. */
bool schema_takes(struct json_object *schema, struct json_object *value);

#endif
