/*
 * Coupons that end otherwise than in an order: revoked, expired, and the one that the policy gives.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"
#include "support/worker_shop.h"

#define COUPON \
    "select status, order_id, version from coupon where coupon_id = '" WORKER_SHOP_COUPON "'"
#define VERDICTS "select command_id, verdict, user_id from journal where seq > 6"
#define REVOKE "{\"coupon_id\":\"" WORKER_SHOP_COUPON "\"}"
#define AFTER "2026-03-11T12:00:01Z"

static struct worker_rig order;
static struct worker_rig coupon;

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&coupon, WIRE_FAMILY_COUPON, "coupon-1");
    worker_rows_clear(order.db);
    worker_shop_found(&order, &coupon);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    worker_rig_close(&coupon);
    return 0;
}

static void test_shop_revoke_cancels_an_available_coupon_once(void **state)
{
    (void)state;
    worker_rig_ask(&coupon, 1, "coupon.revoke", "template:5", REVOKE, "");
    worker_rig_ask(&coupon, 2, "coupon.revoke", "template:5", REVOKE, "");
    worker_rig_ask(&coupon, 3, "coupon.revoke", "template:6", REVOKE, "");
    worker_rig_run(&coupon);
    assert_rows(coupon.db, COUPON, "(cancelled,,2)");
    assert_rows(coupon.db, VERDICTS,
                "(" WORKER_ID_HEAD "1,,)\n(" WORKER_ID_HEAD "2,coupon_revoked,)\n"
                "(" WORKER_ID_HEAD "3,misrouted,)");
    worker_shop_audit(coupon.db);
}

/* It stays issued: nobody gets another of the template, and the quantity is what it was. */
static void test_shop_revoke_gives_no_place_in_the_quantity_back(void **state)
{
    (void)state;
    worker_rig_ask(&coupon, 1, "coupon.revoke", "template:5", REVOKE, "");
    worker_rig_ask(&coupon, 2, "coupon.issue", "template:5", "{\"user_id\":7}", "");
    worker_rig_ask(&coupon, 3, "coupon.issue", "template:5", "{\"user_id\":8}", "");
    worker_rig_run(&coupon);
    assert_rows(coupon.db, VERDICTS,
                "(" WORKER_ID_HEAD "1,,)\n(" WORKER_ID_HEAD "2,coupon_already_issued,7)\n"
                "(" WORKER_ID_HEAD "3,,8)");
    assert_rows(coupon.db, "select issued from coupon_template", "(2)");
    worker_shop_audit(coupon.db);
}

static void test_shop_expire_marks_what_is_past_its_time_and_passes_over_the_rest(void **state)
{
    static const char both[] = "{\"coupon_ids\":[\"" WORKER_SHOP_COUPON "\",\"" WORKER_ID_HEAD
                               "9\",\"" WORKER_ID_HEAD "2\"]}";

    (void)state;
    coupon.now = worker_instant(86400);
    worker_rig_ask(&coupon, 2, "coupon.issue", "template:5", "{\"user_id\":8}", "");
    worker_rig_run(&coupon);
    /* The first is due, the second a day later, the third is none. */
    coupon.accepted_at = "2026-03-11T12:00:00.999999Z";
    worker_rig_ask(&coupon, 3, "coupon.expire", "template:5", both, "");
    worker_rig_run(&coupon);
    assert_rows(coupon.db, COUPON, "(available,,1)");
    coupon.accepted_at = AFTER;
    worker_rig_ask(&coupon, 4, "coupon.expire", "template:5", both, "");
    worker_rig_ask(&coupon, 5, "coupon.expire", "template:5", both, "");
    worker_rig_run(&coupon);
    assert_rows(coupon.db, "select user_id, status, version from coupon",
                "(7,expired,2)\n(8,available,1)");
    assert_rows(coupon.db,
                "select command_id, verdict, jsonb_array_length(events::jsonb) from"
                " journal where type = 'coupon.expire'",
                "(" WORKER_ID_HEAD "3,,0)\n(" WORKER_ID_HEAD "4,,1)\n(" WORKER_ID_HEAD "5,,0)");
    worker_shop_audit(coupon.db);
}

static void test_shop_expire_in_the_batch_of_the_issue_inserts_it_expired(void **state)
{
    (void)state;
    worker_rig_ask(&coupon, 1, "coupon.issue", "template:5", "{\"user_id\":8}", "");
    coupon.accepted_at = AFTER;
    worker_rig_ask(&coupon, 2, "coupon.expire", "template:5",
                   "{\"coupon_ids\":[\"" WORKER_ID_HEAD "1\"]}", "");
    worker_rig_run(&coupon);
    assert_rows(coupon.db, "select status, order_id, version from coupon where user_id = 8",
                "(expired,,2)");
    worker_shop_audit(coupon.db);
}

