#include "support/expect.h"

#include "base/limits.h"
#include "wire/command.h"

#include <string.h>

static void test_command_type_names_are_those_of_the_contract(void **state)
{
    /* The kinds of keys by letters: user, product, template, the shop's policy, day. */
    static const struct {
        const char *name;
        enum wire_family family;
        const char *kinds;
    } rows[COMMAND_COUNT] = {
        [COMMAND_USER_REGISTER] = {"user.register", WIRE_FAMILY_ORDER, "u"},
        [COMMAND_WALLET_CHARGE] = {"wallet.charge", WIRE_FAMILY_ORDER, "u"},
        [COMMAND_COUPON_ISSUE] = {"coupon.issue", WIRE_FAMILY_COUPON, "t"},
        [COMMAND_COUPON_REVOKE] = {"coupon.revoke", WIRE_FAMILY_COUPON, "t"},
        [COMMAND_COUPON_EXPIRE] = {"coupon.expire", WIRE_FAMILY_COUPON, "t"},
        [COMMAND_TEMPLATE_PUT] = {"template.put", WIRE_FAMILY_COUPON, "t"},
        [COMMAND_TEMPLATE_DELETE] = {"template.delete", WIRE_FAMILY_COUPON, "t"},
        [COMMAND_ORDER_PLACE] = {"order.place", WIRE_FAMILY_ORDER, "up"},
        [COMMAND_ORDER_CANCEL] = {"order.cancel", WIRE_FAMILY_ORDER, "up"},
        [COMMAND_ORDER_CHANGE] = {"order.change", WIRE_FAMILY_ORDER, "up"},
        [COMMAND_ORDER_SHIP] = {"order.ship", WIRE_FAMILY_ORDER, "up"},
        [COMMAND_ORDER_EXPIRE] = {"order.expire", WIRE_FAMILY_ORDER, "up"},
        [COMMAND_PAYMENT_SETTLE] = {"payment.settle", WIRE_FAMILY_ORDER, "up"},
        [COMMAND_PRODUCT_PUT] = {"product.put", WIRE_FAMILY_ORDER, "p"},
        [COMMAND_PRODUCT_DELETE] = {"product.delete", WIRE_FAMILY_ORDER, "p"},
        [COMMAND_OPTION_RESTOCK] = {"option.restock", WIRE_FAMILY_ORDER, "p"},
        [COMMAND_POLICY_APPLY] = {"policy.apply", WIRE_FAMILY_ORDER, "s"},
        [COMMAND_DAY_CLOSE] = {"day.close", WIRE_FAMILY_ORDER, "d"},
    };

    static const char letters[] = {[COMMAND_KEY_USER] = 'u',
                                   [COMMAND_KEY_PRODUCT] = 'p',
                                   [COMMAND_KEY_TEMPLATE] = 't',
                                   [COMMAND_KEY_POLICY] = 's',
                                   [COMMAND_KEY_DAY] = 'd'};

    (void)state;
    for (int i = 0; i < COMMAND_COUNT; i++) {
        enum command_type type = (enum command_type)i;
        enum command_type parsed = COMMAND_COUNT;

        assert_string_equal(wire_command_type_name(type), rows[i].name);
        assert_true(wire_command_type_parse(fc_str_of(rows[i].name), &parsed));
        assert_int_equal(parsed, type);
        assert_int_equal(wire_command_family(type), rows[i].family);
        for (int kind = COMMAND_KEY_USER; kind <= COMMAND_KEY_DAY; kind++)
            assert_int_equal(
                wire_command_key_fits(type, (struct command_key){(enum command_key_kind)kind, 1}),
                strchr(rows[i].kinds, letters[kind]) != NULL);
    }
    enum command_type type;

    assert_false(wire_command_type_parse(FC_STR("coupon.issued"), &type));
    assert_false(wire_command_type_parse(FC_STR("Coupon.issue"), &type));
    assert_false(wire_command_type_parse(FC_STR(""), &type));
    EXPECT_ASSERT((void)wire_command_type_name(COMMAND_COUNT));
}

/* The coupons that no template issued are revoked and expire, and that is all there is to them. */
static void test_command_key_of_no_template_is_for_coupons_that_exist(void **state)
{
    struct command_key welcome = {COMMAND_KEY_TEMPLATE, WELCOME_TEMPLATE_ID};

    (void)state;
    for (int i = 0; i < COMMAND_COUNT; i++)
        assert_int_equal(wire_command_key_fits((enum command_type)i, welcome),
                         i == COMMAND_COUPON_REVOKE || i == COMMAND_COUPON_EXPIRE);
}

