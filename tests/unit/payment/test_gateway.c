/*
 * The contract with a gateway (docs/payment-gateway.md): what is sent, and what each answer says.
 */
#include "support/expect.h"

#include "base/limits.h"
#include "payment/gateway.h"

#include <stdio.h>
#include <string.h>

#define ORDER "0192f3a4-5b6c-8d7e-8f90-a1b2c3d4e5f6"

static char memory[65536];
static struct fc_arena arena;
static struct gateway_settings settings;
static struct gateway_payment payment;
static struct gateway_memory written;
static struct outgoing_request request;

static int begin(void **state)
{
    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    settings = (struct gateway_settings){"http://gw:1/x", "", 200, 3000};
    payment = (struct gateway_payment){.user_id = 7, .amount = KRW(9500)};
    assert_true(fc_uuid_parse(FC_STR(ORDER), &payment.order_id));
    memset(&request, 'x', sizeof(request));
    return 0;
}

static void put(enum gateway_call call)
{
    gateway_request(&settings, call, &payment, &written, &request);
}

static void test_gateway_ask_is_a_post_with_the_order_as_its_key(void **state)
{
    (void)state;
    put(GATEWAY_ASK);
    assert_int_equal(request.method, OUTGOING_POST);
    assert_string_equal(request.url, "http://gw:1/x/v1/payments");
    assert_int_equal(request.header_count, 2);
    assert_string_equal(request.headers[0], "Idempotency-Key: " ORDER);
    assert_string_equal(request.headers[1], "Content-Type: application/json");
    assert_str_equal(request.body, "{\"order_id\":\"" ORDER "\",\"user_id\":7,\"amount\":9500,"
                                   "\"currency\":\"KRW\"}");
    assert_int_equal(request.connect_ms, 200);
    assert_int_equal(request.total_ms, 3000);
}

static void test_gateway_look_is_a_get(void **state)
{
    (void)state;
    put(GATEWAY_LOOK);
    assert_int_equal(request.method, OUTGOING_GET);
    assert_string_equal(request.url, "http://gw:1/x/v1/payments/" ORDER);
    assert_int_equal(request.header_count, 0);
    assert_int_equal(request.body.len, 0);
}

static void test_gateway_void_is_a_post_without_a_body(void **state)
{
    (void)state;
    put(GATEWAY_VOID);
    assert_int_equal(request.method, OUTGOING_POST);
    assert_string_equal(request.url, "http://gw:1/x/v1/payments/" ORDER "/void");
    assert_string_equal(request.headers[0], "Idempotency-Key: " ORDER);
    assert_int_equal(request.body.len, 0);
}

static void test_gateway_token_goes_with_every_call(void **state)
{
    (void)state;
    (void)snprintf(settings.token, sizeof(settings.token), "s3cret");
    for (int call = 0; call < GATEWAY_CALL_COUNT; call++) {
        put((enum gateway_call)call);
        assert_string_equal(request.headers[request.header_count - 1],
                            "Authorization: Bearer s3cret");
    }
}

static void test_gateway_longest_settings_fit(void **state)
{
    (void)state;
    memset(settings.url, 'u', sizeof(settings.url) - 1);
    memset(settings.token, 't', sizeof(settings.token) - 1);
    payment.user_id = ID_MAX;
    payment.amount = KRW(AMOUNT_KRW_MAX);
    put(GATEWAY_ASK);
    put(GATEWAY_VOID);
    assert_int_equal(strlen(request.url),
                     sizeof(settings.url) - 1 + strlen("/v1/payments/" ORDER "/void"));
}

/* --- answers ---------------------------------------------------------------------------------- */

static struct gateway_answer read_as(enum gateway_call call, int32_t status, const char *body)
{
    const struct outgoing_answer answer = {.fate = OUTGOING_ANSWERED,
                                           .status = status,
                                           .body = fc_str_of(body),
                                           .retry_after_s = 3,
                                           .trouble = ""};

    return gateway_answer_read(call, &payment.order_id, &answer, &arena);
}

