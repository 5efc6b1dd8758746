/*
 * Idempotency keys against the journal: what a repeat gets depends on what was asked under the key
 * before, and never on how large that was.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>

#define KEYED ",\"idempotency_key\":\"k\""
#define VERDICTS "select command_id, verdict, replay_of from journal"
#define FIRST WORKER_ID_HEAD "1"

static struct worker_rig order;

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rows_clear(order.db);
    worker_rows_open_shop(order.db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    return 0;
}

static void charge(int n, int won)
{
    char body[64];

    (void)snprintf(body, sizeof(body), "{\"amount\":%d}", won);
    worker_rig_ask(&order, n, "wallet.charge", "user:7", body, KEYED);
}

/* In one batch: the same, one of the same length, and one of another length. */
static void test_journal_key_is_replayed_beside_others_that_reuse_it(void **state)
{
    (void)state;
    charge(1, 500);
    worker_rig_run(&order);
    charge(2, 50);
    charge(3, 500);
    charge(4, 700);
    worker_rig_run(&order);
    assert_rows(order.db, VERDICTS,
                "(" FIRST ",,)\n"
                "(" WORKER_ID_HEAD "2,idempotency_key_reused,)\n"
                "(" WORKER_ID_HEAD "3,," FIRST ")\n"
                "(" WORKER_ID_HEAD "4,idempotency_key_reused,)");
    assert_int_equal(testdb_ask(order.db, "select balance from wallet where user_id = 7"), 10500);
}

/* --- large ------------------------------------------------------------------------------------ */

/* An order of ORDER_LINES_MAX lines that owns the key, although nothing comes of it. */
static void ask_large(int n)
{
    static char body[256 * 1024];
    struct fc_buf buf = fc_buf_of(body, sizeof(body));

    fc_buf_put_text(&buf, "{\"user_id\":7,\"lines\":[");
    for (int i = 0; i < ORDER_LINES_MAX; i++)
        fc_buf_put_fmt(&buf, "%s{\"option_id\":%lld,\"quantity\":1000000}", i == 0 ? "" : ",",
                       ID_MAX - i);
    fc_buf_put_text(&buf, "]}");
    fc_buf_put_char(&buf, '\0');
    assert_false(buf.overflow);
    worker_rig_ask(&order, n, "order.place", "user:7", body, KEYED);
}

/* One message of small commands with the key, numbered from `first` on. */
static void ask_small(int first, int count)
{
    static char text[128 * 1024];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    for (int n = first; n < first + count; n++) {
        fc_buf_put_char(&buf, n == first ? '[' : ',');
        fc_buf_put_text(&buf,
                        worker_rig_command(n, "wallet.charge", "user:7", "{\"amount\":1}", KEYED));
    }
    fc_buf_put(&buf, FC_STR("]"));
    fc_buf_put_char(&buf, '\0');
    assert_false(buf.overflow);
    worker_rig_publish(&order, text);
}

static void test_journal_small_requests_do_not_bring_the_large_one_whose_key_they_bear(void **state)
{
    (void)state;
    ask_large(1);
    worker_rig_run(&order);
    size_t large = order.arena.used_max;

    ask_small(2, BATCH_COMMANDS_SOFT_MAX - 1);
    ask_small(BATCH_COMMANDS_SOFT_MAX + 1, MESSAGE_COMMANDS_MAX);
    worker_rig_run(&order);
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"
                                          " where verdict = 'idempotency_key_reused'"),
                     BATCH_COMMANDS_MAX);
    assert_in_range(order.arena.used_max, large, large + 4 * MESSAGE_BYTES_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_journal_key_is_replayed_beside_others_that_reuse_it),
        TEST(test_journal_small_requests_do_not_bring_the_large_one_whose_key_they_bear),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