static void test_command_key_has_one_form(void **state)
{
    static const struct {
        const char *text;
        enum command_key_kind kind;
        int64_t id; /* -1: no key */
    } rows[] = {
        {"user:1", COMMAND_KEY_USER, 1},
        {"product:7", COMMAND_KEY_PRODUCT, 7},
        {"template:9007199254740991", COMMAND_KEY_TEMPLATE, ID_MAX},
        {"template:0", COMMAND_KEY_TEMPLATE, WELCOME_TEMPLATE_ID},
        {"policy:1", COMMAND_KEY_POLICY, POLICY_KEY_ID},
        {"day:1", COMMAND_KEY_DAY, 1},
        {"day:20484", COMMAND_KEY_DAY, 20484},
        {"day:2932896", COMMAND_KEY_DAY, 2932896},
        {"template:9007199254740992", COMMAND_KEY_TEMPLATE, -1},
        {"template:-1", COMMAND_KEY_TEMPLATE, -1},
        {"template:-0", COMMAND_KEY_TEMPLATE, -1},
        {"template:00", COMMAND_KEY_TEMPLATE, -1},
        {"product:0", COMMAND_KEY_PRODUCT, -1},
        {"policy:0", COMMAND_KEY_POLICY, -1},
        {"policy:2", COMMAND_KEY_POLICY, -1},
        {"day:0", COMMAND_KEY_DAY, -1},
        {"day:2932897", COMMAND_KEY_DAY, -1},
        {"day:2026-01-31", COMMAND_KEY_DAY, -1},
        {"user:0", COMMAND_KEY_USER, -1},
        {"user:-1", COMMAND_KEY_USER, -1},
        {"user:07", COMMAND_KEY_USER, -1},
        {"user:+7", COMMAND_KEY_USER, -1},
        {"user: 7", COMMAND_KEY_USER, -1},
        {"user:7 ", COMMAND_KEY_USER, -1},
        {"user:", COMMAND_KEY_USER, -1},
        {"user", COMMAND_KEY_USER, -1},
        {"User:7", COMMAND_KEY_USER, -1},
        {"option:7", COMMAND_KEY_USER, -1},
        {"", COMMAND_KEY_USER, -1},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct command_key key = {COMMAND_KEY_USER, -1};
        bool good = wire_command_key_parse(fc_str_of(rows[i].text), &key);

        assert_int_equal(good, rows[i].id >= 0);
        if (!good) {
            assert_int_equal(key.id, -1);
            continue;
        }
        assert_int_equal(key.kind, rows[i].kind);
        assert_int_equal(key.id, rows[i].id);
        char memory[ROUTE_KEY_BYTES_MAX];
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

        wire_command_key_put(&buf, key);
        assert_str_equal(fc_buf_str(&buf), rows[i].text);
    }
}

static void test_command_without_a_body_is_a_mistake(void **state)
{
    char memory[512];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct wire_command command = {.key = FC_STR("user:1")};

    (void)state;
    EXPECT_ASSERT(wire_command_put(&buf, &command));
    command.body = FC_STR("{}");
    command.key = FC_STR_NONE;
    EXPECT_ASSERT(wire_command_put(&buf, &command));
}

static void test_command_on_an_order_weighs_more(void **state)
{
    (void)state;
    assert_int_equal(wire_command_weight(COMMAND_ORDER_CANCEL), COMMAND_WEIGHT_ON_ORDER);
    assert_int_equal(wire_command_weight(COMMAND_PAYMENT_SETTLE), COMMAND_WEIGHT_ON_ORDER);
    assert_int_equal(wire_command_weight(COMMAND_ORDER_PLACE), 1);
    assert_int_equal(wire_command_weight(COMMAND_WALLET_CHARGE), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command_on_an_order_weighs_more),
        cmocka_unit_test(test_command_type_names_are_those_of_the_contract),
        cmocka_unit_test(test_command_key_of_no_template_is_for_coupons_that_exist),
        cmocka_unit_test(test_command_key_has_one_form),
        cmocka_unit_test(test_command_without_a_body_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
