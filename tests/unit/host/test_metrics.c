#include "support/expect.h"

#include "host/clock.h"
#include "host/metrics.h"

#include <string.h>
#include <unistd.h>

static char memory[16384];

static struct fc_str text_of(const struct fc_metric *table, size_t count, bool with_process)
{
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    fc_metrics_put(&buf, table, count, with_process);
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

static void test_metrics_text_is_exact(void **state)
{
    struct fc_metric table[] = {
        {.name = "firstcome_commands_total",
         .labels = "verdict=\"granted\"",
         .help = "Commands decided.",
         .kind = FC_METRIC_COUNTER},
        {.name = "firstcome_commands_total",
         .labels = "verdict=\"sold_out\"",
         .help = "Commands decided.",
         .kind = FC_METRIC_COUNTER},
        {.name = "firstcome_partitions",
         .help = "Partitions held,\nby a \\ \"worker\".",
         .kind = FC_METRIC_GAUGE},
    };

    (void)state;
    fc_metric_add(&table[0], 3);
    fc_metric_add(&table[0], 0);
    fc_metric_set(&table[2], 5);
    fc_metric_add(&table[2], -7);
    assert_str_equal(text_of(table, FC_ARRAY_COUNT(table), false),
                     "# HELP firstcome_commands_total Commands decided.\n"
                     "# TYPE firstcome_commands_total counter\n"
                     "firstcome_commands_total{verdict=\"granted\"} 3\n"
                     "firstcome_commands_total{verdict=\"sold_out\"} 0\n"
                     "# HELP firstcome_partitions Partitions held,\\nby a \\\\ \"worker\".\n"
                     "# TYPE firstcome_partitions gauge\n"
                     "firstcome_partitions -2\n");
}

static void test_metrics_histogram_is_cumulative_and_in_seconds(void **state)
{
    struct fc_metric metric = {.name = "firstcome_batch_seconds",
                               .labels = "step=\"store\"",
                               .help = "Time of a step.",
                               .kind = FC_METRIC_SECONDS};

    (void)state;
    fc_metric_observe_us(&metric, 0);
    fc_metric_observe_us(&metric, 100);
    fc_metric_observe_us(&metric, 101);
    fc_metric_observe_us(&metric, 1000000);
    fc_metric_observe_us(&metric, 60000000);
    fc_metric_observe_us(&metric, 60000001);
    fc_metric_observe_us(&metric, -5);
    assert_str_equal(text_of(&metric, 1, false),
                     "# HELP firstcome_batch_seconds Time of a step.\n"
                     "# TYPE firstcome_batch_seconds histogram\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"0.0001\"} 3\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"0.00025\"} 4\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"0.0006\"} 4\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"0.0016\"} 4\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"0.004\"} 4\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"0.01\"} 4\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"0.025\"} 4\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"0.06\"} 4\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"0.16\"} 4\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"0.4\"} 4\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"1\"} 5\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"2.5\"} 5\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"6\"} 5\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"20\"} 5\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"60\"} 6\n"
                     "firstcome_batch_seconds_bucket{step=\"store\",le=\"+Inf\"} 7\n"
                     "firstcome_batch_seconds_sum{step=\"store\"} 121.000202\n"
                     "firstcome_batch_seconds_count{step=\"store\"} 7\n");
}

static void test_metrics_histogram_without_labels(void **state)
{
    struct fc_metric metric = {
        .name = "firstcome_wait_seconds", .help = "Waits.", .kind = FC_METRIC_SECONDS};

    (void)state;
    fc_metric_observe_us(&metric, 1500000);
    struct fc_str text = text_of(&metric, 1, false);

    assert_str_contains(text, "\nfirstcome_wait_seconds_bucket{le=\"2.5\"} 1\n");
    assert_str_contains(text, "\nfirstcome_wait_seconds_sum 1.5\n");
    assert_str_contains(text, "\nfirstcome_wait_seconds_count 1\n");
}

static void test_metrics_label_value_is_escaped(void **state)
{
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    fc_metric_label_put(&buf, "queue", FC_STR("order.3"));
    fc_metric_label_put(&buf, "odd", FC_STR("a\"b\\c\nd \xed\x95\x9c"));
    fc_metric_label_put(&buf, "bad", FC_STR("\xff"));
    assert_str_equal(fc_buf_str(&buf), "queue=\"order.3\",odd=\"a\\\"b\\\\c\\nd \xed\x95\x9c\","
                                       "bad=\"invalid\"");
}

static void test_metrics_misuse_is_a_mistake(void **state)
{
    struct fc_metric counter = {.name = "a_total", .help = "", .kind = FC_METRIC_COUNTER};
    struct fc_metric seconds = {.name = "a_seconds", .help = "", .kind = FC_METRIC_SECONDS};

    (void)state;
    EXPECT_ASSERT(fc_metric_add(&counter, -1));
    EXPECT_ASSERT(fc_metric_set(&counter, 1));
    EXPECT_ASSERT(fc_metric_observe_us(&counter, 1));
    EXPECT_ASSERT(fc_metric_add(&seconds, 1));
}

/* The number behind `name` and a blank; whole part only. */
static int64_t value_of(struct fc_str text, const char *name)
{
    struct fc_str wanted = fc_str_of(name);
    int64_t value = -1;

    while (text.len > 0) {
        struct fc_str line = fc_str_cut(&text, '\n');

        if (!fc_str_eq(fc_str_cut(&line, ' '), wanted))
            continue;
        assert_true(fc_str_to_i64(fc_str_cut(&line, '.'), 0, INT64_MAX, &value));
        return value;
    }
    fail_msg("there is no %s", name);
    return value;
}

static void test_metrics_of_the_process(void **state)
{
    struct fc_str text = text_of(NULL, 0, true);
    int64_t now_s = fc_clock_now().us / FC_US_PER_S;
    int64_t fds = value_of(text, "process_open_fds");
    int64_t start_s = value_of(text, "process_start_time_seconds");

    (void)state;
    assert_true(value_of(text, "process_cpu_seconds_total") < 600);
    assert_true(value_of(text, "process_resident_memory_bytes") > 100000);
    /* btime is whole seconds. */
    assert_true(start_s <= now_s + 2 && start_s > now_s - 600);
    assert_str_contains(text, "# TYPE process_cpu_seconds_total counter\n");
    assert_str_contains(text, "# TYPE process_open_fds gauge\n");

    int fd = dup(STDOUT_FILENO);

    assert_int_equal(value_of(text_of(NULL, 0, true), "process_open_fds"), fds + 1);
    (void)close(fd);
}

static void test_metrics_too_long_for_the_buffer_overflow(void **state)
{
    struct fc_metric metric = {.name = "a_seconds", .help = "", .kind = FC_METRIC_SECONDS};
    struct fc_buf buf = fc_buf_of(memory, 100);

    (void)state;
    fc_metrics_put(&buf, &metric, 1, false);
    assert_true(buf.overflow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_metrics_text_is_exact),
        cmocka_unit_test(test_metrics_histogram_is_cumulative_and_in_seconds),
        cmocka_unit_test(test_metrics_histogram_without_labels),
        cmocka_unit_test(test_metrics_label_value_is_escaped),
        cmocka_unit_test(test_metrics_misuse_is_a_mistake),
        cmocka_unit_test(test_metrics_of_the_process),
        cmocka_unit_test(test_metrics_too_long_for_the_buffer_overflow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
