#include "support/expect.h"

#include <string.h>

jmp_buf expect_jump;

static char assert_text[256];

void expect_assert_hook(const char *text)
{
    (void)fc_str_copy(fc_str_of(text), assert_text, sizeof(assert_text));
    longjmp(expect_jump, 1);
}

const char *expect_assert_text(void)
{
    return assert_text;
}

void expect_str_equal(struct fc_str actual, const char *expected, const char *file, int line)
{
    if (fc_str_eq(actual, fc_str_of(expected)))
        return;
    print_error("is:        \"" FC_STR_FMT "\"\nshould be: \"%s\"\n", FC_STR_ARG(actual), expected);
    _fail(file, line);
}

void expect_str_contains(struct fc_str actual, const char *expected, const char *file, int line)
{
    struct fc_str wanted = fc_str_of(expected);

    for (struct fc_str rest = actual; rest.len >= wanted.len; rest.ptr++, rest.len--) {
        if (fc_str_starts_with(rest, wanted))
            return;
        if (rest.len == 0)
            break;
    }
    print_error("is:          \"" FC_STR_FMT "\"\nshould hold: \"%s\"\n", FC_STR_ARG(actual),
                expected);
    _fail(file, line);
}
