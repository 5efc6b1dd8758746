/*
 * What cmocka lacks for our types: an assertion of ours that is expected to fail, and views
 * compared with C strings. Includes cmocka with all that it needs before it.
 */
#ifndef FC_TESTS_SUPPORT_EXPECT_H
#define FC_TESTS_SUPPORT_EXPECT_H

#include "base/assert.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above. */
#include <cmocka.h>

extern jmp_buf expect_jump;

/* The hook that EXPECT_ASSERT sets: keeps the sentence and jumps back. */
void expect_assert_hook(const char *text);

/* The sentence of the last assertion that failed as expected. */
const char *expect_assert_text(void);

/* Runs `statement`, which must fail an FC_ASSERT or reach an FC_UNREACHABLE. */
#define EXPECT_ASSERT(statement)                                \
    do {                                                        \
        fc_assert_hook_set(expect_assert_hook);                 \
        if (setjmp(expect_jump) == 0) {                         \
            statement;                                          \
            fc_assert_hook_set(NULL);                           \
            fail_msg("no assertion failed in: %s", #statement); \
        }                                                       \
        fc_assert_hook_set(NULL);                               \
    } while (0)

/* A view against a C string; prints both when they differ. */
#define assert_str_equal(actual, expected) \
    expect_str_equal((actual), (expected), __FILE__, __LINE__)

void expect_str_equal(struct fc_str actual, const char *expected, const char *file, int line);

/* A view that holds a C string somewhere. */
#define assert_str_contains(actual, expected) \
    expect_str_contains((actual), (expected), __FILE__, __LINE__)

void expect_str_contains(struct fc_str actual, const char *expected, const char *file, int line);

#endif
