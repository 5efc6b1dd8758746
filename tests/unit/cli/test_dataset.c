#include "support/expect.h"

#include "producer/cli/dataset.h"
#include "producer/cli/jsonl.h"

#define FAULTS_MAX 16

static struct {
    int32_t line_number;
    char text[160];
} faults[FAULTS_MAX];

static int32_t fault_count;

static void on_fault(void *arg, int32_t line_number, const char *fault)
{
    (void)arg;
    assert_in_range(fault_count, 0, FAULTS_MAX - 1);
    faults[fault_count].line_number = line_number;
    (void)fc_str_copy(fc_str_of(fault), faults[fault_count].text, sizeof(faults[0].text));
    fault_count++;
}

static struct data_reader reader_for(struct fc_str text)
{
    struct data_reader reader = {.fault = on_fault};

    fault_count = 0;
    assert_true(data_reader_init(&reader, text));
    return reader;
}

static void test_lines_are_counted_and_blank_ones_passed_over(void **state)
{
    struct fc_str rest = FC_STR("one\r\n\n  \ntwo");
    struct fc_str line;
    int32_t number = 0;

    (void)state;
    assert_int_equal(cli_line_count(rest), 2);
    assert_true(cli_line_next(&rest, &number, &line));
    assert_str_equal(line, "one");
    assert_int_equal(number, 1);
    assert_true(cli_line_next(&rest, &number, &line));
    assert_str_equal(line, "two");
    assert_int_equal(number, 4);
    assert_false(cli_line_next(&rest, &number, &line));
}

static void test_products_are_read(void **state)
{
    struct fc_str text = FC_STR("{\"id\":7,\"name\":\"Caf\xc3\xa9 \\u00e9\",\"price\":18000,"
                                "\"stock\":828,\"category\":\"Tea\",\"sku\":\"NW-7\"}\n");
    struct data_reader reader = reader_for(text);
    int32_t count;
    struct data_product *products = data_products_read(&reader, text, &count);

    (void)state;
    assert_int_equal(count, 1);
    assert_int_equal(products[0].id, 7);
    assert_str_equal(products[0].name, "Caf\xc3\xa9 \xc3\xa9");
    assert_int_equal(products[0].price.won, 18000);
    assert_int_equal(products[0].stock, 828);
    assert_str_equal(products[0].category, "Tea");
    assert_str_equal(products[0].sku, "NW-7");
}

static void test_products_of_one_name_are_told_apart(void **state)
{
    struct fc_str text = FC_STR("{\"id\":1,\"name\":\"A\",\"price\":1,\"stock\":1,\"sku\":\"x\"}\n"
                                "{\"id\":2,\"name\":\"A\",\"price\":1,\"stock\":1,\"sku\":\"y\"}\n"
                                "{\"id\":3,\"name\":\"A\",\"price\":1,\"stock\":1,\"sku\":\"y\"}\n"
                                "{\"id\":4,\"name\":\"A\",\"price\":1,\"stock\":1}\n");
    struct data_reader reader = reader_for(text);
    int32_t count;
    struct data_product *products = data_products_read(&reader, text, &count);

    (void)state;
    assert_int_equal(count, 4);
    assert_str_equal(products[0].name, "A");
    assert_str_equal(products[1].name, "A (y)");
    assert_str_equal(products[2].name, "A (#3)");
    assert_str_equal(products[3].name, "A (#4)");
}

/* Found by fuzzing: a name that its sku made too long for the shop came through. */
static void test_products_of_one_long_name_are_malformed(void **state)
{
    char memory[1024];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    int32_t count;

    (void)state;
    for (int32_t id = 1; id <= 2; id++)
        fc_buf_put_fmt(&buf, "{\"id\":%d,\"name\":\"%0200d\",\"price\":1,\"stock\":1}\n", (int)id,
                       0);
    struct data_reader reader = reader_for(fc_buf_str(&buf));

    assert_non_null(data_products_read(&reader, fc_buf_str(&buf), &count));
    assert_int_equal(count, 1);
    assert_int_equal(reader.fault_count, 1);
    assert_int_equal(faults[0].line_number, 2);
}

static void test_malformed_products_are_told_with_their_line(void **state)
{
    struct fc_str text = FC_STR("{\"id\":1,\"name\":\"A\"}\n"
                                "no json\n"
                                "{\"id\":0,\"name\":\"A\",\"price\":1,\"stock\":1}\n"
                                "{\"id\":1,\"name\":\"\",\"price\":1,\"stock\":1}\n"
                                "{\"id\":1,\"name\":\"A\",\"price\":1.5,\"stock\":1}\n"
                                "{\"id\":1,\"name\":\"A\",\"price\":1,\"stock\":1} x\n"
                                "{\"id\":1,\"name\":\"A\",\"price\":1,\"stock\":1}\n"
                                "{\"id\":1,\"name\":\"B\",\"price\":1,\"stock\":1}\n"
                                "[]");
    static const char *const wanted[] = {
        "\"price\" is missing",
        "no JSON",
        "\"id\" is not between",
        "\"name\" is empty",
        "\"price\" is no whole number",
        "no JSON",
        "product 1 stands in the file twice",
        "no object",
    };
    static const int32_t lines[] = {1, 2, 3, 4, 5, 6, 8, 9};
    struct data_reader reader = reader_for(text);
    int32_t count;
    struct data_product *products = data_products_read(&reader, text, &count);

    (void)state;
    assert_int_equal(count, 1);
    assert_str_equal(products[0].name, "A");
    assert_int_equal(reader.fault_count, FC_ARRAY_COUNT(wanted));
    for (int32_t i = 0; i < fault_count; i++) {
        assert_int_equal(faults[i].line_number, lines[i]);
        if (i != 5)
            assert_str_contains(fc_str_of(faults[i].text), wanted[i]);
    }
}

