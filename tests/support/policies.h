/*
 * Policies in tests: what a document comes to, as one text, and the documents that ship.
 */
#ifndef FC_TESTS_SUPPORT_POLICIES_H
#define FC_TESTS_SUPPORT_POLICIES_H

#include "core/policy.h"

#include "base/str.h"

struct json_object;

/* Of deploy/policies, without ".json"; the last is NULL. */
extern const char *const policy_names[];

/* The bytes of deploy/policies/<file>; valid until the call after the next. The test fails without
 * it. */
struct fc_str policy_file_read(const char *file);

/* deploy/policies/<name>.json as a tree; the caller puts it. */
struct json_object *policy_document(const char *name);

/* The policy of deploy/policies/<name>.json; the test fails when it is none. */
struct policy policy_of(const char *name);

/* A good document gives its canonical form, a bad one "! " and its faults ("pointer detail; …") in
 * the order in which they were found; valid until the next call. */
struct fc_str policy_outcome(struct fc_str document);

#endif
