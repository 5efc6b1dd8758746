#include "support/expect.h"

#include "base/word.h"

/* The first byte that meets a test, found one by one; 8 for none. */
static size_t first_below(const char *text, unsigned char bound)
{
    size_t at = 0;

    while (at < FC_WORD_BYTES && (unsigned char)text[at] >= bound)
        at++;
    return at;
}

static size_t first_equal(const char *text, unsigned char byte)
{
    size_t at = 0;

    while (at < FC_WORD_BYTES && (unsigned char)text[at] != byte)
        at++;
    return at;
}

static size_t first_of(uint64_t met)
{
    return met == 0 ? FC_WORD_BYTES : fc_word_first(met);
}

static void assert_tests_agree(const char *text)
{
    static const unsigned char bounds[] = {1, 2, 0x20, 0x7F, 128};
    static const unsigned char bytes[] = {0, 1, '"', '\\', 0x7F, 0x80, 0xFF};
    uint64_t word = fc_word_load(text);
    uint64_t high = fc_word_high(word);
    size_t plain = 0;

    for (size_t i = 0; i < FC_ARRAY_COUNT(bounds); i++)
        assert_int_equal(first_of(fc_word_below(word, bounds[i])), first_below(text, bounds[i]));
    for (size_t i = 0; i < FC_ARRAY_COUNT(bytes); i++)
        assert_int_equal(first_of(fc_word_equal(word, bytes[i])), first_equal(text, bytes[i]));
    while (plain < FC_WORD_BYTES && (unsigned char)text[plain] < 128)
        plain++;
    assert_int_equal(first_of(high), plain);
}

static void test_word_has_the_first_byte_lowest(void **state)
{
    (void)state;
    assert_true(fc_word_load("\x01\x02\x03\x04\x05\x06\x07\x88") == 0x8807060504030201u);
    assert_true(FC_WORD_OF(0x20) == 0x2020202020202020u);
    assert_int_equal(fc_word_first(0x80), 0);
    assert_int_equal(fc_word_first(0x8000000000000000u), 7);
}

static void test_word_tests_find_any_byte_in_any_place(void **state)
{
    static const char others[] = {'a', 0, 1, 0x1F, '"', '#', '\\', 0x7F, -128, -1};

    (void)state;
    for (size_t other = 0; other < sizeof(others); other++)
        for (int byte = 0; byte < 256; byte++)
            for (size_t place = 0; place < FC_WORD_BYTES; place++) {
                char text[FC_WORD_BYTES];

                for (size_t i = 0; i < sizeof(text); i++)
                    text[i] = others[other];
                text[place] = (char)byte;
                assert_tests_agree(text);
            }
}

static void test_word_tests_of_any_word(void **state)
{
    uint64_t seed = 7;

    (void)state;
    for (int32_t round = 0; round < 20000; round++) {
        char text[FC_WORD_BYTES];

        for (size_t i = 0; i < sizeof(text); i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text[i] = (char)(seed >> 56);
        }
        assert_tests_agree(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_word_has_the_first_byte_lowest),
        cmocka_unit_test(test_word_tests_find_any_byte_in_any_place),
        cmocka_unit_test(test_word_tests_of_any_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
