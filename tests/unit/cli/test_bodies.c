#include "support/expect.h"

#include "producer/cli/bodies.h"
#include "wire/command.h"

#include <string.h>

static char memory[HTTP_BODY_BYTES_MAX];
static _Alignas(16) char block[1024 * 1024];
static struct fc_arena arena;
static struct cli_request request;
static struct command command;

static int reset(void **state)
{
    (void)state;
    request = (struct cli_request){.body = fc_buf_of(memory, sizeof(memory))};
    command = (struct command){.type = COMMAND_COUNT};
    fc_arena_init(&arena, block, sizeof(block));
    return 0;
}

/* What the ingress and the workers make of the body. */
static void parse(enum command_type type, struct command_key key)
{
    struct wire_faults faults;

    wire_faults_init(&faults, &arena);
    command.type = type;
    command.key = key;
    if (!wire_body_parse(fc_buf_str(&request.body), &arena, &command, &faults))
        fail_msg("%.*s", (int)faults.items[0].detail.len, faults.items[0].detail.ptr);
}

static void test_body_of_a_product_is_a_product_put(void **state)
{
    const struct cli_option_row options[] = {{71, FC_STR("small"), 0, 5},
                                             {72, FC_STR("large \"XL\""), -100, 7}};
    const struct cli_product_row row = {.product_id = 7,
                                        .name = FC_STR("Lantern"),
                                        .price = KRW(39000),
                                        .category = FC_STR("Lamps"),
                                        .first_come = true,
                                        .options = options,
                                        .option_count = 2};

    (void)state;
    cli_request_product(&request, &row, "1");
    parse(COMMAND_PRODUCT_PUT, (struct command_key){COMMAND_KEY_PRODUCT, 0});
    assert_int_equal(command.body.product_put.product_id, 7);
    assert_true(command.body.product_put.first_come);
    assert_int_equal(command.body.product_put.option_count, 2);
    assert_str_equal(command.body.product_put.options[1].name, "large \"XL\"");
    assert_int_equal(command.body.product_put.options[1].surcharge.won, -100);
    assert_int_equal(command.body.product_put.options[1].stock, 7);
    assert_true(request.admin);
    assert_string_equal(request.path, "/v1/products");
}

static void test_body_of_users_and_charges(void **state)
{
    (void)state;
    cli_request_user(&request, 17);
    parse(COMMAND_USER_REGISTER, (struct command_key){COMMAND_KEY_USER, 0});
    assert_int_equal(command.body.user_register.user_id, 17);
    assert_false(request.admin);
    assert_int_equal(request.user_id, 17);
    cli_request_charge(&request, 17, KRW(5000), 0, "1");
    parse(COMMAND_WALLET_CHARGE, (struct command_key){COMMAND_KEY_USER, 17});
    assert_int_equal(command.body.wallet_charge.amount.won, 5000);
    assert_string_equal(request.path, "/v1/users/17/charges");
}

static void test_body_of_a_template_and_an_issue(void **state)
{
    const struct cli_template_row row = {.name = FC_STR("First come"),
                                         .discount_won = 5000,
                                         .quantity = 500,
                                         .issue_from = {1000000},
                                         .issue_until = {2000000}};

    (void)state;
    cli_request_template(&request, &row, "x");
    parse(COMMAND_TEMPLATE_PUT, (struct command_key){COMMAND_KEY_TEMPLATE, 0});
    assert_int_equal(command.body.template_put.quantity, 500);
    assert_int_equal(command.body.template_put.discount.value, 5000);
    assert_int_equal(command.body.template_put.issue_until.us, 2000000);
    cli_request_issue(&request, 9, 17, 3);
    parse(COMMAND_COUPON_ISSUE, (struct command_key){COMMAND_KEY_TEMPLATE, 9});
    assert_int_equal(command.body.coupon_issue.user_id, 17);
    assert_string_equal(request.path, "/v1/coupon-templates/9/issues");
}

