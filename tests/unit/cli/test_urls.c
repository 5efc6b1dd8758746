#include "support/expect.h"

#include "producer/cli/urls.h"

static void test_urls_are_cut_at_commas_and_lose_their_slash(void **state)
{
    struct cli_urls urls;
    struct fc_err err;

    (void)state;
    assert_int_equal(
        cli_urls_parse(FC_STR("http://127.0.0.1:8080/,https://shop.test"), &urls, &err), FC_OK);
    assert_int_equal(urls.count, 2);
    assert_string_equal(urls.items[0], "http://127.0.0.1:8080");
    assert_string_equal(urls.items[1], "https://shop.test");
}

static void test_urls_that_are_none_are_a_wrong_setting(void **state)
{
    static const char *const texts[] = {"", "127.0.0.1:8080", "http://a,b", "ftp://a",
                                        "http://a,,"};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(texts); i++) {
        struct cli_urls urls = {.count = 7};
        struct fc_err err;

        assert_int_equal(cli_urls_parse(fc_str_of(texts[i]), &urls, &err), FC_FAIL);
        assert_int_equal(err.cure, FC_CURE_EXIT);
        assert_string_equal(err.where, "FIRSTCOME_URL");
        assert_int_equal(urls.count, 7);
    }
}

static void test_urls_of_the_limit_and_one_more(void **state)
{
    char memory[CLI_URLS_MAX * 16 + 16];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct cli_urls urls;
    struct fc_err err;

    (void)state;
    for (int32_t i = 0; i < CLI_URLS_MAX; i++)
        fc_buf_put_fmt(&buf, "%shttp://h%d", i > 0 ? "," : "", (int)i);
    assert_int_equal(cli_urls_parse(fc_buf_str(&buf), &urls, &err), FC_OK);
    assert_int_equal(urls.count, CLI_URLS_MAX);
    fc_buf_put_text(&buf, ",http://x");
    assert_int_equal(cli_urls_parse(fc_buf_str(&buf), &urls, &err), FC_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_urls_are_cut_at_commas_and_lose_their_slash),
        cmocka_unit_test(test_urls_that_are_none_are_a_wrong_setting),
        cmocka_unit_test(test_urls_of_the_limit_and_one_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
