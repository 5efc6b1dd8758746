/*
 * Tables of command bodies: what a body comes to, as one text. A good one gives its canonical
 * form, a bad one "! " and its faults, "pointer detail" each, in the order in which they were
 * found.
 */
#ifndef FC_TESTS_SUPPORT_BODIES_H
#define FC_TESTS_SUPPORT_BODIES_H

#include "base/arena.h"
#include "core/command.h"
#include "wire/problem.h"

struct body_case {
    const char *body;
    const char *want;
};

/* A large arena, empty, one for all tests of a program. */
struct fc_arena *body_arena(void);

/* "/lines is required; /user_id …" */
void faults_text_put(struct fc_buf *buf, const struct wire_faults *faults);

/* Each row parsed as the body of `command` (its type and key; for a restock its option). A
 * canonical form is parsed once more and must give itself. */
void body_cases_check(const struct command *command, const struct body_case *cases, size_t count);

#endif
