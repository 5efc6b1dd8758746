/*
 * Every refusal that the shop's commands can come to, on real rows: it changes no table, is told to
 * whoever asked, and leaves one row in the journal. In the order of enum verdict.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include "wire/problem.h"

#include <stdio.h>
#include <string.h>

static struct worker_rig order;
static struct worker_rig coupon;

struct refused {
    enum verdict verdict;
    const char *given; /* changes the shop of worker_rows_open_shop */
    const char *type;
    const char *key;
    const char *body;
};

#define COUPON "\"coupon_id\":\"" WORKER_ID_HEAD "e\""
#define LINES_OF(options) "{\"user_id\":7,\"lines\":[" options "]}"
#define ORDER_WITH(more) "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}]," more "}"
#define PRODUCT_OF(name, price, options)                                                \
    "{\"name\":\"" name "\",\"price\":" price ",\"status\":\"on_sale\",\"first_come\":" \
    "false,\"options\":[" options "]}"
#define RED(stock) "{\"option_id\":31,\"name\":\"red\",\"surcharge\":100,\"stock\":" stock "}"
#define BLUE "{\"option_id\":32,\"name\":\"blue\",\"surcharge\":0,\"stock\":5}"
#define ONE_BLUE LINES_OF("{\"option_id\":32,\"quantity\":1}")
/* An order f of one blue, which is paid, or waits for its payment until 13:00. */
#define GIVEN_ORDER(status, payment, paid_at, expires_at)                                       \
    "with o as (insert into orders (order_id, user_id, key, status, total, discount, paid,"     \
    " payment_method, ordered_at, paid_at, expires_at, version) values ('" WORKER_ID_HEAD "f'," \
    " 7, 'user:7', '" status "', 900, 0, 900, '" payment "', now(), " paid_at ", " expires_at   \
    ", 1)) insert into order_line values ('" WORKER_ID_HEAD "f', 32, 3, 1, 900)"
#define GIVEN(status) GIVEN_ORDER(status, "balance", "now()", "null")
#define PENDING GIVEN_ORDER("pending_payment", "bank_transfer", "null", "'2026-03-01 13:00'")
#define ORDER_F "\"order_id\":\"" WORKER_ID_HEAD "f\""
#define TEMPLATE_OF(type)                                                                 \
    "{\"name\":\"T\",\"discount\":{\"type\":\"" type "\",\"value\":5},\"quantity\":null," \
    "\"issue_from\":\"2026-01-01T00:00:00Z\",\"issue_until\":\"2026-12-01T00:00:00Z\"}"

