#include "outgoing/webhook.h"

#include "support/expect.h"

#include <string.h>

/* The sample of the reference libraries of the specification. */
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define BODY "{\"test\": 2432232314}"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static const struct fc_instant sample_at = {1614265330 * FC_US_PER_S + 999999};

static struct webhook_key key_of(const char *secret)
{
    struct webhook_key key;
    struct fc_err err;

    if (webhook_key_parse(fc_str_of(secret), &key, &err) != FC_OK)
        fail_msg("%s: %s", secret, err.text);
    return key;
}

static void test_webhook_signs_the_sample_of_the_specification(void **state)
{
    struct webhook_key key = key_of(SECRET);
    struct webhook_headers headers;

    (void)state;
    webhook_sign(&key, ID, sample_at, FC_STR(BODY), &headers);
    assert_string_equal(headers.id, "webhook-id: " ID);
    assert_string_equal(headers.timestamp, "webhook-timestamp: 1614265330");
    assert_string_equal(headers.signature, "webhook-signature: " SIGNATURE);
}

/* The same by `openssl dgst -sha256 -mac HMAC`, of a key of 64 bytes and an empty body. */
static void test_webhook_signs_with_the_longest_key(void **state)
{
    struct webhook_key key =
        key_of("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc"
               "4OTo7PD0+Pw==");
    struct webhook_headers headers;

    (void)state;
    assert_int_equal(key.count, 64);
    webhook_sign(&key, "x", (struct fc_instant){0}, FC_STR_NONE, &headers);
    assert_string_equal(headers.signature,
                        "webhook-signature: v1,M0SN7lQPuaQC/WNqtLmdzeHAtch+GsFQTkXcxqY2udU=");
}

static void test_webhook_any_difference_is_another_signature(void **state)
{
    struct webhook_key key = key_of(SECRET);
    struct webhook_key other = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx");
    struct webhook_headers all[5];

    (void)state;
    webhook_sign(&key, ID, sample_at, FC_STR(BODY), &all[0]);
    webhook_sign(&other, ID, sample_at, FC_STR(BODY), &all[1]);
    webhook_sign(&key, "msg_p5jXN8AQM9LWM0D4loKWxJel", sample_at, FC_STR(BODY), &all[2]);
    webhook_sign(&key, ID, (struct fc_instant){sample_at.us + 1}, FC_STR(BODY), &all[3]);
    webhook_sign(&key, ID, sample_at, FC_STR("{\"test\": 2432232315}"), &all[4]);
    for (size_t i = 0; i < FC_ARRAY_COUNT(all); i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(all[i].signature, all[j].signature);
}

static void test_webhook_id_is_of_the_body_alone(void **state)
{
    char first[WEBHOOK_ID_TEXT_BYTES + 1];
    char again[WEBHOOK_ID_TEXT_BYTES + 1];

    (void)state;
    webhook_id_of(FC_STR("abc"), first);
    assert_string_equal(first, "msg_cf4ab791c62b8d2b2109c90275287816"); /* b2sum -l 128 */
    webhook_id_of(FC_STR("abc"), again);
    assert_string_equal(first, again);
    webhook_id_of(FC_STR("abd"), again);
    assert_string_not_equal(first, again);
}

static void test_webhook_secret_of_another_form_is_refused_and_not_quoted(void **state)
{
    static const char too_long[] =
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0"
        "+P0A="; /* 65 bytes */
    static const char *const secrets[] = {
        "",
        "whsec_",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",        /* no prefix */
        "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",  /* another */
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==",  /* 22 bytes */
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS=",  /* 23 bytes */
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",   /* cut */
        "whsec_MfKQ9r8GKYqrTwjU_PD8ILPZIo2LaLaS-", /* the other alphabet */
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw ", /* a blank */
        too_long,
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(secrets); i++) {
        struct webhook_key key;
        struct fc_err err;

        if (webhook_key_parse(fc_str_of(secrets[i]), &key, &err) != FC_FAIL)
            fail_msg("accepted: %s", secrets[i]);
        assert_int_equal(err.cure, FC_CURE_EXIT);
        assert_null(strstr(err.text, "MfKQ9"));
    }
}

static void test_webhook_id_with_a_dot_is_a_mistake(void **state)
{
    struct webhook_key key = key_of(SECRET);
    struct webhook_headers headers;

    (void)state;
    EXPECT_ASSERT(webhook_sign(&key, "a.b", sample_at, FC_STR_NONE, &headers));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_webhook_signs_the_sample_of_the_specification),
        cmocka_unit_test(test_webhook_signs_with_the_longest_key),
        cmocka_unit_test(test_webhook_any_difference_is_another_signature),
        cmocka_unit_test(test_webhook_id_is_of_the_body_alone),
        cmocka_unit_test(test_webhook_secret_of_another_form_is_refused_and_not_quoted),
        cmocka_unit_test(test_webhook_id_with_a_dot_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
