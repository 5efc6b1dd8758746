#include "support/expect.h"

#include "core/command.h"

static void test_command_belongs_to_the_user_in_its_body(void **state)
{
    struct command command = {.type = COMMAND_USER_REGISTER, .actor_id = 9};

    (void)state;
    command.body.user_register.user_id = 1;
    assert_int_equal(command_user_id(&command), 1);
    command = (struct command){.type = COMMAND_WALLET_CHARGE, .actor_id = 9};
    command.body.wallet_charge.user_id = 2;
    assert_int_equal(command_user_id(&command), 2);
    command = (struct command){.type = COMMAND_COUPON_ISSUE, .actor_id = 9};
    command.body.coupon_issue.user_id = 3;
    assert_int_equal(command_user_id(&command), 3);
    command = (struct command){.type = COMMAND_ORDER_PLACE, .actor_id = 9};
    command.body.order_place.user_id = 4;
    assert_int_equal(command_user_id(&command), 4);
}

static void test_command_about_things_belongs_to_nobody(void **state)
{
    static const enum command_type types[] = {
        COMMAND_TEMPLATE_PUT,   COMMAND_TEMPLATE_DELETE, COMMAND_PRODUCT_PUT,
        COMMAND_PRODUCT_DELETE, COMMAND_OPTION_RESTOCK,  COMMAND_COUPON_REVOKE,
        COMMAND_COUPON_EXPIRE,  COMMAND_ORDER_CANCEL,    COMMAND_ORDER_CHANGE,
        COMMAND_ORDER_SHIP,     COMMAND_ORDER_EXPIRE,    COMMAND_PAYMENT_SETTLE,
        COMMAND_POLICY_APPLY,   COMMAND_DAY_CLOSE,
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(types); i++) {
        struct command command = {.type = types[i], .actor_id = 9};

        /* The id of the thing stands where others have their user's. */
        command.body.template_put.template_id = 7;
        assert_int_equal(command_user_id(&command), 0);
    }
}

static void test_command_user_of_no_type_is_a_mistake(void **state)
{
    struct command command = {.type = COMMAND_COUNT};

    (void)state;
    EXPECT_ASSERT((void)command_user_id(&command));
    EXPECT_ASSERT((void)command_order_id(&command));
}

static void test_command_is_about_the_order_it_names(void **state)
{
    struct command command = {.type = COMMAND_ORDER_CANCEL};

    (void)state;
    assert_ptr_equal(command_order_id(&command), &command.body.order_cancel.order_id);
    command.type = COMMAND_ORDER_CHANGE;
    assert_ptr_equal(command_order_id(&command), &command.body.order_change.order_id);
    command.type = COMMAND_ORDER_SHIP;
    assert_ptr_equal(command_order_id(&command), &command.body.order_ship.order_id);
    command.type = COMMAND_ORDER_EXPIRE;
    assert_ptr_equal(command_order_id(&command), &command.body.order_expire.order_id);
    command.type = COMMAND_PAYMENT_SETTLE;
    assert_ptr_equal(command_order_id(&command), &command.body.payment_settle.order_id);
}

static void test_command_that_names_no_order_is_about_none(void **state)
{
    static const enum command_type types[] = {
        COMMAND_USER_REGISTER, COMMAND_WALLET_CHARGE,   COMMAND_COUPON_ISSUE,
        COMMAND_COUPON_REVOKE, COMMAND_COUPON_EXPIRE,   COMMAND_TEMPLATE_PUT,
        COMMAND_ORDER_PLACE,   COMMAND_TEMPLATE_DELETE, COMMAND_PRODUCT_PUT,
        COMMAND_POLICY_APPLY,  COMMAND_PRODUCT_DELETE,  COMMAND_OPTION_RESTOCK,
        COMMAND_DAY_CLOSE,
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(types); i++) {
        struct command command = {.type = types[i]};

        assert_null(command_order_id(&command));
    }
}

static void test_command_key_is_kind_and_id(void **state)
{
    struct command command = {.key = {COMMAND_KEY_PRODUCT, 7}};

    (void)state;
    assert_true(command_key_is(&command, COMMAND_KEY_PRODUCT, 7));
    assert_false(command_key_is(&command, COMMAND_KEY_PRODUCT, 8));
    assert_false(command_key_is(&command, COMMAND_KEY_USER, 7));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command_belongs_to_the_user_in_its_body),
        cmocka_unit_test(test_command_about_things_belongs_to_nobody),
        cmocka_unit_test(test_command_user_of_no_type_is_a_mistake),
        cmocka_unit_test(test_command_is_about_the_order_it_names),
        cmocka_unit_test(test_command_that_names_no_order_is_about_none),
        cmocka_unit_test(test_command_key_is_kind_and_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
