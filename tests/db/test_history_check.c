/*
 * The history check over a real schema: it finds nothing in the shop that workers left and clients
 * saw, and what somebody did to the tables or to the journal behind their backs.
 */
#include "support/expect.h"
#include "support/history_check.h"
#include "support/history_check_files.h"
#include "support/history_db.h"
#include "support/stats_rig.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"
#include "support/worker_shop.h"
#include "wire/event.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIGHTINGS_MAX 256

static struct worker_rig order;
static struct worker_rig coupon;
static struct stats_rig stats;
static struct db *db;
static struct history_verdict verdict;
/* What clients saw of the shop, what the platform was told, and the gateway's books. */
static char history_path[64];
static char platform_path[64];
static char gateway_path[64];

#define ORDER(digits) "'" WORKER_SHOP_ORDER(digits) "'"
#define OTHERWISE(from, to) "update journal set events = replace(events, '" from "', '" to "')"

/* A row of the journal, once more under another id. */
#define COPY(id, what, from)                                                                     \
    "insert into journal (command_id, type, partition, key, actor_id, user_id, idempotency_key," \
    " accepted_at, decided_at, verdict, body, result, events, replay_of) select " ORDER(         \
        id) ","                                                                                  \
            " type, partition, key, actor_id, user_id, " what                                    \
            ", accepted_at, decided_at, verdict, body,"                                          \
            " result, null, null from journal where command_id = " ORDER(from)

