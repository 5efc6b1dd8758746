#include "db/format.h"

#include "base/compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void test_format_instant_comes_back(void **state)
{
    static const int64_t rows[] = {0,
                                   1,
                                   -1,
                                   946684800000000,
                                   1767225599999999,
                                   -62135596800000000,
                                   253402300799999999,
                                   INT64_MAX,
                                   INT64_MAX - 1,
                                   INT64_MIN};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        int64_t wire = db_instant_to_wire((struct fc_instant){rows[i]});

        assert_int_equal(db_instant_of_wire(wire).us, rows[i]);
    }
}

static void test_format_instant_beyond_our_calendar_is_infinite(void **state)
{
    (void)state;
    assert_true(db_instant_of_wire(INT64_MAX - 1).us == INT64_MAX);
    assert_true(db_instant_of_wire(INT64_MIN).us == INT64_MIN);
}

static void test_format_day_comes_back(void **state)
{
    static const int32_t rows[] = {0, 1, -1, 10957, 20454, -719162, INT32_MAX, INT32_MIN};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        int32_t wire = db_day_to_wire((struct fc_day){rows[i]});

        assert_int_equal(db_day_of_wire(wire).days, rows[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_format_instant_comes_back),
        cmocka_unit_test(test_format_instant_beyond_our_calendar_is_infinite),
        cmocka_unit_test(test_format_day_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
