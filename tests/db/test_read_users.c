/* Coupons and balances of a user as the ingress reads them. */
#include "support/expect.h"
#include "support/reads.h"
#include "support/testdb.h"
#include "support/worker_rows.h"

#include <json-c/json.h>
#include <stdio.h>

#define ID(digit) WORKER_ID_HEAD digit

static struct db *db;

static int setup(void **state)
{
    (void)state;
    worker_rows_migrate();
    db = testdb_open(NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

/* --- coupons --------------------------------------------------------------------------------- */

static void put_coupons(void)
{
    worker_rows_clear(db);
    worker_rows_open_shop(db);
    testdb_run(db, "update coupon set expires_at = now() + interval '1 hour'");
    testdb_run(
        db,
        "insert into coupon values"
        " ('" ID("1") "', 0, 7, 1, 'available', 'rate', 500, 0, '2026-02-01', null,"
                      " null, 1),"
                      " ('" ID("2") "', 6, 7, 1, 'available', 'rate', 500, 0, '2026-02-01', now(),"
                                    " null, 1),"
                                    " ('" ID("3") "', 7, 7, 1, 'expired', 'rate', 500, 0, "
                                                  "'2026-02-01', now(), null,"
                                                  " 2),"
                                                  " ('" ID(
                                                      "4") "', 8, 7, 1, 'cancelled', 'rate', 500, "
                                                           "0, '2026-02-01', now(),"
                                                           " null, 2),"
                                                           " ('" ID(
                                                               "5") "', 9, 7, 1, 'used', 'amount', "
                                                                    "500, 0, '2026-02-01', now(),"
                                                                    " '" ID("a") "', 2)");
}

/* The last digits of the coupons on a page, all of which must be of that status. */
static void put_digits(struct fc_buf *buf, struct json_object *page, const char *status)
{
    for (int32_t i = 0; i < 9; i++) {
        char pointer[32];
        char wanted[32];

        (void)snprintf(pointer, sizeof(pointer), "/items/%d/coupon_id", i);
        struct fc_str id = fc_str_of(reads_text(page, pointer));

        if (id.len == 0)
            return;
        fc_buf_put_char(buf, id.ptr[id.len - 2]);
        (void)snprintf(pointer, sizeof(pointer), "/items/%d/status", i);
        (void)snprintf(wanted, sizeof(wanted), "\"%s\"", status);
        assert_string_equal(reads_text(page, pointer), wanted);
    }
}

static void test_read_users_coupons_are_listed_by_what_they_are_now(void **state)
{
    static const struct {
        const char *status;
        const char *digits;
    } rows[] = {{"available", "e1"}, {"expired", "32"}, {"cancelled", "4"}, {"used", "5"}};

    (void)state;
    put_coupons();
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        char target[64];
        char digits[16];
        struct fc_buf buf = fc_buf_of(digits, sizeof(digits));

        (void)snprintf(target, sizeof(target), "/v1/users/7/coupons?status=%s", rows[i].status);
        struct json_object *page = reads_get(db, target, 7);

        put_digits(&buf, page, rows[i].status);
        assert_str_equal(fc_buf_str(&buf), rows[i].digits);
        json_object_put(page);
    }
}

static void test_read_users_the_policys_own_coupon_has_no_template(void **state)
{
    (void)state;
    put_coupons();
    READS_CHECK(db, "/v1/coupons/" ID("1"), 7, {"/template_id", "null"}, {"/position", "1"},
                {"/status", "\"available\""}, {"/expires_at", "null"},
                {"/discount", "{\"type\":\"rate\",\"value\":500}"});
    READS_CHECK(db, "/v1/coupons/" ID("2"), 7, {"/template_id", "6"}, {"/status", "\"expired\""});
    READS_CHECK(db, "/v1/coupons/" ID("5"), 7, {"/status", "\"used\""},
                {"/order_id", "\"" ID("a") "\""});
    READS_CHECK(db, "/v1/users/7/coupons?limit=1&status=cancelled", 7,
                {"/items/0/template_id", "8"}, {"/next_cursor", "null"});
}

/* --- balances -------------------------------------------------------------------------------- */

static void test_read_users_a_balance_names_what_is_held_when_something_is(void **state)
{
    (void)state;
    worker_rows_clear(db);
    worker_rows_open_shop(db);
    READS_CHECK(db, "/v1/users/7/balance", 7, {"/", "{\"user_id\":7,\"balance\":10000}"});
    testdb_run(db, "update wallet set held = 400 where user_id = 7");
    READS_CHECK(db, "/v1/users/7/balance", 7,
                {"/", "{\"user_id\":7,\"balance\":10000,\"held\":400}"});
    READS_CHECK(db, "/v1/users/7", 7, {"/held", "400"});
    testdb_run(db, "delete from wallet where user_id = 8");
    assert_int_equal(reads_found(db, "/v1/users/8/balance", 8), READ_NO_WALLET);
    assert_int_equal(reads_found(db, "/v1/users/9/balance", 9), READ_UNKNOWN);
}

/* Charges, uses and refunds; holds leave the balance alone and are not told. */
static void test_read_users_history_of_a_balance_has_the_latest_changes_first(void **state)
{
    static const char *const types[] = {"charged",  "used",    "held",    "released",
                                        "refunded", "charged", "charged", "used"};

    (void)state;
    worker_rows_clear(db);
    worker_rows_open_shop(db);
    for (size_t i = 0; i < FC_ARRAY_COUNT(types); i++) {
        char text[512];

        (void)snprintf(
            text, sizeof(text),
            "insert into journal (command_id, type, partition, key, user_id,"
            " accepted_at, decided_at, body, result, events) values ('" ID(
                "%zu") "',"
                       " 't', 7, 'user:7', 7, now(), now(), '{}', '{}', '[{\"type\":\"wallet.%s\","
                       "\"subject\":\"user:7\",\"version\":%zu,\"data\":{\"user_id\":7,\"amount\":"
                       "%zu,\"balance\":100}}]')",
            i, types[i], i + 1, i + 1);
        testdb_run(db, text);
    }
    READS_CHECK(db, "/v1/users/7/balance/history?limit=5", 7, {"/items/0/kind", "\"use\""},
                {"/items/0/amount", "8"}, {"/items/1/kind", "\"charge\""}, {"/items/2/amount", "6"},
                {"/items/3/kind", "\"refund\""}, {"/items/3/amount", "5"},
                {"/items/4/kind", "\"use\""}, {"/items/4/amount", "2"}, {"/items/5", ""});
    READS_CHECK(db, "/v1/users/7/balance/history", 7, {"/items/5/amount", "1"}, {"/items/6", ""},
                {"/next_cursor", "null"});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_users_coupons_are_listed_by_what_they_are_now),
        cmocka_unit_test(test_read_users_the_policys_own_coupon_has_no_template),
        cmocka_unit_test(test_read_users_a_balance_names_what_is_held_when_something_is),
        cmocka_unit_test(test_read_users_history_of_a_balance_has_the_latest_changes_first),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
