#include "support/expect.h"

#include "base/limits.h"
#include "wire/command.h"

static void test_command_type_names_are_those_of_the_contract(void **state)
{
    static const struct {
        const char *name;
        enum wire_family family;
        enum command_key_kind kind;
    } rows[COMMAND_COUNT] = {
        [COMMAND_USER_REGISTER] = {"user.register", WIRE_FAMILY_ORDER, COMMAND_KEY_USER},
        [COMMAND_WALLET_CHARGE] = {"wallet.charge", WIRE_FAMILY_ORDER, COMMAND_KEY_USER},
        [COMMAND_COUPON_ISSUE] = {"coupon.issue", WIRE_FAMILY_COUPON, COMMAND_KEY_TEMPLATE},
        [COMMAND_TEMPLATE_PUT] = {"template.put", WIRE_FAMILY_COUPON, COMMAND_KEY_TEMPLATE},
        [COMMAND_TEMPLATE_DELETE] = {"template.delete", WIRE_FAMILY_COUPON, COMMAND_KEY_TEMPLATE},
        [COMMAND_ORDER_PLACE] = {"order.place", WIRE_FAMILY_ORDER, COMMAND_KEY_USER},
        [COMMAND_PRODUCT_PUT] = {"product.put", WIRE_FAMILY_ORDER, COMMAND_KEY_PRODUCT},
        [COMMAND_PRODUCT_DELETE] = {"product.delete", WIRE_FAMILY_ORDER, COMMAND_KEY_PRODUCT},
        [COMMAND_OPTION_RESTOCK] = {"option.restock", WIRE_FAMILY_ORDER, COMMAND_KEY_PRODUCT},
    };

    (void)state;
    for (int i = 0; i < COMMAND_COUNT; i++) {
        enum command_type type = (enum command_type)i;
        enum command_type parsed = COMMAND_COUNT;

        assert_string_equal(wire_command_type_name(type), rows[i].name);
        assert_true(wire_command_type_parse(fc_str_of(rows[i].name), &parsed));
        assert_int_equal(parsed, type);
        assert_int_equal(wire_command_family(type), rows[i].family);
        for (int kind = COMMAND_KEY_USER; kind <= COMMAND_KEY_TEMPLATE; kind++)
            assert_int_equal(wire_command_key_fits(type, (enum command_key_kind)kind),
                             kind == (int)rows[i].kind ||
                                 (type == COMMAND_ORDER_PLACE && kind == COMMAND_KEY_PRODUCT));
    }
    enum command_type type;

    assert_false(wire_command_type_parse(FC_STR("coupon.issued"), &type));
    assert_false(wire_command_type_parse(FC_STR("Coupon.issue"), &type));
    assert_false(wire_command_type_parse(FC_STR(""), &type));
    EXPECT_ASSERT((void)wire_command_type_name(COMMAND_COUNT));
}

static void test_command_key_has_one_form(void **state)
{
    static const struct {
        const char *text;
        enum command_key_kind kind;
        int64_t id; /* 0: no key */
    } rows[] = {
        {"user:1", COMMAND_KEY_USER, 1},
        {"product:7", COMMAND_KEY_PRODUCT, 7},
        {"template:9007199254740991", COMMAND_KEY_TEMPLATE, ID_MAX},
        {"template:9007199254740992", COMMAND_KEY_TEMPLATE, 0},
        {"user:0", COMMAND_KEY_USER, 0},
        {"user:-1", COMMAND_KEY_USER, 0},
        {"user:07", COMMAND_KEY_USER, 0},
        {"user:+7", COMMAND_KEY_USER, 0},
        {"user: 7", COMMAND_KEY_USER, 0},
        {"user:7 ", COMMAND_KEY_USER, 0},
        {"user:", COMMAND_KEY_USER, 0},
        {"user", COMMAND_KEY_USER, 0},
        {"User:7", COMMAND_KEY_USER, 0},
        {"option:7", COMMAND_KEY_USER, 0},
        {"", COMMAND_KEY_USER, 0},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct command_key key = {COMMAND_KEY_USER, -1};
        bool good = wire_command_key_parse(fc_str_of(rows[i].text), &key);

        assert_int_equal(good, rows[i].id != 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command_type_names_are_those_of_the_contract),
        cmocka_unit_test(test_command_key_has_one_form),
        cmocka_unit_test(test_command_without_a_body_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
