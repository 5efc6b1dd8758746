/*
 * Policies as people read them: over several lines, and two of them setting by setting. Pure.
 */
#ifndef FC_CLI_POLICY_TEXT_H
#define FC_CLI_POLICY_TEXT_H

#include "wire/policy.h"

/* The canonical document over several lines, with a newline at the end; itself a document. */
void policy_text_put(struct fc_buf *buf, const struct policy *policy);

#define POLICY_VALUE_BYTES 512

/* A setting in which two policies differ; the texts live in `memory`. */
struct policy_change {
    const char *pointer;
    struct fc_str before; /* as JSON */
    struct fc_str after;
    char memory[2][POLICY_VALUE_BYTES];
};

/* Whether they differ in that setting (0 to WIRE_POLICY_SETTINGS - 1), and how. */
bool policy_differs(const struct policy *before, const struct policy *after, int32_t setting,
                    struct policy_change *ret_change);

#endif
