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
    static const enum command_type types[] = {COMMAND_TEMPLATE_PUT, COMMAND_TEMPLATE_DELETE,
                                              COMMAND_PRODUCT_PUT, COMMAND_PRODUCT_DELETE,
                                              COMMAND_OPTION_RESTOCK};

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
        cmocka_unit_test(test_command_key_is_kind_and_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
