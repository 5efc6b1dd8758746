#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

static fc_assert_hook *assert_hook;

void fc_assert_hook_set(fc_assert_hook *hook)
{
    assert_hook = hook;
}

void fc_assert_failed(const char *file, int line, const char *text)
{
    char sentence[256];

    (void)snprintf(sentence, sizeof(sentence), "%s:%d: assertion failed: %s", file, line, text);
    /* A quote in the condition must not end the value in the line below. */
    for (char *c = sentence; *c != '\0'; c++)
        if (*c == '"')
            *c = '\'';
    if (assert_hook != NULL)
        assert_hook(sentence);
    (void)fprintf(stderr, "level=panic text=\"%s\"\n", sentence);
    abort();
}
