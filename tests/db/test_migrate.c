#include "db/migrate.h"

#include "support/testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct sql_query good[] = {
    {"0001_first", "", "create table first (id bigint);\ninsert into first values (1);\n"},
    {"0002_second", "", "-- 둘째\ncreate table second (id bigint);\n"},
    {"0003_third", "", "alter table first add column name text;\n"},
};

static struct db *db;
static struct fc_err err;

/* What was applied, in order, by the first four digits. */
static struct {
    char names[64];
    size_t len;
} applied;

static int setup(void **state)
{
    (void)state;
    memset(&applied, 0, sizeof(applied));
    db = testdb_open(NULL);
    testdb_run(db, "drop table if exists schema_migration, first, second, third");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

static void applying(void *arg, const char *name)
{
    (void)arg;
    assert_in_range(applied.len + 5, 5, sizeof(applied.names) - 1);
    memcpy(applied.names + applied.len, name, 4);
    applied.names[applied.len + 4] = ' ';
    applied.len += 5;
}

static enum fc_rc migrate(const struct sql_query *migrations, size_t count)
{
    return db_migrate(testdb_conninfo(), migrations, count, applying, NULL, &err);
}

static enum fc_rc check(const struct sql_query *migrations, size_t count)
{
    return db_migrate_check(db, migrations, count, &err);
}

static void assert_told(enum fc_cure cure, const char *part)
{
    if (err.cure != cure || strstr(err.text, part) == NULL)
        print_error("told: %s\n", err.text);
    assert_int_equal(err.cure, cure);
    assert_non_null(strstr(err.text, part));
}

/* --- applying --------------------------------------------------------------------------------- */

static void test_migrate_applies_all_in_order(void **state)
{
    (void)state;
    assert_int_equal(migrate(good, 3), FC_OK);
    assert_string_equal(applied.names, "0001 0002 0003 ");
    assert_int_equal(testdb_ask(db, "select count(*) from first where name is null"), 1);
    assert_int_equal(testdb_ask(db, "select count(*) from schema_migration"
                                    " where applied_at <= now() and length(sha256) = 64"),
                     3);
    assert_int_equal(check(good, 3), FC_OK);
}

static void test_migrate_twice_applies_nothing_more(void **state)
{
    (void)state;
    assert_int_equal(migrate(good, 3), FC_OK);
    applied.len = 0;
    assert_int_equal(migrate(good, 3), FC_OK);
    assert_int_equal(applied.len, 0);
    assert_int_equal(testdb_ask(db, "select count(*) from first"), 1);
}

static void test_migrate_applies_only_what_is_new(void **state)
{
    (void)state;
    assert_int_equal(migrate(good, 1), FC_OK);
    assert_int_equal(migrate(good, 3), FC_OK);
    assert_string_equal(applied.names, "0001 0002 0003 ");
}

static void test_migrate_nothing_makes_the_bookkeeping(void **state)
{
    (void)state;
    assert_int_equal(migrate(NULL, 0), FC_OK);
    assert_int_equal(testdb_ask(db, "select count(*) from schema_migration"), 0);
    assert_int_equal(check(NULL, 0), FC_OK);
}

/* --- two at once ------------------------------------------------------------------------------ */

/* Leaves with the number of migrations it applied, or 100. */
static pid_t start_runner(const struct sql_query *migrations, size_t count)
{
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    _exit(migrate(migrations, count) == FC_OK ? (int)(applied.len / 5) : 100);
}

static int await_runner(pid_t pid)
{
    int status = 0;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_migrate_two_at_once_apply_each_once(void **state)
{
    static const struct sql_query slow[] = {
        {"0001_slow", "", "create table first (id bigint); select pg_sleep(0.1);"},
        {"0002_slow", "", "create table second (id bigint); select pg_sleep(0.1);"},
    };

    (void)state;
    for (int i = 0; i < 3; i++) {
        pid_t a = start_runner(slow, 2);
        pid_t b = start_runner(slow, 2);
        int by_a = await_runner(a);
        int by_b = await_runner(b);

        assert_int_equal(by_a + by_b, 2);
        assert_int_equal(check(slow, 2), FC_OK);
        testdb_run(db, "drop table schema_migration, first, second");
    }
}

/* --- refusing --------------------------------------------------------------------------------- */

static void test_migrate_edited_file_is_refused_by_name(void **state)
{
    struct sql_query edited[3];

    (void)state;
    memcpy(edited, good, sizeof(edited));
    edited[1].text = "create table second (id bigint, more bigint);\n";
    assert_int_equal(migrate(good, 2), FC_OK);
    assert_int_equal(migrate(edited, 3), FC_FAIL);
    assert_told(FC_CURE_EXIT, "sql/migrations/0002_second.sql was edited");
    assert_string_equal(applied.names, "0001 0002 ");
    assert_int_equal(check(edited, 2), FC_FAIL);
    assert_told(FC_CURE_EXIT, "sql/migrations/0002_second.sql was edited");
}

static void test_migrate_unknown_migration_in_the_schema_is_refused(void **state)
{
    (void)state;
    assert_int_equal(migrate(good, 3), FC_OK);
    assert_int_equal(migrate(good, 2), FC_FAIL);
    assert_told(FC_CURE_EXIT, "0003_third, which this program does not know");
    assert_int_equal(check(good, 2), FC_FAIL);
    assert_told(FC_CURE_EXIT, "0003_third, which this program does not know");
}

static void test_migrate_late_file_with_an_early_number_is_refused(void **state)
{
    const struct sql_query first_and_third[] = {good[0], good[2]};

    (void)state;
    assert_int_equal(migrate(first_and_third, 2), FC_OK);
    assert_int_equal(migrate(good, 3), FC_FAIL);
    assert_told(FC_CURE_EXIT, "sql/migrations/0002_second.sql comes before 0003_third");
}

static void test_migrate_check_tells_what_is_missing(void **state)
{
    (void)state;
    assert_int_equal(check(good, 3), FC_FAIL);
    assert_told(FC_CURE_EXIT, "run firstcome migrate");
    assert_int_equal(migrate(good, 1), FC_OK);
    assert_int_equal(check(good, 3), FC_FAIL);
    assert_told(FC_CURE_EXIT, "lacks 0002_second");
    assert_int_equal(testdb_ask(db, "select 6"), 6);
}

/* --- trouble ---------------------------------------------------------------------------------- */

static void expect_refused_second(const char *text, enum fc_cure cure, const char *told)
{
    const struct sql_query broken[] = {good[0], {"0002_broken", "", text}, good[2]};

    assert_int_equal(migrate(broken, 3), FC_FAIL);
    assert_told(cure, told);
    /* What came before it stays; of itself nothing does. */
    assert_int_equal(testdb_ask(db, "select count(*) from schema_migration"), 1);
    assert_int_equal(testdb_ask(db, "select count(*) from pg_class where relname = 'third'"
                                    " and relnamespace = current_schema::regnamespace"),
                     0);
}

static void test_migrate_error_tells_file_and_line_and_leaves_nothing(void **state)
{
    (void)state;
    expect_refused_second("-- 선착순\ncreate table third ();\n\nselect\nmissing from third;\n",
                          FC_CURE_EXIT, "0002_broken, line 5: ");
    assert_string_equal(err.code, "42703");
}

static void test_migrate_error_without_a_place_tells_the_statement(void **state)
{
    (void)state;
    expect_refused_second("create table third ();\ncreate table third ();\n", FC_CURE_EXIT,
                          "0002_broken, statement 2: ");
    assert_string_equal(err.code, "42P07");
}

static void test_migrate_file_that_ends_its_transaction_is_refused(void **state)
{
    (void)state;
    expect_refused_second("create table third (); rollback;", FC_CURE_EXIT,
                          "must not end the transaction");
}

static void test_migrate_file_that_copies_is_refused(void **state)
{
    (void)state;
    expect_refused_second("create table third (id int); copy third from stdin;", FC_CURE_EXIT,
                          "statement 2: cannot be run here");
}

static void test_migrate_after_the_error_is_mended_goes_on(void **state)
{
    (void)state;
    expect_refused_second("select 1 / 0;", FC_CURE_EXIT, "0002_broken");
    assert_int_equal(migrate(good, 3), FC_OK);
    assert_int_equal(check(good, 3), FC_OK);
}

static void test_migrate_without_a_server_is_reconnect(void **state)
{
    (void)state;
    assert_int_equal(db_migrate("host=127.0.0.1 port=1", good, 3, NULL, NULL, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_migrate_applies_all_in_order),
        TEST(test_migrate_twice_applies_nothing_more),
        TEST(test_migrate_applies_only_what_is_new),
        TEST(test_migrate_nothing_makes_the_bookkeeping),
        TEST(test_migrate_two_at_once_apply_each_once),
        TEST(test_migrate_edited_file_is_refused_by_name),
        TEST(test_migrate_unknown_migration_in_the_schema_is_refused),
        TEST(test_migrate_late_file_with_an_early_number_is_refused),
        TEST(test_migrate_check_tells_what_is_missing),
        TEST(test_migrate_error_tells_file_and_line_and_leaves_nothing),
        TEST(test_migrate_error_without_a_place_tells_the_statement),
        TEST(test_migrate_file_that_ends_its_transaction_is_refused),
        TEST(test_migrate_file_that_copies_is_refused),
        TEST(test_migrate_after_the_error_is_mended_goes_on),
        TEST(test_migrate_without_a_server_is_reconnect),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