static void test_orders_keep_a_product_that_stands_twice(void **state)
{
    struct fc_str text =
        FC_STR("{\"order\":\"536365\",\"user\":17850,\"guest\":false,"
               "\"timestamp\":\"2010-12-01T08:26:00Z\",\"lines\":["
               "{\"product\":5,\"quantity\":6},{\"product\":5,\"quantity\":2}]}\n");
    struct data_reader reader = reader_for(text);
    int32_t count;
    struct data_order *orders = data_orders_read(&reader, text, &count);

    (void)state;
    assert_int_equal(count, 1);
    assert_str_equal(orders[0].number, "536365");
    assert_int_equal(orders[0].user_id, 17850);
    assert_int_equal(orders[0].at.us, 1291191960LL * 1000000);
    assert_int_equal(orders[0].line_count, 2);
    assert_int_equal(orders[0].lines[0].product_id, 5);
    assert_int_equal(orders[0].lines[1].quantity, 2);
}

static void test_malformed_orders_are_told_with_their_line(void **state)
{
    struct fc_str text =
        FC_STR("{\"order\":\"1\",\"user\":1,\"timestamp\":\"2010-12-01\",\"lines\":[]}\n"
               "{\"order\":\"1\",\"user\":1,\"timestamp\":\"2010-12-01T08:26:00Z\",\"lines\":[]}\n"
               "{\"order\":\"1\",\"user\":1,\"timestamp\":\"2010-12-01T08:26:00Z\",\"lines\":[1]}\n"
               "{\"order\":\"a b\",\"user\":1,\"timestamp\":\"2010-12-01T08:26:00Z\","
               "\"lines\":[{\"product\":1,\"quantity\":1}]}\n"
               "{\"order\":\"1\",\"user\":1,\"timestamp\":\"2010-12-01T08:26:00Z\","
               "\"lines\":[{\"product\":1,\"quantity\":0}]}\n"
               "{\"order\":\"1\",\"user\":1,\"timestamp\":\"2010-12-01T08:26:00Z\","
               "\"lines\":[{\"product\":1,\"quantity\":1}]}\n"
               "{\"order\":\"1\",\"user\":2,\"timestamp\":\"2010-12-01T08:26:00Z\","
               "\"lines\":[{\"product\":1,\"quantity\":1}]}\n");
    static const char *const wanted[] = {
        "\"timestamp\" is no instant", "\"lines\" is empty",
        "element 1 is no object",      "\"order\" holds a character",
        "\"quantity\" is not between", "order 1 stands in the file twice",
    };
    struct data_reader reader = reader_for(text);
    int32_t count;
    struct data_order *orders = data_orders_read(&reader, text, &count);

    (void)state;
    assert_int_equal(count, 1);
    assert_int_equal(orders[0].user_id, 1);
    assert_int_equal(fault_count, FC_ARRAY_COUNT(wanted));
    for (int32_t i = 0; i < fault_count; i++)
        assert_str_contains(fc_str_of(faults[i].text), wanted[i]);
}

static void test_tops_are_read(void **state)
{
    struct fc_str text =
        FC_STR("{\"day\":\"2010-12-01\",\"by_quantity\":[{\"product\":453,\"n\":600},"
               "{\"product\":139,\"n\":556}],\"by_orders\":[]}\n"
               "{\"day\":\"2010-12-32\",\"by_quantity\":[],\"by_orders\":[]}\n");
    struct data_reader reader = reader_for(text);
    int32_t count;
    struct data_top *tops = data_tops_read(&reader, text, &count);

    (void)state;
    assert_int_equal(count, 1);
    assert_int_equal(tops[0].day.days, 14944);
    assert_int_equal(tops[0].by_quantity_count, 2);
    assert_int_equal(tops[0].by_quantity[1].product_id, 139);
    assert_int_equal(tops[0].by_quantity[1].count, 556);
    assert_int_equal(tops[0].by_orders_count, 0);
    assert_int_equal(fault_count, 1);
    assert_int_equal(faults[0].line_number, 2);
}

/* The most rows that bytes can hold, all malformed: memory is enough for any text. */
static void test_shortest_lines_fit_into_memory(void **state)
{
    static char text[20000];
    struct fc_str view = {text, sizeof(text)};
    int32_t count;

    (void)state;
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = i % 2 == 0 ? '1' : '\n';
    struct data_reader reader = {.fault = NULL};

    assert_true(data_reader_init(&reader, view));
    assert_int_equal(cli_line_count(view), 10000);
    reader.fault = on_fault;
    /* Only the first few are looked at: the callback counts up to its own limit. */
    view.len = 2 * FAULTS_MAX;
    fault_count = 0;
    assert_non_null(data_orders_read(&reader, view, &count));
    assert_int_equal(reader.fault_count, FAULTS_MAX);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_counted_and_blank_ones_passed_over),
        cmocka_unit_test(test_products_are_read),
        cmocka_unit_test(test_products_of_one_name_are_told_apart),
        cmocka_unit_test(test_products_of_one_long_name_are_malformed),
        cmocka_unit_test(test_malformed_products_are_told_with_their_line),
        cmocka_unit_test(test_orders_keep_a_product_that_stands_twice),
        cmocka_unit_test(test_malformed_orders_are_told_with_their_line),
        cmocka_unit_test(test_tops_are_read),
        cmocka_unit_test(test_shortest_lines_fit_into_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
