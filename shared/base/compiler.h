/*
 * Names for the few compiler attributes the tree uses, so that a header reads the same under
 * gcc and clang.
 */
#ifndef FC_BASE_COMPILER_H
#define FC_BASE_COMPILER_H

#define FC_MUST_USE __attribute__((warn_unused_result))
#define FC_NORETURN __attribute__((noreturn))
#define FC_PRINTF(format_arg, first_arg) __attribute__((format(printf, format_arg, first_arg)))

#define FC_ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
