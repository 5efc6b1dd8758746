#include "support/expect.h"
#include "support/policies.h"

#include "wire/policy.h"

#include <json-c/json.h>
#include <json-c/json_pointer.h>
#include <stdio.h>
#include <string.h>

struct says {
    const char *name;
    const char *pointer;
    const char *value;
};

/* Rules A2 A3 A4 A5 A6 A7, B1 B5 B6 B8 B9, C2 C7, D1 D5 D8 D9 D10 D11 D13, E1 E2 E4 E5. */
static const struct says says[] = {
    {"option-stock", "/balance/charge_min", "10000"},
    {"option-stock", "/balance/charge_max", "500000"},
    {"option-stock", "/balance/charge_units", "[10000,50000,100000,500000]"},
    {"option-stock", "/balance/max", "2000000"},
    {"option-stock", "/balance/refund_above_max", "true"},
    {"option-stock", "/catalogue/price_step", "1"},
    {"option-stock", "/catalogue/options_max", "10"},
    {"option-stock", "/coupons/discounts", "[\"amount\"]"},
    {"option-stock", "/coupons/excess", "\"stops_at_total\""},
    {"option-stock", "/coupons/template_names_days", "true"},
    {"option-stock", "/coupons/welcome", "null"},
    {"option-stock", "/orders/cancel", "true"},
    {"option-stock", "/payment/methods", "[\"balance\"]"},
    {"option-stock", "/ranking/by", "\"quantity\""},
    {"option-stock", "/ranking/refresh", "\"daily\""},
    {"option-stock", "/ranking/days", "3"},
    {"coupon-ledger", "/balance/charge_min", "10000"},
    {"coupon-ledger", "/balance/charge_max", "null"},
    {"coupon-ledger", "/balance/charge_units", "[]"},
    {"coupon-ledger", "/balance/max", "9999999"},
    {"coupon-ledger", "/balance/refund_above_max", "false"},
    {"coupon-ledger", "/catalogue/price_step", "1"},
    {"coupon-ledger", "/coupons/discounts", "[\"amount\",\"rate\"]"},
    {"coupon-ledger", "/coupons/excess", "\"refused\""},
    {"coupon-ledger", "/coupons/template_names_days", "true"},
    {"coupon-ledger", "/coupons/welcome", "null"},
    {"coupon-ledger", "/orders/cancel", "true"},
    {"coupon-ledger", "/payment/methods", "[\"balance\"]"},
    {"coupon-ledger", "/ranking/by", "\"quantity\""},
    {"coupon-ledger", "/ranking/refresh", "\"daily\""},
    {"coupon-ledger", "/ranking/days", "3"},
    {"idempotent-rush", "/balance/charge_min", "1000"},
    {"idempotent-rush", "/balance/charge_max", "null"},
    {"idempotent-rush", "/balance/charge_units", "[]"},
    {"idempotent-rush", "/balance/max", "null"},
    {"idempotent-rush", "/catalogue/price_step", "1"},
    {"idempotent-rush", "/coupons/discounts", "[\"amount\",\"rate\"]"},
    {"idempotent-rush", "/coupons/excess", "\"stops_at_total\""},
    {"idempotent-rush", "/coupons/template_names_days", "true"},
    {"idempotent-rush", "/coupons/welcome", "null"},
    {"idempotent-rush", "/payment/methods", "[\"balance\"]"},
    {"idempotent-rush", "/ranking/by", "\"orders\""},
    {"idempotent-rush", "/ranking/refresh", "\"live\""},
    {"idempotent-rush", "/ranking/days", "3"},
    {"event-sourced", "/balance/charge_min", "1"},
    {"event-sourced", "/balance/charge_max", "null"},
    {"event-sourced", "/balance/charge_units", "[]"},
    {"event-sourced", "/balance/max", "null"},
    {"event-sourced", "/catalogue/price_step", "1"},
    {"event-sourced", "/coupons/discounts", "[\"amount\",\"rate\"]"},
    {"event-sourced", "/coupons/excess", "\"stops_at_total\""},
    {"event-sourced", "/coupons/valid_days", "30"},
    {"event-sourced", "/coupons/template_names_days", "false"},
    {"event-sourced", "/coupons/welcome",
     "{\"discount\":{\"type\":\"rate\",\"value\":500},\"valid_days\":null}"},
    {"event-sourced", "/orders/cancel", "true"},
    {"event-sourced", "/orders/change", "true"},
    {"event-sourced", "/payment/methods", "[\"balance\",\"bank_transfer\"]"},
    {"event-sourced", "/payment/transfer_discount", "500"},
    {"event-sourced", "/ranking/by", "\"quantity\""},
    {"event-sourced", "/ranking/refresh", "\"live\""},
    {"event-sourced", "/ranking/days", "3"},
    {"coupon-templates", "/balance/charge_min", "0"},
    {"coupon-templates", "/balance/charge_max", "1000000"},
    {"coupon-templates", "/balance/charge_units", "[]"},
    {"coupon-templates", "/balance/max", "1000000"},
    {"coupon-templates", "/balance/refund_above_max", "false"},
    {"coupon-templates", "/catalogue/price_step", "100"},
    {"coupon-templates", "/catalogue/products_min", "5"},
    {"coupon-templates", "/coupons/discounts", "[\"amount\",\"rate\"]"},
    {"coupon-templates", "/coupons/excess", "\"stops_at_total\""},
    {"coupon-templates", "/coupons/valid_days", "365"},
    {"coupon-templates", "/coupons/template_names_days", "false"},
    {"coupon-templates", "/coupons/welcome", "null"},
    {"coupon-templates", "/payment/methods", "[\"balance\"]"},
    {"coupon-templates", "/ranking/by", "\"quantity\""},
    {"coupon-templates", "/ranking/refresh", "\"daily\""},
    {"coupon-templates", "/ranking/days", "3"},
};