static void says(enum gateway_call call, int32_t status, const char *body, enum gateway_says want)
{
    struct gateway_answer answer = read_as(call, status, body);

    if (answer.says != want)
        fail_msg("%s %d %s: says %s, not %s", gateway_call_name(call), (int)status, body,
                 gateway_says_name(answer.says), gateway_says_name(want));
}

#define DOCUMENT(status) "{\"order_id\":\"" ORDER "\",\"status\":\"" status "\"}"

static void test_gateway_document_decides_whatever_success_it_comes_with(void **state)
{
    static const int32_t statuses[] = {200, 201, 202, 299};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(statuses); i++) {
        for (int call = 0; call < GATEWAY_CALL_COUNT; call++) {
            enum gateway_call asked = (enum gateway_call)call;

            says(asked, statuses[i], DOCUMENT("approved"), GATEWAY_APPROVED);
            says(asked, statuses[i], DOCUMENT("declined"), GATEWAY_DECLINED);
            says(asked, statuses[i], DOCUMENT("pending"), GATEWAY_PENDING);
            says(asked, statuses[i], DOCUMENT("voided"), GATEWAY_VOIDED);
            says(asked, statuses[i], DOCUMENT("refunded"), GATEWAY_VOIDED);
        }
    }
}

static void test_gateway_errors_say_what_follows_from_them(void **state)
{
    static const int32_t later[] = {100, 302, 304, 401, 403, 405, 407, 408, 409,
                                    425, 429, 500, 502, 503, 504, 599, 600};
    static const int32_t refused[] = {400, 402, 406, 410, 411, 413, 415, 422, 451, 499};

    (void)state;
    for (int call = 0; call < GATEWAY_CALL_COUNT; call++) {
        for (size_t i = 0; i < FC_ARRAY_COUNT(later); i++)
            says((enum gateway_call)call, later[i], DOCUMENT("approved"), GATEWAY_LATER);
        for (size_t i = 0; i < FC_ARRAY_COUNT(refused); i++)
            says((enum gateway_call)call, refused[i], DOCUMENT("approved"), GATEWAY_REFUSED);
    }
    says(GATEWAY_LOOK, 404, "", GATEWAY_UNKNOWN);
    /* Nothing was looked for: it is the address that is wrong. */
    says(GATEWAY_ASK, 404, "", GATEWAY_LATER);
    says(GATEWAY_VOID, 404, "", GATEWAY_LATER);
}

static void test_gateway_what_the_contract_does_not_know_is_no_answer(void **state)
{
    static const char *const bodies[] = {
        "",
        "approved",
        "[]",
        "null",
        "{}",
        "{\"status\":\"approved\"}",
        "{\"order_id\":\"" ORDER "\"}",
        "{\"order_id\":\"" ORDER "\",\"status\":true}",
        "{\"order_id\":\"" ORDER "\",\"status\":\"Approved\"}",
        "{\"order_id\":\"" ORDER "\",\"status\":\"approved\"",
        "{\"order_id\":\"0192f3a4-5b6c-8d7e-8f90-a1b2c3d4e5f7\",\"status\":\"approved\"}",
        "{\"order_id\":\"\",\"status\":\"approved\"}",
        "{\"order_id\":7,\"status\":\"approved\"}",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(bodies); i++) {
        says(GATEWAY_ASK, 200, bodies[i], GATEWAY_SILENT);
        assert_true(read_as(GATEWAY_ASK, 200, bodies[i]).trouble.len > 0);
    }
}