/* As many as a command may name, in one batch with as many more. */
static void test_shop_expire_of_a_thousand_coupons_is_two_commands(void **state)
{
    static char body[64 * 1024];

    (void)state;
    testdb_run(coupon.db,
               "insert into coupon select ('00000000-0000-8000-8000-0001' || lpad(n::text, 8,"
               " '0'))::uuid, 5, 100 + n, 100 + n, 'available', 'rate', 1, 0, '2026-03-01',"
               " '2026-03-02', null, 1 from generate_series(0, 999) n");
    coupon.accepted_at = AFTER;
    for (int half = 0; half < 2; half++) {
        struct fc_buf buf = fc_buf_of(body, sizeof(body));

        fc_buf_put_text(&buf, "{\"coupon_ids\":[");
        for (int i = 0; i < COUPON_EXPIRE_MAX; i++)
            fc_buf_put_fmt(&buf, "%s\"00000000-0000-8000-8000-0001%08d\"", i == 0 ? "" : ",",
                           half * COUPON_EXPIRE_MAX + i);
        fc_buf_put_text(&buf, "]}");
        fc_buf_put_char(&buf, '\0');
        assert_false(buf.overflow);
        worker_rig_ask(&coupon, 1 + half, "coupon.expire", "template:5", body, "");
    }
    worker_rig_run(&coupon);
    assert_int_equal(coupon.retries, 0);
    assert_int_equal(testdb_ask(coupon.db, "select count(*) from coupon where status = 'expired'"
                                           " and version = 2"),
                     1000);
}

/* --- the policy's own ------------------------------------------------------------------------- */

static void test_shop_welcome_coupon_comes_with_the_user_and_is_of_no_template(void **state)
{
    (void)state;
    worker_rig_policy(&order)->welcome = true;
    worker_rig_policy(&order)->welcome_discount = (struct discount){DISCOUNT_RATE, 500};
    worker_rig_policy(&order)->welcome_valid_days = 30;
    worker_rig_ask(&order, 1, "user.register", "user:9", "{}", "");
    worker_rig_ask(&order, 2, "user.register", "user:10", "{}", "");
    worker_rig_ask(&order, 3, "user.register", "user:9", "{}", "");
    worker_rig_run(&order);
    assert_rows(order.db,
                "select template_id, user_id, position, status, discount_type, discount_value,"
                " min_total, expires_at, version from coupon where user_id > 8",
                "(0,10,1,available,rate,500,0,\"2026-03-31 12:00:01+00\",1)\n"
                "(0,9,1,available,rate,500,0,\"2026-03-31 12:00:01+00\",1)");
    worker_shop_audit(order.db);
}

static void test_shop_welcome_coupon_is_used_and_revoked_like_others(void **state)
{
    (void)state;
    worker_rig_policy(&order)->welcome = true;
    worker_rig_policy(&order)->welcome_discount = (struct discount){DISCOUNT_AMOUNT, 300};
    worker_rig_ask(&order, 1, "user.register", "user:9", "{}", "");
    worker_rig_run(&order);
    worker_rig_ask(&coupon, 2, "coupon.revoke", "template:0",
                   "{\"coupon_id\":\"" WORKER_ID_HEAD "1\"}", "");
    worker_rig_run(&coupon);
    assert_rows(coupon.db, "select template_id, status, version from coupon where user_id = 9",
                "(0,cancelled,2)");
    worker_shop_audit(coupon.db);
}

/* Whoever reads a coupon's id can send a command of that id: it must not stop its line. */
static void test_shop_command_of_a_welcome_coupons_id_stops_nobody(void **state)
{
    (void)state;
    worker_rig_policy(&order)->welcome = true;
    worker_rig_policy(&order)->welcome_discount = (struct discount){DISCOUNT_AMOUNT, 300};
    worker_rig_ask(&order, 1, "user.register", "user:9", "{}", "");
    worker_rig_run(&order);
    assert_int_equal(testdb_ask(order.db, "select count(*) from coupon where user_id = 9 and"
                                          " coupon_id = '" WORKER_ID_HEAD "1'"),
                     1);
    worker_rig_ask(&coupon, 1, "coupon.issue", "template:5", "{\"user_id\":8}", "");
    worker_rig_ask(&coupon, 2, "coupon.issue", "template:5", "{\"user_id\":8}", "");
    worker_rig_run(&coupon);
    assert_rows(coupon.db, "select coupon_id, user_id from coupon where user_id in (8, 9)",
                "(" WORKER_ID_HEAD "1,9)\n(" WORKER_ID_HEAD "2,8)");
    worker_shop_audit(coupon.db);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_revoke_cancels_an_available_coupon_once),
        TEST(test_shop_revoke_gives_no_place_in_the_quantity_back),
        TEST(test_shop_expire_marks_what_is_past_its_time_and_passes_over_the_rest),
        TEST(test_shop_expire_in_the_batch_of_the_issue_inserts_it_expired),
        TEST(test_shop_expire_of_a_thousand_coupons_is_two_commands),
        TEST(test_shop_welcome_coupon_comes_with_the_user_and_is_of_no_template),
        TEST(test_shop_welcome_coupon_is_used_and_revoked_like_others),
        TEST(test_shop_command_of_a_welcome_coupons_id_stops_nobody),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