static const struct refused rows[] = {
    {VERDICT_INVALID_REQUEST, "select 1", "product.put", "product:3",
     PRODUCT_OF("Mug", "900", RED("10") ",{\"name\":\"red\",\"surcharge\":0,\"stock\":1}")},
    {VERDICT_INVALID_REQUEST, "select 1", "product.put", "product:4",
     PRODUCT_OF("Cup", "900", BLUE)},
    {VERDICT_UNKNOWN_USER, "select 1", "wallet.charge", "user:9", "{\"amount\":1}"},
    {VERDICT_UNKNOWN_USER, "select 1", "coupon.issue", "template:5", "{\"user_id\":9}"},
    {VERDICT_UNKNOWN_WALLET, "delete from wallet", "wallet.charge", "user:7", "{\"amount\":1}"},
    {VERDICT_UNKNOWN_WALLET, "delete from wallet", "order.place", "user:7", ONE_BLUE},
    {VERDICT_UNKNOWN_PRODUCT, "select 1", "order.place", "user:7",
     LINES_OF("{\"product_id\":4,\"quantity\":1}")},
    {VERDICT_UNKNOWN_PRODUCT, "select 1", "product.delete", "product:4", "{}"},
    {VERDICT_UNKNOWN_OPTION, "select 1", "order.place", "user:7",
     LINES_OF("{\"option_id\":33,\"quantity\":1}")},
    {VERDICT_UNKNOWN_OPTION, "select 1", "order.place", "user:7",
     LINES_OF("{\"product_id\":3,\"quantity\":1}")},
    {VERDICT_UNKNOWN_OPTION, "select 1", "option.restock", "product:3",
     "{\"option_id\":33,\"quantity\":1}"},
    {VERDICT_UNKNOWN_TEMPLATE, "select 1", "coupon.issue", "template:6", "{\"user_id\":8}"},
    {VERDICT_UNKNOWN_COUPON, "delete from coupon", "order.place", "user:7", ORDER_WITH(COUPON)},
    {VERDICT_UNKNOWN_COUPON, "delete from coupon", "coupon.revoke", "template:5", "{" COUPON "}"},
    {VERDICT_UNKNOWN_ORDER, "select 1", "order.cancel", "user:7", "{" ORDER_F "}"},
    {VERDICT_UNKNOWN_ORDER, "select 1", "payment.settle", "user:7",
     "{" ORDER_F ",\"outcome\":\"declined\"}"},
    {VERDICT_INSUFFICIENT_BALANCE, "update wallet set balance = 899", "order.place", "user:7",
     ONE_BLUE},
    {VERDICT_INSUFFICIENT_BALANCE, "update wallet set held = 9101 where user_id = 7", "order.place",
     "user:7", ONE_BLUE},
    {VERDICT_INSUFFICIENT_STOCK, "select 1", "order.place", "user:7",
     LINES_OF("{\"option_id\":31,\"quantity\":4},{\"option_id\":31,\"quantity\":3}")},
    {VERDICT_INSUFFICIENT_STOCK, "select 1", "option.restock", "product:3",
     "{\"option_id\":31,\"quantity\":-7}"},
    {VERDICT_INSUFFICIENT_STOCK, "select 1", "product.put", "product:3",
     PRODUCT_OF("Mug", "900", RED("3") "," BLUE)},
    {VERDICT_PRODUCT_NOT_ON_SALE, "update product set status = 'stopped'", "order.place", "user:7",
     ONE_BLUE},
    {VERDICT_COUPON_SOLD_OUT, "update coupon_template set quantity = 1", "coupon.issue",
     "template:5", "{\"user_id\":8}"},
    {VERDICT_COUPON_ALREADY_ISSUED, "select 1", "coupon.issue", "template:5", "{\"user_id\":7}"},
    {VERDICT_COUPON_NOT_OPEN,
     "update coupon_template set issue_from = '2026-03-01 12:00:00.000002'", "coupon.issue",
     "template:5", "{\"user_id\":8}"},
    {VERDICT_COUPON_CLOSED, "update coupon_template set issue_until = '2026-03-01 12:00:00.000001'",
     "coupon.issue", "template:5", "{\"user_id\":8}"},
    {VERDICT_COUPON_NOT_OWNED, "update coupon set user_id = 8", "order.place", "user:7",
     ORDER_WITH(COUPON)},
    {VERDICT_COUPON_EXPIRED, "update coupon set expires_at = '2026-03-01 12:00:00.000001'",
     "order.place", "user:7", ORDER_WITH(COUPON)},
    {VERDICT_COUPON_EXPIRED, "update coupon set status = 'expired'", "order.place", "user:7",
     ORDER_WITH(COUPON)},
    {VERDICT_COUPON_USED, "update coupon set status = 'used', order_id = coupon_id", "order.place",
     "user:7", ORDER_WITH(COUPON)},
    {VERDICT_COUPON_REVOKED, "update coupon set status = 'cancelled'", "order.place", "user:7",
     ORDER_WITH(COUPON)},
    {VERDICT_COUPON_USED, "update coupon set status = 'used', order_id = coupon_id",
     "coupon.revoke", "template:5", "{" COUPON "}"},
    {VERDICT_COUPON_MINIMUM_NOT_REACHED, "update coupon set min_total = 901", "order.place",
     "user:7", ORDER_WITH(COUPON)},
    {VERDICT_USER_EXISTS, "delete from wallet", "user.register", "user:7", "{}"},
    {VERDICT_NAME_TAKEN, "select 1", "product.put", "product:4",
     PRODUCT_OF("Mug", "900", "{\"name\":\"one\",\"surcharge\":0,\"stock\":1}")},
    {VERDICT_ORDER_NOT_CANCELLABLE, GIVEN("shipped"), "order.cancel", "user:7", "{" ORDER_F "}"},
    {VERDICT_ORDER_NOT_CANCELLABLE, PENDING, "order.cancel", "user:7", "{" ORDER_F "}"},
    {VERDICT_ORDER_NOT_CHANGEABLE, GIVEN("partly_shipped"), "order.change", "user:7",
     "{" ORDER_F ",\"lines\":[{\"option_id\":32,\"quantity\":2}]}"},
    {VERDICT_SHIPMENT_EXCEEDS_ORDER, GIVEN("paid"), "order.ship", "user:7",
     "{" ORDER_F ",\"lines\":[{\"option_id\":31,\"quantity\":1}]}"},
    {VERDICT_SHIPMENT_EXCEEDS_ORDER, PENDING, "order.ship", "user:7",
     "{" ORDER_F ",\"lines\":[{\"option_id\":32,\"quantity\":1}]}"},
    {VERDICT_PRODUCT_IN_USE, "select 1", "product.put", "product:3",
     PRODUCT_OF("Mug", "900", BLUE)},
    {VERDICT_PRODUCT_IN_USE, "select 1", "product.delete", "product:3", "{}"},
    {VERDICT_TEMPLATE_IN_USE, "select 1", "template.delete", "template:5", "{}"},
    {VERDICT_CHARGE_NOT_ALLOWED, "select 1", "wallet.charge", "user:7", "{\"amount\":0}"},
    {VERDICT_CHARGE_NOT_ALLOWED, "select 1", "wallet.charge", "user:7", "{\"amount\":-5}"},
    {VERDICT_BALANCE_LIMIT_EXCEEDED, "update wallet set balance = 1000000000000000",
     "wallet.charge", "user:7", "{\"amount\":1}"},
    {VERDICT_DISCOUNT_NOT_ALLOWED, "select 1", "template.put", "template:6", TEMPLATE_OF("amount")},
    {VERDICT_PRICE_NOT_ALLOWED, "select 1", "product.put", "product:3",
     PRODUCT_OF("Mug", "0", BLUE)},
    {VERDICT_DISCOUNT_EXCEEDS_TOTAL, "update coupon set discount_value = 10000", "order.place",
     "user:7", ORDER_WITH(COUPON)},
    {VERDICT_SEVERAL_FIRST_COME_PRODUCTS,
     "with a as (update product set first_come = true) insert into product values"
     " (4, 'Cup', 1, '', 'on_sale', true, 1, now())",
     "order.place", "product:3",
     LINES_OF("{\"option_id\":31,\"quantity\":1},{\"option_id\":41,\"quantity\":1}")},
    {VERDICT_PAYMENT_METHOD_NOT_ALLOWED, "select 1", "order.place", "user:7",
     ORDER_WITH("\"payment\":{\"method\":\"bank_transfer\"}")},
    {VERDICT_PAYMENT_TIMED_OUT, GIVEN("paid"), "payment.settle", "user:7",
     "{" ORDER_F ",\"outcome\":\"approved\"}"},
    {VERDICT_PAYMENT_TIMED_OUT, PENDING, "order.expire", "user:7", "{" ORDER_F "}"},
    {VERDICT_MISROUTED, GIVEN("paid"), "order.cancel", "user:8", "{" ORDER_F "}"},
    {VERDICT_MISROUTED, "update product set first_come = true", "order.place", "user:7", ONE_BLUE},
    {VERDICT_MISROUTED, "select 1", "order.place", "product:3", ONE_BLUE},
    {VERDICT_MISROUTED, "select 1", "option.restock", "product:4",
     "{\"option_id\":31,\"quantity\":1}"},
};

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&coupon, WIRE_FAMILY_COUPON, "coupon-1");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    worker_rig_close(&coupon);
    return 0;
}

