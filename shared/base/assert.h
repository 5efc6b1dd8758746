/*
 * Assertions for mistakes of ours: always on, in release builds too. An assertion that fails
 * prints where and aborts; the supervisor restarts the process and the broker delivers again.
 * Bytes from outside are never asserted, they are returned as trouble (base/err.h).
 */
#ifndef FC_BASE_ASSERT_H
#define FC_BASE_ASSERT_H

#include "base/compiler.h"

#define FC_ASSERT(condition)                                  \
    do {                                                      \
        if (!(condition))                                     \
            fc_assert_failed(__FILE__, __LINE__, #condition); \
    } while (0)

/* Stands where control cannot come: after a switch over every value of an enum, mostly. */
#define FC_UNREACHABLE(why) fc_assert_failed(__FILE__, __LINE__, "unreachable: " why)

/*
 * Called before the abort with the sentence that would be printed. Tests set it to turn the
 * death into an outcome (longjmp); nothing else does.
 */
typedef void fc_assert_hook(const char *text);

void fc_assert_hook_set(fc_assert_hook *hook);

FC_NORETURN void fc_assert_failed(const char *file, int line, const char *text);

#endif