/* What somebody did, and the check that has to find it. */
static const struct {
    enum history_check_name check;
    const char *deed;
} deeds[] = {
    {CHECK_ACCEPTED_IS_DECIDED, "delete from journal where command_id = " ORDER("46")},
    {CHECK_ACCEPTED_IS_DECIDED, "update journal set actor_id = 7 where command_id = " ORDER("31")},
    {CHECK_ACCEPTED_IS_DECIDED,
     "update journal set key = 'user:7' where command_id = " ORDER("31")},
    {CHECK_ACCEPTED_IS_DECIDED,
     "insert into parked (queue, command_id, reason, bytes, delivery_count, worker)"
     " values ('order.1', " ORDER("22") ", 'x', 'x', 0, 'order-1')"},
    {CHECK_VERDICT_IS_TOLD,
     "update journal set verdict = 'unknown_order' where command_id = " ORDER("46")},
    {CHECK_VERDICT_IS_TOLD, "update journal set result = '{}' where command_id = " ORDER("31")},
    {CHECK_VERDICT_IS_TOLD, "update journal set verdict = 'unknown_user', events = null"
                            " where command_id = " ORDER("44")},
    {CHECK_NOTHING_INVENTED, COPY("99", "null", "46")},
    {CHECK_KEY_HAS_ONE_OWNER, "update journal set replay_of = " ORDER("24") " where replay_of is"
                                                                            " not null"},
    {CHECK_KEY_HAS_ONE_OWNER, "update journal set replay_of = null, verdict = 'unknown_user'"
                              " where replay_of is not null"},
    {CHECK_KEY_HAS_ONE_OWNER, "update journal set idempotency_key = 'other'"
                              " where idempotency_key = 'k'"},
    {CHECK_KEY_HAS_ONE_OWNER,
     "update journal set result = '{\"amount\":1}' where replay_of is not null"},
    {CHECK_EFFECT_IS_ONE, "delete from orders where order_id = " ORDER("32")},
    {CHECK_EFFECT_IS_ONE, "update orders set user_id = 7 where order_id = " ORDER("31")},
    {CHECK_EFFECT_IS_ONE, "delete from coupon where user_id = 7"},
    {CHECK_EFFECT_IS_ONE, "delete from journal where command_id = " ORDER("31")},
    {CHECK_EFFECT_IS_ONE, "update journal set events = null where command_id = " ORDER("42")},
    {CHECK_STOCK_IS_THERE, "update product_option set total = total - 1 where option_id = 31"},
    {CHECK_STOCK_IS_THERE, "update product_option set reserved = 1 where option_id = 32"},
    {CHECK_STOCK_IS_THERE, "update order_line set quantity = 3 where order_id = " ORDER("31")},
    {CHECK_STOCK_IS_THERE, OTHERWISE("\"stock.returned\"", "\"stock.taken\"")},
    {CHECK_STOCK_IS_THERE, OTHERWISE("\"from_reserved\":true,", "")},
    {CHECK_COUPONS_ARE_THERE, "update coupon_template set issued = 1"},
    {CHECK_COUPONS_ARE_THERE, "update coupon_template set quantity = 1, issued = 1"},
    {CHECK_COUPONS_ARE_THERE, "update coupon set position = 2 where user_id = 7"},
    {CHECK_COUPONS_ARE_THERE, "delete from coupon_template"},
    {CHECK_WALLET_IS_ITS_EVENTS, "update wallet set balance = balance - 1 where user_id = 8"},
    {CHECK_WALLET_IS_ITS_EVENTS, "update wallet set held = held + 1 where user_id = 8"},
    {CHECK_WALLET_IS_ITS_EVENTS, OTHERWISE("\"balance\":50000", "\"balance\":50500")},
    {CHECK_WALLET_IS_ITS_EVENTS, OTHERWISE("\"wallet.refunded\"", "\"wallet.used\"")},
    {CHECK_WALLET_IS_ITS_ORDERS, "update orders set paid = 1999, discount = 1 where order_id ="
                                 " " ORDER("31")},
    {CHECK_WALLET_IS_ITS_ORDERS, "update orders set refunded = 0 where order_id = " ORDER("32")},
    {CHECK_WALLET_IS_ITS_ORDERS,
     "update orders set from_balance = 501 where order_id = " ORDER("36")},
    {CHECK_WINNERS_CAME_FIRST,
     "update journal set events = replace(replace(replace(events, '\"position\":1', 'first'),"
     " '\"position\":2', '\"position\":1'), 'first', '\"position\":2')"
     " where type = 'coupon.issue'"},
    {CHECK_DECIDED_IN_ORDER, "update journal set seq = 1000 + seq where command_id = " ORDER("31")},
    {CHECK_COUNTERS_ARE_THE_FOLD, "update sales_daily set quantity = 99"},
    {CHECK_COUNTERS_ARE_THE_FOLD, "update sales_daily set day = '2024-03-02'"},
    {CHECK_COUNTERS_ARE_THE_FOLD, "update sales_option_daily set revenue = revenue + 1"},
    {CHECK_COUNTERS_ARE_THE_FOLD, "update sales_category_daily set category = 'tea'"},
    {CHECK_COUNTERS_ARE_THE_FOLD, "update sales_total_daily set cancelled_orders = 9"},
    {CHECK_COUNTERS_ARE_THE_FOLD, "delete from counted_event"},
    {CHECK_PLATFORM_HAS_ALL, "update journal set decided_at = decided_at + interval '1 second'"
                             " where command_id = " ORDER("31")},
    {CHECK_PLATFORM_HAS_ALL, "delete from journal where command_id = " ORDER("42")},
    {CHECK_PLATFORM_HAS_ALL, OTHERWISE("\"order.paid\"", "\"order.cancelled\"")},
    {CHECK_PLATFORM_HAS_ALL, OTHERWISE("\"discount\":0", "\"discount\":1")},
    {CHECK_GATEWAY_AGREES, "update orders set status = 'failed', failure = 'declined'"
                           " where order_id = " ORDER("39")},
    {CHECK_GATEWAY_AGREES, "delete from orders where order_id = " ORDER("39")},
    {CHECK_GATEWAY_AGREES, "update orders set user_id = 7 where order_id = " ORDER("39")},
    {CHECK_GATEWAY_AGREES, OTHERWISE("\"from_balance\":999", "\"from_balance\":998")},
};

/* --- what clients saw ------------------------------------------------------------------------- */

#define SET_UP ORDER("20")
#define SYSTEMS "('policy.apply', 'payment.settle', 'day.close', 'coupon.expire')"

