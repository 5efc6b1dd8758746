#include "support/expect.h"

#include "host/fault.h"

#include <string.h>

#define TEXT(tokens) #tokens
#define TEXT_OF(macro) TEXT(macro)

/* Only a build that asks for faults has any; tests/e2e/test_no_faults.sh looks at the programs. */
static void test_fault_points_and_mutations_are_nothing_in_an_ordinary_build(void **state)
{
    (void)state;
#ifdef FC_FAULTS
    skip();
#else
    assert_string_equal(TEXT_OF(FC_CRASH_POINT(COMMIT_BEFORE)), "((void)0)");
    assert_string_equal(TEXT_OF(FC_CRASH_POINT_AT(PAYMENT_ASKS, 1)), "((void)0)");
    assert_string_equal(TEXT_OF(FC_CRASH_WHEN_SENT(COMMIT_SENT)), "((void)0)");
    assert_string_equal(TEXT_OF(FC_CRASH_SENT()), "((void)0)");
    assert_string_equal(TEXT_OF(FC_CRASH_BATCH()), "((void)0)");
    assert_string_equal(TEXT_OF(FC_CRASH_REDELIVERED()), "((void)0)");
    assert_string_equal(TEXT_OF(FC_MUTATED(ACK_FIRST)), TEXT_OF(false));
#endif
}

#define NAME(id, name, jobs, way) name,

static void test_fault_each_point_has_a_name_of_its_own(void **state)
{
    static const char *const names[] = {FC_CRASH_POINTS(NAME)};

    (void)state;
    for (int i = 0; i < FC_CRASH_POINT_COUNT; i++)
        for (int other = 0; other < i; other++)
            assert_string_not_equal(names[i], names[other]);
}

static void test_fault_points_of_calls_stand_in_the_order_of_the_calls(void **state)
{
    (void)state;
    assert_int_equal(FC_CRASH_PAYMENT_ASKS + 1, FC_CRASH_PAYMENT_LOOKS);
    assert_int_equal(FC_CRASH_PAYMENT_ASKS + 2, FC_CRASH_PAYMENT_VOIDS);
    assert_int_equal(FC_CRASH_PAYMENT_ASKED + 1, FC_CRASH_PAYMENT_LOOKED);
    assert_int_equal(FC_CRASH_PAYMENT_ASKED + 2, FC_CRASH_PAYMENT_VOIDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault_points_and_mutations_are_nothing_in_an_ordinary_build),
        cmocka_unit_test(test_fault_each_point_has_a_name_of_its_own),
        cmocka_unit_test(test_fault_points_of_calls_stand_in_the_order_of_the_calls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
