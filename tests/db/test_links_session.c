/* A worker's session is durable although its server's default is not. */
#include "skeleton/links.h"
#include "support/expect.h"
#include "support/testdb.h"

#define ASK "select (current_setting('synchronous_commit') = 'on')::integer"

static struct db *admin;

static int setup(void **state)
{
    (void)state;
    admin = testdb_open(NULL);
    testdb_run(admin, "alter role current_user set synchronous_commit = off");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    testdb_run(admin, "alter role current_user reset synchronous_commit");
    db_close(admin);
    return 0;
}

static void test_links_session_commits_to_disk_whatever_the_default(void **state)
{
    struct db *plain = testdb_open(NULL);
    struct db *worker = testdb_open(LINKS_SESSION_OPTIONS);

    (void)state;
    assert_int_equal(testdb_ask(plain, ASK), 0);
    assert_int_equal(testdb_ask(worker, ASK), 1);
    db_close(plain);
    db_close(worker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_links_session_commits_to_disk_whatever_the_default,
                                        setup, teardown),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
