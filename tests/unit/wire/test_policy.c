#include "support/expect.h"
#include "support/policies.h"

#include "base/limits.h"
#include "wire/policy_setting.h"

#include <string.h>

static char memory[WIRE_POLICY_BYTES_MAX];

static struct fc_str canonical(const struct policy *policy)
{
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    wire_policy_put(&buf, policy);
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

static struct fc_str value(int32_t setting, const struct policy *policy)
{
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    wire_policy_value_put(&buf, setting, policy);
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

#define WIDE                                                                              \
    "\"balance\":{\"charge_min\":1,\"charge_max\":null,\"charge_units\":[],\"max\":null," \
    "\"refund_above_max\":true},"                                                         \
    "\"catalogue\":{\"price_step\":1,\"options_max\":10,\"products_min\":0},"             \
    "\"coupons\":{\"discounts\":[\"amount\",\"rate\"],\"excess\":\"stops_at_total\","     \
    "\"valid_days\":null,\"template_names_days\":true,\"welcome\":null},"                 \
    "\"orders\":{\"cancel\":true,\"change\":true},"                                       \
    "\"payment\":{\"methods\":[\"balance\"],\"transfer_discount\":0,"                     \
    "\"transfer_expires_s\":86400},"                                                      \
    "\"ranking\":{\"by\":\"quantity\",\"refresh\":\"live\",\"days\":3}"

#define NARROW                                                                            \
    "\"name\":\"narrow\","                                                                \
    "\"balance\":{\"charge_min\":1000,\"charge_max\":3000,\"charge_units\":[1000,3000],"  \
    "\"max\":5000,\"refund_above_max\":false},"                                           \
    "\"catalogue\":{\"price_step\":100,\"options_max\":2,\"products_min\":5},"            \
    "\"coupons\":{\"discounts\":[\"rate\"],\"excess\":\"refused\",\"valid_days\":30,"     \
    "\"template_names_days\":false,"                                                      \
    "\"welcome\":{\"discount\":{\"type\":\"rate\",\"value\":500},\"valid_days\":7}},"     \
    "\"orders\":{\"cancel\":false,\"change\":false},"                                     \
    "\"payment\":{\"methods\":[\"balance\",\"bank_transfer\"],\"transfer_discount\":500," \
    "\"transfer_expires_s\":60},"                                                         \
    "\"ranking\":{\"by\":\"revenue\",\"refresh\":\"daily\",\"days\":9}"

static const struct policy narrow = {
    .version = 7,
    .name = "narrow",
    .charge_min = {1000},
    .charge_max = {3000},
    .charge_units = {{1000}, {3000}},
    .charge_unit_count = 2,
    .balance_max = {5000},
    .price_step = {100},
    .product_options_max = 2,
    .products_min = 5,
    .discount_rate = true,
    .coupon_excess = POLICY_EXCESS_IS_REFUSED,
    .coupon_valid_days = 30,
    .welcome = true,
    .welcome_discount = {DISCOUNT_RATE, 500},
    .welcome_valid_days = 7,
    .bank_transfer = true,
    .transfer_rate = 500,
    .transfer_expire_s = 60,
    .ranking_by = POLICY_RANK_REVENUE,
    .ranking_closed = true,
    .ranking_days = 9,
};

static void test_policy_canonical_document_names_every_setting(void **state)
{
    struct policy wide = policy_default();

    (void)state;
    assert_str_equal(canonical(&wide), "{" WIDE "}");
    assert_str_equal(canonical(&narrow), "{" NARROW "}");
}

static void test_policy_equal_policies_give_equal_bytes(void **state)
{
    struct policy other = narrow;

    (void)state;
    other.version = 8;
    /* What stands beyond the units, or in a coupon that is not given, says nothing. */
    other.charge_units[2] = KRW(1);
    assert_str_equal(canonical(&other), "{" NARROW "}");
    other = policy_default();
    other.welcome_discount = (struct discount){DISCOUNT_AMOUNT, 3};
    other.welcome_valid_days = 3;
    assert_str_equal(canonical(&other), "{" WIDE "}");
}

static void test_policy_of_the_longest_values_fits(void **state)
{
    struct policy longest = narrow;

    (void)state;
    (void)memset(longest.name, '"', POLICY_NAME_BYTES_MAX);
    longest.charge_unit_count = POLICY_CHARGE_UNITS_MAX;
    for (int32_t i = 0; i < POLICY_CHARGE_UNITS_MAX; i++)
        longest.charge_units[i] = KRW(AMOUNT_KRW_MAX);
    longest.charge_min = longest.charge_max = longest.balance_max = KRW(AMOUNT_KRW_MAX - 1);
    longest.welcome_discount.value = AMOUNT_KRW_MAX;
    assert_in_range(canonical(&longest).len, 1, WIRE_POLICY_BYTES_MAX / 2);
}

static void test_policy_settings_one_by_one_make_the_document(void **state)
{
    struct fc_str rest = FC_STR("{" NARROW "}");

    (void)state;
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++) {
        char member[512];
        struct fc_buf buf = fc_buf_of(member, sizeof(member));
        const char *name = strrchr(wire_policy_pointer(i), '/') + 1;
        struct fc_str text = value(i, &narrow);

        fc_buf_put_fmt(&buf, "\"%s\":" FC_STR_FMT, name, FC_STR_ARG(text));
        while (rest.len > 0 && !fc_str_starts_with(rest, fc_buf_str(&buf)))
            rest = (struct fc_str){rest.ptr + 1, rest.len - 1};
        if (rest.len == 0)
            fail_msg("%s is not in its place", wire_policy_pointer(i));
        rest = (struct fc_str){rest.ptr + buf.len, rest.len - buf.len};
    }
    assert_str_equal(rest, "}}");
}

static void test_policy_pointers_are_their_section_and_name(void **state)
{
    (void)state;
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++) {
        const struct policy_setting *setting = &wire_policy_settings[i];
        char pointer[64];
        struct fc_buf buf = fc_buf_of(pointer, sizeof(pointer));

        if (setting->section != NULL)
            fc_buf_put_fmt(&buf, "/%s", setting->section);
        fc_buf_put_fmt(&buf, "/%s", setting->name);
        assert_str_equal(fc_buf_str(&buf), wire_policy_pointer(i));
    }
    EXPECT_ASSERT((void)wire_policy_pointer(-1));
    EXPECT_ASSERT((void)wire_policy_pointer(WIRE_POLICY_SETTINGS));
}

static void test_policy_numbers_flags_and_words_are_stored_as_they_are(void **state)
{
    (void)state;
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++) {
        const struct policy_setting *setting = &wire_policy_settings[i];
        struct policy policy = policy_default();

        if (setting->size == 0)
            continue;
        wire_policy_number_set(setting, 1, &policy);
        assert_int_equal(wire_policy_number(setting, &policy), 1);
        wire_policy_number_set(setting, 0, &policy);
        assert_int_equal(wire_policy_number(setting, &policy), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policy_canonical_document_names_every_setting),
        cmocka_unit_test(test_policy_equal_policies_give_equal_bytes),
        cmocka_unit_test(test_policy_of_the_longest_values_fits),
        cmocka_unit_test(test_policy_settings_one_by_one_make_the_document),
        cmocka_unit_test(test_policy_pointers_are_their_section_and_name),
        cmocka_unit_test(test_policy_numbers_flags_and_words_are_stored_as_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