static void open_shop(const struct refused *row)
{
    worker_rows_clear(order.db);
    worker_rows_open_shop(order.db);
    testdb_run(order.db, row->given);
    if (row->verdict == VERDICT_SEVERAL_FIRST_COME_PRODUCTS)
        testdb_run(order.db, "insert into product_option values (41, 4, 'one', 0, 1, 0, false)");
    worker_rig_policy(&order)->coupon_excess = row->verdict == VERDICT_DISCOUNT_EXCEEDS_TOTAL
                                                   ? POLICY_EXCESS_IS_REFUSED
                                                   : POLICY_EXCESS_STOPS_AT_TOTAL;
    worker_rig_policy(&coupon)->discount_amount = row->verdict != VERDICT_DISCOUNT_NOT_ALLOWED;
}

static void check_row(const struct refused *row)
{
    const char *code = wire_problem_of(row->verdict)->code;
    enum command_type type;
    char want[512];

    assert_true(wire_command_type_parse(fc_str_of(row->type), &type));
    struct worker_rig *rig = wire_command_family(type) == WIRE_FAMILY_ORDER ? &order : &coupon;

    open_shop(row);
    struct fc_str before = worker_rows_state(rig->db);

    worker_rig_ask(rig, 1, row->type, row->key, row->body, ",\"reply_to\":\"here\"");
    worker_rig_run(rig);
    struct fc_str after = worker_rows_state(rig->db);

    if (!fc_str_eq(before, after))
        fail_msg("%s on %s changed the shop:\n" FC_STR_FMT "\nwas\n" FC_STR_FMT, row->type, code,
                 FC_STR_ARG(after), FC_STR_ARG(before));
    (void)snprintf(want, sizeof(want), "(" WORKER_ID_HEAD "1,%s,%s,%s,)", row->type, row->key,
                   code);
    assert_rows(rig->db, "select command_id, type, key, verdict, events from journal", want);
    assert_rows(rig->db,
                "select result::json ->> 'code' = verdict, decided_at, replay_of from journal",
                "(t,\"" WORKER_NOW_ROW "\",)");
    /* One message, to the one who asked: no event came of it. */
    struct fc_str told = worker_rig_told(rig);

    assert_true(fc_str_starts_with(told, FC_STR("|here|firstcome.verdicts.v1|transient|[{")));
    assert_str_contains(told, "\"state\":\"refused\"");
    assert_str_contains(told, code);
    assert_ptr_equal(memchr(told.ptr, '\n', told.len), told.ptr + told.len - 1);
}