static void test_body_of_an_order_keeps_its_lines_and_its_instant(void **state)
{
    const int64_t products[] = {5, 5, 6};
    const int64_t quantities[] = {1, 2, 3};
    struct cli_order_row row = {.user_id = 17,
                                .number = FC_STR("536365"),
                                .product_ids = products,
                                .quantities = quantities,
                                .line_count = 3,
                                .has_ordered_at = true,
                                .ordered_at = {1291191960000000}};

    (void)state;
    cli_request_order(&request, &row, "1");
    parse(COMMAND_ORDER_PLACE, (struct command_key){COMMAND_KEY_USER, 17});
    assert_int_equal(command.body.order_place.line_count, 3);
    assert_int_equal(command.body.order_place.lines[1].product_id, 5);
    assert_int_equal(command.body.order_place.lines[1].quantity, 2);
    assert_true(command.body.order_place.has_ordered_at);
    assert_int_equal(command.body.order_place.ordered_at.us, 1291191960000000);
    /* Only an administrator may say when it was. */
    assert_true(request.admin);
    assert_string_equal(request.idempotency_key, "order-1-536365");
    row.has_ordered_at = false;
    row.by_option = true;
    assert_true(fc_uuid_parse(FC_STR("01a1fd45-042b-8002-bc0c-c266ec02c696"), &row.coupon_id));
    cli_request_order(&request, &row, "1");
    parse(COMMAND_ORDER_PLACE, (struct command_key){COMMAND_KEY_USER, 17});
    assert_false(request.admin);
    assert_int_equal(command.body.order_place.lines[2].option_id, 6);
    assert_true(command.body.order_place.has_coupon);
}

/* Another content, another amount or another run are other commands; the same is the same. */
static void test_keys_tell_commands_apart(void **state)
{
    struct cli_option_row option = {71, FC_STR("default"), 0, 5};
    struct cli_product_row row = {.product_id = 7,
                                  .name = FC_STR("Lantern"),
                                  .price = KRW(1),
                                  .options = &option,
                                  .option_count = 1};
    char first[sizeof(request.idempotency_key)];

    (void)state;
    cli_request_product(&request, &row, "1");
    memcpy(first, request.idempotency_key, sizeof(first));
    cli_request_product(&request, &row, "1");
    assert_string_equal(request.idempotency_key, first);
    cli_request_product(&request, &row, "2");
    assert_string_not_equal(request.idempotency_key, first);
    option.stock = 6;
    cli_request_product(&request, &row, "1");
    assert_string_not_equal(request.idempotency_key, first);
    cli_request_charge(&request, 17, KRW(5000), 0, "1");
    assert_string_equal(request.idempotency_key, "charge-1-5000-0");
    cli_request_charge(&request, 17, KRW(5000), 1, "1");
    assert_string_equal(request.idempotency_key, "charge-1-5000-1");
}

static void test_question_for_a_verdict_is_a_read(void **state)
{
    struct fc_uuid id;

    (void)state;
    assert_true(fc_uuid_parse(FC_STR("01a1fd45-042b-8002-bc0c-c266ec02c696"), &id));
    cli_request_verdict(&request, &id, 17);
    assert_int_equal(request.method, CLI_GET);
    assert_int_equal(request.user_id, 17);
    assert_string_equal(request.path, "/v1/commands/01a1fd45-042b-8002-bc0c-c266ec02c696");
    assert_string_equal(request.idempotency_key, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_body_of_a_product_is_a_product_put, reset),
        cmocka_unit_test_setup(test_body_of_users_and_charges, reset),
        cmocka_unit_test_setup(test_body_of_a_template_and_an_issue, reset),
        cmocka_unit_test_setup(test_body_of_an_order_keeps_its_lines_and_its_instant, reset),
        cmocka_unit_test_setup(test_keys_tell_commands_apart, reset),
        cmocka_unit_test_setup(test_question_for_a_verdict_is_a_read, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
