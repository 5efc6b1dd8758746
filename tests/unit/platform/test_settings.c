#include "platform/platform_job.h"

#include "support/expect.h"

#include <string.h>

struct row {
    const char *url;
    const char *secret;
    const char *culprit; /* NULL: they are good */
};

static void test_platform_settings_that_cannot_be_are_named(void **state)
{
    static const char good[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    static const struct row rows[] = {
        {"http://platform.example/events", good, NULL},
        {"https://platform.example", good, NULL},
        {"ftp://platform.example", good, "FIRSTCOME_PLATFORM_URL"},
        {"platform.example", good, "FIRSTCOME_PLATFORM_URL"},
        {"", good, "FIRSTCOME_PLATFORM_URL"},
        {"http://platform.example", "secret", "FIRSTCOME_PLATFORM_SECRET"},
        {"http://platform.example", "", "FIRSTCOME_PLATFORM_SECRET"},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct platform_settings settings = {.connect_ms = 1, .total_ms = 1};
        struct fc_err err;

        (void)fc_str_copy(fc_str_of(rows[i].url), settings.url, sizeof(settings.url));
        (void)fc_str_copy(fc_str_of(rows[i].secret), settings.secret, sizeof(settings.secret));
        enum fc_rc rc = platform_settings_check(&settings, &err);

        assert_int_equal(rc, rows[i].culprit == NULL ? FC_OK : FC_FAIL);
        if (rc == FC_OK)
            continue;
        assert_int_equal(err.cure, FC_CURE_EXIT);
        assert_non_null(strstr(err.text, rows[i].culprit));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_platform_settings_that_cannot_be_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