/* All that was not for the set-up, and the coupon of the set-up. */
static const char *const columns =
    "select command_id, seq, type, key, coalesce(actor_id, 0), coalesce(idempotency_key,"
    " (select o.idempotency_key from journal o where o.command_id = j.replay_of), ''),"
    " coalesce(verdict, ''), result from journal j where type not in " SYSTEMS
    " and (command_id = '" WORKER_SHOP_COUPON "' or command_id > " SET_UP ") and"
    " command_id::text < '00000000-0000-8000-8000-000000000f00' order by seq";

static void write_line(FILE *file, struct history_line *line, enum history_what what, int64_t t_us)
{
    line->what = what;
    line->t_us = t_us;
    assert_true(history_write(file, line));
}

/* One client that asked one after the other, as the journal has it. */
static void write_history(FILE *file)
{
    testdb_run(db, columns);
    const struct db_rows *rows = db_rows(db, 0);

    assert_in_range(db_rows_count(rows), 20, SIGHTINGS_MAX);
    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        struct history_line line = {.op = row + 1, .attempt = 1, .status = 202};
        int64_t at = 1000 + row * 100;

        line.user_id = db_i64(rows, row, 4);
        (void)fc_str_copy(db_text(rows, row, 2), line.command, sizeof(line.command));
        (void)fc_str_copy(db_text(rows, row, 3), line.key, sizeof(line.key));
        (void)fc_str_copy(db_text(rows, row, 5), line.idempotency_key,
                          sizeof(line.idempotency_key));
        write_line(file, &line, HISTORY_SENT, at);
        line.id = db_uuid(rows, row, 0);
        line.has_id = true;
        write_line(file, &line, HISTORY_ANSWERED, at + 10);
        (void)fc_str_copy(db_text(rows, row, 6), line.code, sizeof(line.code));
        line.succeeded = line.code[0] == '\0';
        line.body = db_text(rows, row, 7);
        write_line(file, &line, HISTORY_VERDICT, at + 20);
    }
}

static FILE *open_file(char path[64])
{
    (void)snprintf(path, 64, "/tmp/fc_history_XXXXXX");
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");

    assert_non_null(file);
    return file;
}

static void make_history(void)
{
    FILE *file = open_file(history_path);

    write_history(file);
    /* Its client was killed while it wrote. */
    (void)fputs("{\"t\":99,\"op\":77,\"tr", file);
    assert_int_equal(fclose(file), 0);
}

/* --- what the other parties have -------------------------------------------------------------- */

/* Of what was announced, what the platform's worker passes on, all of it twice. */
static void make_platform(struct fc_str told)
{
    static const char head[] = "firstcome.events|order|firstcome.events.v1|durable|";
    FILE *file = open_file(platform_path);

    while (told.len > 0) {
        struct fc_str line = fc_str_cut(&told, '\n');
        struct wire_told_event *events;
        const char *reason;
        int32_t count;

        if (!fc_str_starts_with(line, fc_str_of(head)))
            continue;
        line = (struct fc_str){line.ptr + sizeof(head) - 1, line.len - sizeof(head) + 1};
        assert_true(wire_told_events_parse(line, testdb_arena(), &events, &count, &reason));
        for (int32_t i = 0; i < count * 2; i++)
            (void)fprintf(file, FC_STR_FMT "\n", FC_STR_ARG(events[i % count].json));
    }
    assert_int_equal(fclose(file), 0);
}

static void make_gateway(void)
{
    int64_t amount = testdb_ask(db, "select paid - from_balance from orders"
                                    " where order_id = " ORDER("39"));
    FILE *file = open_file(gateway_path);

    (void)fprintf(file,
                  "{\"payments\":[{\"order_id\":\"" WORKER_SHOP_ORDER(
                      "39") "\",\"user_id\":8,"
                            "\"amount\":%" PRId64 ",\"status\":\"approved\",\"approvals\":1},"
                            "{\"order_id\":\"" WORKER_SHOP_ORDER(
                                "38") "\",\"user_id\":7,\"amount\":1,"
                                      "\"status\":\"declined\",\"approvals\":0}],\"totals\":{}}\n",
                  amount);
    assert_int_equal(fclose(file), 0);
}

