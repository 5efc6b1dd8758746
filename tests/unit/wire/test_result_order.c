#include "support/bodies.h"
#include "support/events.h"
#include "support/expect.h"

#include "wire/document.h"

/* Results of commands on an order that stands as it is given: test_result.c has them as they come
 * of decisions. */

struct stage {
    struct shop shop;
    struct order *order;
    struct command command;
    struct event event;
    struct decision decision;
};

/* An order of user 7, whose balance is 4,900, by a command of that type. */
static void stage_init(struct stage *stage, enum command_type type, enum event_type event_type)
{
    struct fc_uuid order_id = sample_uuid(0x31);

    *stage = (struct stage){.command = {.id = order_id, .type = type},
                            .event = {.type = event_type, .version = 2}};
    stage->decision = (struct decision){.events = &stage->event, .event_count = 1};
    shop_init(&stage->shop, body_arena(), 4);
    shop_put_wallet(&stage->shop, 7)->balance = KRW(4900);
    stage->order = shop_put_order(&stage->shop, &order_id);
    stage->order->status = ORDER_PAID;
    stage->order->terms.user_id = 7;
    stage->order->terms.total = KRW(5100);
    stage->order->terms.discount = KRW(510);
    stage->order->terms.paid = KRW(4590);
    stage->order->terms.paid_at = (struct fc_instant){1769904000123456};
}

static void check(const struct stage *stage, const char *want)
{
    char memory[1024];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    wire_result_put(&buf, &stage->command, &stage->decision, &stage->shop);
    assert_false(buf.overflow);
    assert_str_equal(fc_buf_str(&buf), want);
}

#define ID "\"order_id\":\"0198f3a2-7c11-8abc-9def-012345678931\","
#define SUMS "\"total\":5100,\"discount\":510,"

static void test_result_of_an_order_that_waits_says_that_nothing_is_paid(void **state)
{
    struct stage stage;

    (void)state;
    stage_init(&stage, COMMAND_ORDER_PLACE, EVENT_ORDER_PLACED);
    stage.order->status = ORDER_PENDING_PAYMENT;
    stage.order->expires = true;
    stage.order->expires_at = (struct fc_instant){1769990400000000};
    stage.order->terms.payment = PAYMENT_BANK_TRANSFER;
    stage.order->terms.from_balance = KRW(590);
    stage.order->terms.transfer_discount = KRW(10);
    stage.order->terms.paid_at = (struct fc_instant){0};
    check(&stage, "{" ID "\"status\":\"pending_payment\"," SUMS
                  "\"paid\":0,\"balance\":4900,\"paid_at\":null,"
                  "\"expires_at\":\"2026-02-02T00:00:00.000000Z\",\"payment\":{\"method\":"
                  "\"bank_transfer\",\"from_balance\":590,\"transfer\":4000,\"discount\":10}}");
}

static void test_result_of_a_transfer_of_nothing_is_paid_at_once(void **state)
{
    struct stage stage;

    (void)state;
    stage_init(&stage, COMMAND_ORDER_PLACE, EVENT_ORDER_PAID);
    stage.order->terms.payment = PAYMENT_BANK_TRANSFER;
    stage.order->terms.from_balance = KRW(4590);
    check(&stage, "{" ID "\"status\":\"paid\"," SUMS
                  "\"paid\":4590,\"balance\":4900,\"paid_at\":\"2026-02-01T00:00:00.123456Z\","
                  "\"payment\":{\"method\":\"bank_transfer\",\"from_balance\":4590,"
                  "\"transfer\":0,\"discount\":0}}");
}

static void test_result_of_a_change_has_the_difference_and_no_transfer(void **state)
{
    struct stage stage;

    (void)state;
    stage_init(&stage, COMMAND_ORDER_CHANGE, EVENT_ORDER_CHANGED);
    stage.command.body.order_change.order_id = stage.command.id;
    stage.order->terms.payment = PAYMENT_BANK_TRANSFER;
    stage.event.data.order_changed.difference = KRW(-100);
    check(&stage, "{" ID "\"status\":\"paid\"," SUMS
                  "\"paid\":4590,\"balance\":4900,\"paid_at\":\"2026-02-01T00:00:00.123456Z\","
                  "\"difference\":-100}");
    stage.event.type = EVENT_ORDER_PAID;
    EXPECT_ASSERT(check(&stage, ""));
}

static void test_result_of_a_cancellation_has_what_was_given_back(void **state)
{
    struct stage stage;

    (void)state;
    stage_init(&stage, COMMAND_ORDER_CANCEL, EVENT_ORDER_CANCELLED);
    stage.command.body.order_cancel.order_id = stage.command.id;
    stage.order->status = ORDER_CANCELLED;
    stage.order->refunded = KRW(4590);
    check(&stage, "{" ID "\"status\":\"cancelled\",\"refunded\":4590,\"balance\":4900}");
}

static void test_result_of_a_shipment_lists_what_is_shipped_of_each_line(void **state)
{
    struct order_item items[] = {{.sold = {.option_id = 12, .quantity = 3}, .shipped = 1},
                                 {.sold = {.option_id = 13, .quantity = 1}, .shipped = 0}};
    struct stage stage;

    (void)state;
    stage_init(&stage, COMMAND_ORDER_SHIP, EVENT_ORDER_SHIPPED);
    stage.command.body.order_ship.order_id = stage.command.id;
    stage.order->status = ORDER_PARTLY_SHIPPED;
    stage.order->items = items;
    stage.order->item_count = 2;
    check(&stage,
          "{" ID "\"status\":\"partly_shipped\",\"lines\":[{\"option_id\":12,\"quantity\":3,"
          "\"shipped\":1},{\"option_id\":13,\"quantity\":1,\"shipped\":0}]}");
}

static void test_result_of_what_ends_a_payment_is_the_status(void **state)
{
    struct stage stage;

    (void)state;
    stage_init(&stage, COMMAND_PAYMENT_SETTLE, EVENT_ORDER_PAID);
    stage.command.body.payment_settle.order_id = stage.command.id;
    check(&stage, "{" ID "\"status\":\"paid\"}");
    stage_init(&stage, COMMAND_ORDER_EXPIRE, EVENT_ORDER_FAILED);
    stage.command.body.order_expire.order_id = stage.command.id;
    stage.order->status = ORDER_FAILED;
    check(&stage, "{" ID "\"status\":\"failed\"}");
}

static void test_result_of_an_order_that_is_not_there_is_a_mistake(void **state)
{
    struct stage stage;

    (void)state;
    stage_init(&stage, COMMAND_ORDER_EXPIRE, EVENT_ORDER_FAILED);
    stage.command.body.order_expire.order_id = sample_uuid(0x32);
    EXPECT_ASSERT(check(&stage, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_result_of_an_order_that_waits_says_that_nothing_is_paid),
        cmocka_unit_test(test_result_of_a_transfer_of_nothing_is_paid_at_once),
        cmocka_unit_test(test_result_of_a_change_has_the_difference_and_no_transfer),
        cmocka_unit_test(test_result_of_a_cancellation_has_what_was_given_back),
        cmocka_unit_test(test_result_of_a_shipment_lists_what_is_shipped_of_each_line),
        cmocka_unit_test(test_result_of_what_ends_a_payment_is_the_status),
        cmocka_unit_test(test_result_of_an_order_that_is_not_there_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
