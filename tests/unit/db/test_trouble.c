#include "db/trouble.h"

#include "db/conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void test_trouble_cure_follows_from_the_sqlstate(void **state)
{
    static const struct {
        const char *name;
        const char *code;
        enum fc_cure want;
    } rows[] = {
        {"serialization failure", "40001", FC_CURE_RETRY},
        {"deadlock", "40P01", FC_CURE_RETRY},
        {"lock not available", "55P03", FC_CURE_RETRY},
        {"statement timeout", "57014", FC_CURE_RETRY},
        {"unique violation", "23505", FC_CURE_RETRY},
        {"check violation", "23514", FC_CURE_RETRY},
        {"unknown prepared statement", "26000", FC_CURE_RETRY},
        {"connection lost", NULL, FC_CURE_RECONNECT},
        {"connection lost, no code", "", FC_CURE_RECONNECT},
        {"connection failure", "08006", FC_CURE_RECONNECT},
        {"administrator's command", "57P01", FC_CURE_RECONNECT},
        {"crash of another backend", "57P02", FC_CURE_RECONNECT},
        {"starting up", "57P03", FC_CURE_RECONNECT},
        {"idle session", "57P05", FC_CURE_RECONNECT},
        {"idle in transaction", "25P03", FC_CURE_RECONNECT},
        {"read-only server", "25006", FC_CURE_RECONNECT},
        {"plan left behind", "0A000", FC_CURE_RECONNECT},
        {"too many connections", "53300", FC_CURE_RECONNECT},
        {"disk full", "53100", FC_CURE_RECONNECT},
        {"input/output", "58030", FC_CURE_RECONNECT},
        {"in failed transaction", "25P02", FC_CURE_EXIT},
        {"not null", "23502", FC_CURE_PARK},
        {"foreign key", "23503", FC_CURE_PARK},
        {"undefined table", "42P01", FC_CURE_EXIT},
        {"bad encoding", "22021", FC_CURE_PARK},
        {"object in use", "55006", FC_CURE_EXIT},
        {"internal", "XX000", FC_CURE_EXIT},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        if (db_cure_of(rows[i].code) != rows[i].want)
            print_error("%s\n", rows[i].name);
        assert_int_equal(db_cure_of(rows[i].code), rows[i].want);
    }
}

static void test_trouble_err_is_compares_the_whole_code(void **state)
{
    const struct fc_err err = {FC_CURE_RETRY, "", 0, "23514", ""};

    (void)state;
    assert_true(db_err_is(&err, "23514"));
    assert_false(db_err_is(&err, "2351"));
    assert_false(db_err_is(&err, "23505"));
    assert_false(db_err_is(&err, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trouble_cure_follows_from_the_sqlstate),
        cmocka_unit_test(test_trouble_err_is_compares_the_whole_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
