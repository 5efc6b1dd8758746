#include "support/events.h"
#include "support/expect.h"

#define ID "\"order_id\":\"0198f3a2-7c11-8abc-9def-012345678931\",\"user_id\":7"
#define SUMS "\"total\":5100,\"discount\":510,\"paid\":4590"
#define DAY "\"ordered_at\":\"2026-01-31T15:00:00.000000Z\",\"day\":\"2026-02-01\""
#define PAID_AT ",\"paid_at\":\"2026-02-01T00:00:00.000000Z\""
#define PRICE(quantity, unit_price) \
    "{\"option_id\":12,\"product_id\":3,\"quantity\":" quantity ",\"unit_price\":" unit_price
#define LINE PRICE("1", "2500") "}"
#define BALANCE "\"payment\":{\"method\":\"balance\"}"
#define TRANSFER(more) "\"payment\":{\"method\":\"bank_transfer\"" more "}"
#define TERMS(key, payment, paid_at, lines) \
    ID ",\"key\":\"" key "\"," SUMS "," payment "," DAY paid_at ",\"lines\":[" lines "]"
#define ORDER(key, payment, lines) "{" TERMS(key, payment, PAID_AT, lines) "}"

static void test_order_stands_under_the_key_it_was_placed_under(void **state)
{
    static const struct event_case rows[] = {
        {"order.paid", ORDER("user:7", BALANCE, LINE), NULL},
        {"order.paid", ORDER("product:3", BALANCE, LINE), NULL},
        {"order.paid", ORDER("product:03", BALANCE, LINE), ""},
        {"order.paid", ORDER("", BALANCE, LINE), ""},
    };

    (void)state;
    event_cases_check(rows, FC_ARRAY_COUNT(rows));
}

static void test_order_line_has_its_category_where_it_is_not_empty(void **state)
{
    static const struct event_case rows[] = {
        {"order.paid", ORDER("user:7", BALANCE, PRICE("1", "0") ",\"category\":\"a \\\"b\\\"\"}"),
         NULL},
        {"order.paid", ORDER("user:7", BALANCE, PRICE("1", "2500") ",\"category\":\"\"}"),
         ORDER("user:7", BALANCE, LINE)},
        {"order.paid", ORDER("user:7", BALANCE, PRICE("1", "2500") ",\"category\":5}"), ""},
        {"order.paid", ORDER("user:7", BALANCE, PRICE("1000000", "2000000000") "}"), NULL},
        {"order.paid", ORDER("user:7", BALANCE, PRICE("1000001", "1") "}"), ""},
        {"order.paid", ORDER("user:7", BALANCE, PRICE("0", "1") "}"), ""},
        {"order.paid", ORDER("user:7", BALANCE, PRICE("1", "2000000001") "}"), ""},
        {"order.paid", ORDER("user:7", BALANCE, PRICE("1", "-1") "}"), ""},
        {"order.paid", ORDER("user:7", BALANCE, ""), ""},
        {"order.paid", ORDER("user:7", BALANCE, "3"), ""},
    };

    (void)state;
    event_cases_check(rows, FC_ARRAY_COUNT(rows));
}

#define PARTS(balance, rate, discount)                               \
    TRANSFER(",\"from_balance\":" balance ",\"transfer_rate\":" rate \
             ",\"transfer_discount\":" discount)

static void test_order_by_transfer_says_what_is_transferred(void **state)
{
    static const struct event_case rows[] = {
        {"order.paid", ORDER("user:7", PARTS("600", "500", "100"), LINE), NULL},
        {"order.paid", ORDER("user:7", PARTS("0", "0", "0"), LINE), NULL},
        /* As it was written when there was no more to say. */
        {"order.paid", ORDER("user:7", TRANSFER(""), LINE),
         ORDER("user:7", PARTS("0", "0", "0"), LINE)},
        {"order.paid", ORDER("user:7", PARTS("600", "10001", "100"), LINE), ""},
        {"order.paid", ORDER("user:7", PARTS("-1", "500", "100"), LINE), ""},
        {"order.paid", ORDER("user:7", "\"payment\":{\"method\":\"cash\"}", LINE), ""},
        {"order.paid", ORDER("user:7", "\"payment\":{}", LINE), ""},
    };

    (void)state;
    event_cases_check(rows, FC_ARRAY_COUNT(rows));
}

#define PLACED(more) "{" TERMS("user:7", PARTS("600", "500", "100"), "", LINE) more "}"
#define FAILED(failure) "{" ID "," TRANSFER("") ",\"failure\":\"" failure "\"}"

static void test_order_that_waits_for_its_payment_and_gets_none(void **state)
{
    static const struct event_case rows[] = {
        {"order.placed", PLACED(",\"expires_at\":\"2026-02-01T00:00:00.000000Z\""), NULL},
        {"order.placed", PLACED(",\"expires_at\":null"), ""},
        {"order.failed", FAILED("declined"), NULL},
        {"order.failed", FAILED("timed_out"), NULL},
        {"order.failed", FAILED("expired"), NULL},
        {"order.failed", FAILED("lost"), ""},
    };

    (void)state;
    event_cases_check(rows, FC_ARRAY_COUNT(rows));
}

#define PAID(more) "{" TERMS("user:7", BALANCE, PAID_AT, LINE) more "}"
#define SHIPPED(more) "{" ID "," more "}"

static void test_order_that_was_paid_and_what_comes_of_it(void **state)
{
    static const struct event_case rows[] = {
        {"order.cancelled", PAID(",\"refunded\":4590,\"reason\":\"too late\""), NULL},
        {"order.cancelled", PAID(",\"refunded\":0"), NULL},
        {"order.cancelled", PAID(",\"refunded\":0,\"reason\":\"\""), PAID(",\"refunded\":0")},
        {"order.cancelled", PAID(",\"refunded\":-1"), ""},
        {"order.changed", PAID(",\"difference\":-1,\"previous\":[" LINE "," LINE "]"), NULL},
        {"order.changed", PAID(",\"difference\":1000000000000001,\"previous\":[" LINE "]"), ""},
        {"order.changed", PAID(",\"difference\":0,\"previous\":[]"), ""},
        {"order.shipped", SHIPPED("\"complete\":true,\"lines\":[{\"option_id\":1,\"quantity\":2}]"),
         NULL},
        {"order.shipped", SHIPPED("\"complete\":1,\"lines\":[{\"option_id\":1,\"quantity\":2}]"),
         ""},
    };

    (void)state;
    event_cases_check(rows, FC_ARRAY_COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_stands_under_the_key_it_was_placed_under),
        cmocka_unit_test(test_order_line_has_its_category_where_it_is_not_empty),
        cmocka_unit_test(test_order_by_transfer_says_what_is_transferred),
        cmocka_unit_test(test_order_that_waits_for_its_payment_and_gets_none),
        cmocka_unit_test(test_order_that_was_paid_and_what_comes_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