static void test_shop_refusal_leaves_a_journal_row_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        check_row(&rows[i]);
}

/* idempotency_key_reused has a test of its own (test_journal.c); payment_declined is told of an
 * order, and refuses no command. */
static void test_shop_refusals_are_all_shown(void **state)
{
    bool shown[VERDICT_COUNT] = {
        [VERDICT_PAYMENT_DECLINED] = true, [VERDICT_IDEMPOTENCY_KEY_REUSED] = true};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        shown[rows[i].verdict] = true;
    for (int v = VERDICT_SUCCEEDED + 1; v < VERDICT_COUNT; v++)
        if (!shown[v])
            fail_msg("no row comes to %s", wire_problem_of((enum verdict)v)->code);
}

/* Of two commands in one batch a refused one is between two that succeed, and they do. */
static void test_shop_refusal_does_not_touch_its_neighbours(void **state)
{
    (void)state;
    worker_rows_clear(order.db);
    worker_rows_open_shop(order.db);
    worker_rig_ask(&order, 1, "wallet.charge", "user:7", "{\"amount\":1}", "");
    worker_rig_ask(&order, 2, "wallet.charge", "user:9", "{\"amount\":1}", "");
    worker_rig_ask(&order, 3, "wallet.charge", "user:7", "{\"amount\":2}", "");
    worker_rig_run(&order);
    assert_rows(order.db, "select * from wallet", "(7,10003,6,0)\n(8,0,1,0)");
    assert_rows(order.db, "select seq, verdict from journal", "(1,)\n(2,unknown_user)\n(3,)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shop_refusal_leaves_a_journal_row_and_nothing_else),
        cmocka_unit_test(test_shop_refusals_are_all_shown),
        cmocka_unit_test(test_shop_refusal_does_not_touch_its_neighbours),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