static void setting_put(struct fc_buf *buf, const struct policy *policy, const char *pointer)
{
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++)
        if (strcmp(wire_policy_pointer(i), pointer) == 0)
            wire_policy_value_put(buf, i, policy);
}

static void test_documents_say_what_their_shops_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(says); i++) {
        struct policy policy = policy_of(says[i].name);
        char memory[256];
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

        setting_put(&buf, &policy, says[i].pointer);
        if (!fc_str_eq(fc_buf_str(&buf), fc_str_of(says[i].value)))
            fail_msg("%s: %s is " FC_STR_FMT ", not %s", says[i].name, says[i].pointer,
                     FC_STR_ARG(fc_buf_str(&buf)), says[i].value);
        assert_string_equal(policy.name, says[i].name);
    }
}

/* Nothing is left to what is usual, and nothing is said of what is no setting (which the parser
 * refuses). */
static void test_documents_have_every_setting_with_its_sentence(void **state)
{
    (void)state;
    for (size_t n = 0; policy_names[n] != NULL; n++) {
        struct json_object *document = policy_document(policy_names[n]);
        struct json_object *about = json_object_object_get(document, "about");

        assert_int_equal(json_object_object_length(about), WIRE_POLICY_SETTINGS);
        for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++) {
            const char *pointer = wire_policy_pointer(i);
            struct json_object *value;

            if (json_pointer_get(document, pointer, &value) != 0)
                fail_msg("%s does not say %s", policy_names[n], pointer);
            if (!json_object_object_get_ex(about, pointer, NULL))
                fail_msg("%s has no sentence for %s", policy_names[n], pointer);
        }
        json_object_put(document);
    }
}

/* A row of the page's table: the setting, and what it is in each of the five. */
static void row_put(struct fc_buf *row, const char *pointer)
{
    fc_buf_put_fmt(row, "\n| `%s` |", pointer);
    for (size_t n = 0; policy_names[n] != NULL; n++) {
        struct policy policy = policy_of(policy_names[n]);

        fc_buf_put_text(row, " `");
        setting_put(row, &policy, pointer);
        fc_buf_put_text(row, "` |");
    }
    fc_buf_put_char(row, '\n');
}

static void test_page_tells_every_setting_and_what_the_five_have(void **state)
{
    (void)state;
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++) {
        char memory[1024];
        char meaning[64];
        struct fc_buf row = fc_buf_of(memory, sizeof(memory) - 1);
        int len = snprintf(meaning, sizeof(meaning), "\n| `%s` | ", wire_policy_pointer(i));

        assert_in_range(len, 1, sizeof(meaning) - 1);
        row_put(&row, wire_policy_pointer(i));
        assert_false(row.overflow);
        memory[row.len] = '\0';
        struct fc_str page = policy_file_read("../../docs/policies.md");

        assert_str_contains(page, meaning);
        if (i > 0) /* their names stand above the table */
            assert_str_contains(page, memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documents_say_what_their_shops_say),
        cmocka_unit_test(test_documents_have_every_setting_with_its_sentence),
        cmocka_unit_test(test_page_tells_every_setting_and_what_the_five_have),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