static int setup(void **state)
{
    (void)state;
    worker_rows_migrate();
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&coupon, WIRE_FAMILY_COUPON, "coupon-1");
    stats_rig_open(&stats, "stats-1");
    db = order.db;
    worker_rows_clear(db);
    worker_shop_found(&order, &coupon);
    worker_shop_live(&order, &coupon);
    struct fc_str told = worker_rig_told(&order);

    stats_rig_hear(&stats, told);
    stats_rig_run(&stats);
    make_platform(told);
    make_gateway();
    make_history();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    (void)unlink(history_path);
    (void)unlink(platform_path);
    (void)unlink(gateway_path);
    stats_rig_close(&stats);
    worker_rig_close(&coupon);
    worker_rig_close(&order);
    return 0;
}

static void judge(enum fc_rc (*read)(struct evidence *evidence, struct fc_err *ret_err))
{
    struct evidence evidence = {.has_platform = false};
    char why[HISTORY_WHY_BYTES];
    struct fc_err err;

    if (!history_file_read(&evidence, history_path, why) ||
        !history_platform_read(&evidence, platform_path, why) ||
        !history_gateway_read(&evidence, gateway_path, why))
        fail_msg("%s", why);
    if (read(&evidence, &err) == FC_FAIL)
        fail_msg("%s: %s", err.where, err.text);
    history_judge(&evidence, &verdict);
    evidence_close(&evidence);
}

static enum fc_rc read_here(struct evidence *evidence, struct fc_err *ret_err)
{
    return history_db_read_in(evidence, db, ret_err);
}

static enum fc_rc read_anew(struct evidence *evidence, struct fc_err *ret_err)
{
    return history_db_read(evidence, testdb_conninfo(), ret_err);
}

/* --- the tests -------------------------------------------------------------------------------- */

static void test_history_of_a_shop_in_order_has_no_violation(void **state)
{
    (void)state;
    judge(read_anew);
    if (verdict.violations > 0)
        history_verdict_print(&verdict, stderr);
    assert_int_equal(verdict.violations, 0);
    for (int i = 0; i < CHECK_COUNT; i++)
        if (verdict.checks[i].compared == 0)
            fail_msg("%s compared nothing", history_check_name((enum history_check_name)i));
}

static void test_history_check_finds_each_deed(void **state)
{
    bool missed = false;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(deeds); i++) {
        testdb_run(db, "begin");
        testdb_run(db, "set local session_replication_role = replica");
        testdb_run(db, "alter table journal alter column seq set generated by default");
        testdb_run(db, "alter table coupon_template drop constraint never_more_than_quantity");
        testdb_run(db, deeds[i].deed);
        judge(read_here);
        testdb_run(db, "rollback");
        if (verdict.checks[deeds[i].check].violations == 0) {
            print_error("%s did not find: %s\n", history_check_name(deeds[i].check), deeds[i].deed);
            missed = true;
        }
    }
    assert_false(missed);
}

static void test_history_checks_each_have_a_deed(void **state)
{
    (void)state;
    for (int check = 0; check < CHECK_COUNT; check++) {
        bool has_one = false;

        for (size_t i = 0; i < FC_ARRAY_COUNT(deeds); i++)
            has_one = has_one || (int)deeds[i].check == check;
        if (!has_one)
            fail_msg("no deed shows that %s can find something",
                     history_check_name((enum history_check_name)check));
    }
}

static void test_history_is_read_from_a_database_that_is_there(void **state)
{
    struct evidence evidence = {.has_platform = false};
    struct fc_err err;

    (void)state;
    assert_int_equal(history_db_read(&evidence, "host=127.0.0.1 port=1 connect_timeout=2", &err),
                     FC_FAIL);
    evidence_close(&evidence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_history_of_a_shop_in_order_has_no_violation),
        cmocka_unit_test(test_history_check_finds_each_deed),
        cmocka_unit_test(test_history_checks_each_have_a_deed),
        cmocka_unit_test(test_history_is_read_from_a_database_that_is_there),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