static void test_gateway_names_and_reasons_are_kept_where_they_can_be(void **state)
{
    struct gateway_answer answer;

    (void)state;
    answer = read_as(GATEWAY_ASK, 200,
                     "{\"order_id\":\"" ORDER "\",\"status\":\"declined\",\"payment_id\":\"p-1\","
                     "\"reason\":\"too \xEB\x8F\x88\",\"more\":[1,2]}");
    assert_int_equal(answer.says, GATEWAY_DECLINED);
    assert_str_equal(answer.payment_id, "p-1");
    assert_str_equal(answer.reason, "too \xEB\x8F\x88");
    assert_int_equal(answer.retry_after_s, 3);
    answer = read_as(GATEWAY_ASK, 200,
                     "{\"order_id\":\"" ORDER "\",\"status\":\"approved\",\"payment_id\":7,"
                     "\"reason\":\"a\\nb\"}");
    assert_int_equal(answer.says, GATEWAY_APPROVED);
    assert_int_equal(answer.payment_id.len, 0);
    assert_int_equal(answer.reason.len, 0);
}

static void test_gateway_names_too_long_are_left_out_and_the_answer_stands(void **state)
{
    char body[1024];
    int32_t lengths[] = {NAME_BYTES_MAX, NAME_BYTES_MAX + 1};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char name[NAME_BYTES_MAX + 2] = "";

        memset(name, 'n', (size_t)lengths[i]);
        (void)snprintf(body, sizeof(body),
                       "{\"order_id\":\"" ORDER "\",\"status\":\"approved\",\"payment_id\":\"%s\"}",
                       name);
        struct gateway_answer answer = read_as(GATEWAY_ASK, 200, body);

        assert_int_equal(answer.says, GATEWAY_APPROVED);
        assert_int_equal(answer.payment_id.len, i == 0 ? NAME_BYTES_MAX : 0);
    }
}

static void test_gateway_silence_and_absence_are_told_apart(void **state)
{
    struct outgoing_answer answer = {
        .fate = OUTGOING_NOT_SENT, .retry_after_s = -1, .trouble = "refused"};

    (void)state;
    assert_int_equal(gateway_answer_read(GATEWAY_ASK, &payment.order_id, &answer, &arena).says,
                     GATEWAY_AWAY);
    answer.fate = OUTGOING_NO_ANSWER;
    struct gateway_answer read =
        gateway_answer_read(GATEWAY_ASK, &payment.order_id, &answer, &arena);

    assert_int_equal(read.says, GATEWAY_SILENT);
    assert_str_equal(read.trouble, "refused");
}

static void test_gateway_full_arena_keeps_the_answer_and_loses_its_texts(void **state)
{
    (void)state;
    fc_arena_init(&arena, memory, 1);
    struct gateway_answer answer =
        read_as(GATEWAY_ASK, 200,
                "{\"order_id\":\"" ORDER "\",\"status\":\"approved\",\"payment_id\":\"p-1\"}");

    assert_int_equal(answer.says, GATEWAY_APPROVED);
    assert_int_equal(answer.payment_id.len, 0);
}

static void test_gateway_words_have_names(void **state)
{
    (void)state;
    assert_string_equal(gateway_call_name(GATEWAY_LOOK), "look");
    for (int i = 0; i < GATEWAY_SAYS_COUNT; i++)
        assert_true(strlen(gateway_says_name((enum gateway_says)i)) > 0);
    EXPECT_ASSERT((void)gateway_says_name(GATEWAY_SAYS_COUNT));
    EXPECT_ASSERT((void)gateway_call_name(GATEWAY_CALL_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, begin)
        TEST(test_gateway_ask_is_a_post_with_the_order_as_its_key),
        TEST(test_gateway_look_is_a_get),
        TEST(test_gateway_void_is_a_post_without_a_body),
        TEST(test_gateway_token_goes_with_every_call),
        TEST(test_gateway_longest_settings_fit),
        TEST(test_gateway_document_decides_whatever_success_it_comes_with),
        TEST(test_gateway_errors_say_what_follows_from_them),
        TEST(test_gateway_what_the_contract_does_not_know_is_no_answer),
        TEST(test_gateway_names_and_reasons_are_kept_where_they_can_be),
        TEST(test_gateway_names_too_long_are_left_out_and_the_answer_stands),
        TEST(test_gateway_silence_and_absence_are_told_apart),
        TEST(test_gateway_full_arena_keeps_the_answer_and_loses_its_texts),
        TEST(test_gateway_words_have_names),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
