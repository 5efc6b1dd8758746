#include "support/expect.h"

#include "wire/token.h"

#include <stdlib.h>
#include <string.h>

/* Each byte at each place of texts of each length, in memory of exactly that. */
static void test_token_plain_bytes_are_passed_up_to_any_other(void **state)
{
    (void)state;
    for (size_t len = 1; len <= 20; len++) {
        char *text = malloc(len);

        assert_non_null(text);
        for (int byte = 0; byte < 256; byte++) {
            bool stops = byte < 0x20 || byte == '"' || byte == '\\';

            for (size_t place = 0; place < len; place++) {
                memset(text, 'x', len);
                text[place] = (char)byte;
                assert_ptr_equal(wire_token_pass_plain(text, text + len),
                                 stops ? text + place : text + len);
                assert_ptr_equal(wire_token_pass_plain(text + len, text + len), text + len);
            }
        }
        free(text);
    }
}

static void test_token_decode(void **state)
{
    static const struct {
        const char *quoted;
        const char *want;
        bool clean;
    } rows[] = {
        {"\"\"", "", true},
        {"\"plain\"", "plain", true},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", true},
        {"\"a\\u0041\\u00e9\\u20ac\\ud83d\\ude00z\"", "aA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z",
         true},
        {"\"\\ud83d\"", NULL, false},
        {"\"\\u0000\"", NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        char memory[64];
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

        assert_int_equal(wire_token_decode(fc_str_of(rows[i].quoted), &buf), rows[i].clean);
        if (rows[i].want != NULL)
            assert_str_equal(fc_buf_str(&buf), rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_token_plain_bytes_are_passed_up_to_any_other),
        cmocka_unit_test(test_token_decode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
