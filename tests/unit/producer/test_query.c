#include "support/expect.h"

#include "producer/query.h"

#include <string.h>

struct fixture {
    _Alignas(16) char memory[65536];
    struct fc_arena arena;
    struct wire_faults faults;
    struct request request;
    struct query query;
};

/* "a=1&b" as the HTTP library cuts it. */
static void ask(struct fixture *fixture, const char *text)
{
    struct fc_str rest = fc_str_of(text);

    memset(&fixture->request, 0, sizeof(fixture->request));
    while (rest.len > 0) {
        struct fc_str value = fc_str_cut(&rest, '&');
        struct fc_str name = fc_str_cut(&value, '=');

        if (fixture->request.arg_count++ < REQUEST_ARGS_MAX)
            fixture->request.args[fixture->request.arg_count - 1] =
                (struct request_arg){name, value};
    }
    fc_arena_init(&fixture->arena, fixture->memory, sizeof(fixture->memory));
    wire_faults_init(&fixture->faults, &fixture->arena);
    query_init(&fixture->query, &fixture->request, &fixture->arena, &fixture->faults);
}

static void test_query_values_are_decoded(void **state)
{
    static struct fixture fixture;
    struct fc_str text = FC_STR_NONE;

    (void)state;
    ask(&fixture, "%71=caf%C3%A9%20%2b");
    assert_true(query_text(&fixture.query, "q", 20, &text));
    assert_str_equal(text, "caf\xc3\xa9 +");
    assert_true(query_end(&fixture.query));
}

static void test_query_broken_escapes_and_bytes_are_faults(void **state)
{
    static const char *const texts[] = {"q=%", "q=%2", "q=%zz", "q=%ff", "q=%00", "%ff=1"};
    static struct fixture fixture;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(texts); i++) {
        ask(&fixture, texts[i]);
        assert_int_equal(fixture.faults.count, 1);
    }
}

static void test_query_every_fault_is_named(void **state)
{
    static struct fixture fixture;
    static const char *const words[] = {"up", "down"};
    struct fc_str text = FC_STR("old");
    struct fc_day day = {5};
    int64_t number = 3;
    int32_t choice = 1;

    (void)state;
    ask(&fixture, "n=x&d=2026-02-30&c=left&t=&other=1");
    assert_false(query_i64(&fixture.query, "n", 1, 9, &number));
    assert_false(query_day(&fixture.query, "d", &day));
    assert_false(query_choice(&fixture.query, "c", words, 2, &choice));
    assert_false(query_text(&fixture.query, "t", 4, &text));
    assert_false(query_end(&fixture.query));
    assert_int_equal(fixture.faults.count, 5);
    assert_str_equal(fixture.faults.items[0].detail, "parameter n: must be an integer from 1 to 9");
    assert_str_equal(fixture.faults.items[2].detail, "parameter c: must be one of up, down");
    assert_str_equal(fixture.faults.items[4].detail, "parameter other: there is none");
    /* What was there before stays. */
    assert_int_equal(number, 3);
    assert_int_equal(day.days, 5);
    assert_int_equal(choice, 1);
    assert_str_equal(text, "old");
}

static void test_query_a_parameter_twice_is_a_fault(void **state)
{
    static struct fixture fixture;
    int64_t number = 0;

    (void)state;
    ask(&fixture, "n=1&n=2");
    (void)query_i64(&fixture.query, "n", 0, 9, &number);
    assert_false(query_end(&fixture.query));
    assert_int_equal(fixture.faults.count, 1);
}

static void test_query_borders_of_numbers_and_texts_hold(void **state)
{
    static struct fixture fixture;
    struct fc_str text;
    int64_t number;

    (void)state;
    ask(&fixture, "a=1&b=9&c=0&d=10&e=abcd&f=abcde");
    assert_true(query_i64(&fixture.query, "a", 1, 9, &number));
    assert_true(query_i64(&fixture.query, "b", 1, 9, &number));
    assert_false(query_i64(&fixture.query, "c", 1, 9, &number));
    assert_false(query_i64(&fixture.query, "d", 1, 9, &number));
    assert_true(query_text(&fixture.query, "e", 4, &text));
    assert_false(query_text(&fixture.query, "f", 4, &text));
    assert_int_equal(fixture.faults.count, 3);
}

static void test_query_too_many_parameters_are_a_fault(void **state)
{
    static struct fixture fixture;

    (void)state;
    ask(&fixture, "a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a");
    assert_int_equal(fixture.request.arg_count, REQUEST_ARGS_MAX + 1);
    assert_int_equal(fixture.faults.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query_values_are_decoded),
        cmocka_unit_test(test_query_broken_escapes_and_bytes_are_faults),
        cmocka_unit_test(test_query_every_fault_is_named),
        cmocka_unit_test(test_query_a_parameter_twice_is_a_fault),
        cmocka_unit_test(test_query_borders_of_numbers_and_texts_hold),
        cmocka_unit_test(test_query_too_many_parameters_are_a_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
