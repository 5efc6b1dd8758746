/*
 * What stands between the parts of a head that the library has read: more than belongs there is
 * what it did not see (found by tests/security/test_torture.sh).
 */
#include "support/expect.h"

#include "producer/layout.h"

#include <string.h>

/* Reads a head as the library does: lines end at CR LF, a value at a NUL, parts stay in place. */
static bool is_whole(const char *bytes, size_t size)
{
    static char text[512];
    struct layout layout;
    char *at = text;
    char *target;
    char *version;

    memcpy(text, bytes, size);
    target = strchr(text, ' ') + 1;
    version = strstr(target, " HTTP") + 1;
    target[-1] = '\0';
    version[-1] = '\0';
    at = strchr(version, '\r');
    *at = '\0';
    layout_begin(&layout, text, layout_target(target), version);
    for (at += 2; *at != '\r'; at += 2) {
        char *end = strchr(at, '\r') != NULL ? strchr(at, '\r') : at + strlen(at);
        char *colon = strchr(at, ':');
        char *value = colon + 1;

        while (*value == ' ')
            value++;
        layout_add(&layout, (struct fc_str){at, (size_t)(colon - at)},
                   (struct fc_str){value, (size_t)(end - value)});
        at = end;
        if (*end == '\0')
            at = strchr(end + 1, '\r');
    }
    return layout_is_whole(&layout, size);
}

#define WHOLE(text) is_whole((text), sizeof(text) - 1)

static void test_layout_of_a_head_that_was_read_as_it_stands_is_whole(void **state)
{
    (void)state;
    assert_true(WHOLE("GET / HTTP/1.1\r\n\r\n"));
    assert_true(WHOLE("GET /a?b=1 HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(WHOLE("POST / HTTP/1.1\r\nHost:a\r\nX:   b  \r\nY: \r\n\r\n"));
}

static void test_layout_with_something_unseen_is_not_whole(void **state)
{
    (void)state;
    assert_false(WHOLE("GET / HTTP/1.1\r\nX: a\0b\r\n\r\n"));
    assert_false(WHOLE("GET / HTTP/1.1\r\nX: a\0b\r\nHost: a\r\n\r\n"));
    assert_false(WHOLE("GET /a b HTTP/1.1\r\n\r\n"));
    assert_false(WHOLE("GET /a\x01 HTTP/1.1\r\n\r\n"));
    assert_false(WHOLE("GET /a\x7f HTTP/1.1\r\n\r\n"));
}

static void test_layout_size_must_be_that_of_what_was_read(void **state)
{
    static const char text[] = "GET / HTTP/1.1\r\n\r\n";

    (void)state;
    assert_false(is_whole(text, sizeof(text) - 2));
    assert_false(is_whole(text, sizeof(text)));
}

/* A folded line is glued to the name before it, elsewhere. */
static void test_layout_of_a_header_that_is_elsewhere_is_not_whole(void **state)
{
    static const char line[] = "GET\0/\0HTTP/1.1\0\nX: a\r\n\r\n";
    static const char elsewhere[] = "Xfolded";
    struct layout layout;

    (void)state;
    layout_begin(&layout, line, (struct fc_str){line + 4, 1}, line + 6);
    layout_add(&layout, (struct fc_str){elsewhere, 7}, (struct fc_str){line + 19, 1});
    assert_false(layout_is_whole(&layout, sizeof(line) - 1));
    layout_begin(&layout, line, (struct fc_str){line + 4, 1}, line + 6);
    layout_add(&layout, (struct fc_str){line + 16, 1}, (struct fc_str){line + 19, 1});
    assert_true(layout_is_whole(&layout, sizeof(line) - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout_of_a_head_that_was_read_as_it_stands_is_whole),
        cmocka_unit_test(test_layout_with_something_unseen_is_not_whole),
        cmocka_unit_test(test_layout_size_must_be_that_of_what_was_read),
        cmocka_unit_test(test_layout_of_a_header_that_is_elsewhere_is_not_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
