#include "support/expect.h"
#include "support/golden.h"

#include "core/order_state.h"

#include <stdio.h>
#include <stdlib.h>

#define TEXT_BYTES (64 * 1024)

static char schema[TEXT_BYTES];
static char text[TEXT_BYTES];

/* Every step that leads somewhere, and no other. */
static void test_order_steps_lead_where_the_rules_say(void **state)
{
    static const struct {
        enum order_status from;
        enum order_step step;
        enum order_status to;
    } rows[] = {
        {ORDER_NONE, ORDER_STEP_PLACE, ORDER_PENDING_PAYMENT},
        {ORDER_NONE, ORDER_STEP_PAY, ORDER_PAID},
        {ORDER_PENDING_PAYMENT, ORDER_STEP_PAY, ORDER_PAID},
        {ORDER_PENDING_PAYMENT, ORDER_STEP_FAIL, ORDER_FAILED},
        {ORDER_PAID, ORDER_STEP_CANCEL, ORDER_CANCELLED},
        {ORDER_PAID, ORDER_STEP_CHANGE, ORDER_PAID},
        {ORDER_PAID, ORDER_STEP_SHIP_PART, ORDER_PARTLY_SHIPPED},
        {ORDER_PAID, ORDER_STEP_SHIP_REST, ORDER_SHIPPED},
        {ORDER_PARTLY_SHIPPED, ORDER_STEP_SHIP_PART, ORDER_PARTLY_SHIPPED},
        {ORDER_PARTLY_SHIPPED, ORDER_STEP_SHIP_REST, ORDER_SHIPPED},
    };

    size_t leading = 0;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        enum order_status to = ORDER_NONE;

        assert_true(order_step(rows[i].from, rows[i].step, &to));
        assert_int_equal(to, rows[i].to);
    }
    for (int from = 0; from < ORDER_STATUS_COUNT; from++)
        for (int step = 0; step < ORDER_STEP_COUNT; step++) {
            enum order_status to = ORDER_NONE;

            leading += order_step((enum order_status)from, (enum order_step)step, &to);
        }
    assert_int_equal(leading, FC_ARRAY_COUNT(rows));
}

static void test_order_states_and_steps_out_of_the_table_are_mistakes(void **state)
{
    enum order_status to;

    (void)state;
    EXPECT_ASSERT((void)order_step(ORDER_STATUS_COUNT, ORDER_STEP_PAY, &to));
    EXPECT_ASSERT((void)order_step(ORDER_NONE, ORDER_STEP_COUNT, &to));
    EXPECT_ASSERT((void)order_status_name(ORDER_STATUS_COUNT));
    EXPECT_ASSERT((void)order_step_name(ORDER_STEP_COUNT));
}

/* A file of the source tree. */
static struct fc_str read_source(const char *name)
{
    const char *source = getenv("FIRSTCOME_SOURCE");
    char path[512];
    struct fc_buf buf = fc_buf_of(path, sizeof(path));

    fc_buf_put_fmt(&buf, "%s/%s", source != NULL ? source : ".", name);
    assert_false(buf.overflow);
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        fail_msg("cannot open %s", path);
    size_t len = fread(schema, 1, sizeof(schema), file);

    assert_int_equal(fclose(file), 0);
    assert_true(len > 0 && len < sizeof(schema));
    return (struct fc_str){schema, len};
}

/* What stands behind the first `mark`; the test fails without one. */
static struct fc_str behind(struct fc_str where, const char *mark)
{
    struct fc_str prefix = fc_str_of(mark);

    while (where.len > 0 && !fc_str_starts_with(where, prefix)) {
        where.ptr++;
        where.len--;
    }
    if (where.len == 0)
        fail_msg("\"%s\" is not there", mark);
    return (struct fc_str){where.ptr + prefix.len, where.len - prefix.len};
}

static void test_order_states_are_those_of_the_schema(void **state)
{
    struct fc_str rest = read_source("sql/migrations/0005_domains.sql");

    (void)state;
    rest = behind(behind(rest, "constraint order_status_is_known"), "check (value in (");
    struct fc_str list = fc_str_cut(&rest, ')');

    for (int status = ORDER_NONE + 1; status < ORDER_STATUS_COUNT; status++) {
        (void)fc_str_cut(&list, '\'');
        assert_str_equal(fc_str_cut(&list, '\''), order_status_name((enum order_status)status));
    }
    assert_int_equal(list.len, 0);
    assert_string_equal(order_status_name(ORDER_NONE), "");
}

static void put_state(struct fc_buf *buf, enum order_status status)
{
    fc_buf_put_text(buf, status == ORDER_NONE ? "[*]" : order_status_name(status));
}

static bool is_end(enum order_status status)
{
    enum order_status to;

    for (int step = 0; step < ORDER_STEP_COUNT; step++)
        if (order_step(status, (enum order_step)step, &to))
            return false;
    return true;
}

/* The table as a diagram that GitHub and others draw. */
static void put_diagram(struct fc_buf *buf)
{
    fc_buf_put_text(buf, "```mermaid\nstateDiagram-v2\n");
    for (int from = 0; from < ORDER_STATUS_COUNT; from++) {
        for (int step = 0; step < ORDER_STEP_COUNT; step++) {
            enum order_status to;

            if (!order_step((enum order_status)from, (enum order_step)step, &to))
                continue;
            fc_buf_put_text(buf, "    ");
            put_state(buf, (enum order_status)from);
            fc_buf_put_text(buf, " --> ");
            put_state(buf, to);
            fc_buf_put_fmt(buf, " : %s\n", order_step_name((enum order_step)step));
        }
        if (is_end((enum order_status)from))
            fc_buf_put_fmt(buf, "    %s --> [*]\n", order_status_name((enum order_status)from));
    }
    fc_buf_put_text(buf, "```");
}

static void test_order_states_are_drawn_as_the_table_says(void **state)
{
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    (void)state;
    fc_buf_put_text(&buf,
                    "# The states of an order\n\n"
                    "Printed from the table in `shared/core/order_state.c`; a test holds the two "
                    "together and writes this\npage anew with `FIRSTCOME_GOLDEN=write`. What each "
                    "step needs and gives back stands in `shared/core/order.h`.\n\n");
    put_diagram(&buf);
    assert_false(buf.overflow);
    golden_check("../../docs/order-states.md", fc_buf_str(&buf));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_steps_lead_where_the_rules_say),
        cmocka_unit_test(test_order_states_and_steps_out_of_the_table_are_mistakes),
        cmocka_unit_test(test_order_states_are_those_of_the_schema),
        cmocka_unit_test(test_order_states_are_drawn_as_the_table_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
