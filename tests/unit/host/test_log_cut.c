#include "support/capture.h"
#include "support/expect.h"

#include "host/log.h"

#include <fcntl.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static struct capture capture;

static void log_as(bool json)
{
    struct fc_log_settings settings = {FC_LOG_INFO, json, "order-2"};

    fc_log_init(&settings);
}

/* One line with one value, as it reached stderr. */
static struct fc_str logged(struct fc_str value)
{
    struct fc_log_line line;

    capture_begin(&capture, STDERR_FILENO);
    fc_log_begin(&line, FC_LOG_INFO, "batch stored");
    fc_log_str(&line, "value", value);
    fc_log_end(&line);
    return capture_end(&capture);
}

/* Cut at any length, a line is still a line, well-formed, and says so. */
static void test_log_long_line_is_cut_and_says_so(void **state)
{
    static char value[5000];
    bool cut_before = false;

    (void)state;
    log_as(true);
    for (size_t len = 3801; len < sizeof(value); len += len < 4100 ? 3 : 99) {
        for (size_t i = 0; i < len; i++)
            value[i] = "\xed\x95\x9c"[i % 3];
        struct fc_str text = logged((struct fc_str){value, len});

        assert_true(text.len <= sizeof(((struct fc_log_line *)NULL)->bytes));
        assert_int_equal(text.ptr[text.len - 1], '\n');
        capture.text[text.len] = '\0';
        struct json_object *json = json_tokener_parse(capture.text);

        assert_non_null(json);
        bool cut = json_object_get_boolean(json_object_object_get(json, "cut"));

        assert_true(cut || !cut_before);
        assert_true(fc_str_is_utf8(
            fc_str_of(json_object_get_string(json_object_object_get(json, "value")))));
        json_object_put(json);
        cut_before = cut;
    }
    assert_true(cut_before);
}

static void test_log_pairs_after_the_cut_are_left_out(void **state)
{
    static char value[5000];
    struct fc_log_line line;
    struct fc_str text;

    (void)state;
    memset(value, 'x', sizeof(value));
    log_as(false);
    capture_begin(&capture, STDERR_FILENO);
    fc_log_begin(&line, FC_LOG_INFO, "long");
    fc_log_str(&line, "value", (struct fc_str){value, sizeof(value)});
    fc_log_i64(&line, "n", 1);
    fc_log_text(&line, "k", "v");
    fc_log_end(&line);
    text = capture_end(&capture);
    assert_str_contains(text, "value=\"xxxx");
    assert_str_contains(text, "xxxx\" cut=true\n");
}

static void test_log_cut_between_pairs_leaves_whole_pairs(void **state)
{
    (void)state;
    for (int json = 0; json < 2; json++) {
        for (int pairs = 100; pairs < 600; pairs += 7) {
            struct fc_log_line line;
            struct fc_str text;

            log_as(json != 0);
            capture_begin(&capture, STDERR_FILENO);
            fc_log_begin(&line, FC_LOG_INFO, "many");
            for (int i = 0; i < pairs; i++)
                fc_log_i64(&line, "key", 1234567);
            fc_log_end(&line);
            text = capture_end(&capture);
            struct fc_str rest = text;

            while (rest.len > 40)
                (void)fc_str_cut(&rest, json != 0 ? ',' : ' ');
            if (pairs > 400)
                assert_str_contains(rest, json != 0 ? "\"cut\":true}\n" : " cut=true\n");
            assert_str_contains(rest, json != 0 ? "\"key\":1234567" : "key=1234567");
        }
    }
}

/* Wherever the line's end falls within a pair, only whole keys with a value are left. */
static void test_log_cut_within_a_pair_leaves_no_key_without_value(void **state)
{
    static char pad[4096];
    bool cut = false;

    (void)state;
    memset(pad, '.', sizeof(pad));
    log_as(true);
    for (size_t i = 0; i < 400; i++) {
        struct fc_log_line line;
        size_t len = 3800 + i / 2;

        capture_begin(&capture, STDERR_FILENO);
        fc_log_begin(&line, FC_LOG_INFO, "long");
        fc_log_str(&line, "pad", (struct fc_str){pad, len});
        if (i % 2 == 0)
            fc_log_text(&line, "last", "value");
        else
            fc_log_i64(&line, "last", 1234567);
        fc_log_end(&line);
        struct fc_str text = capture_end(&capture);

        capture.text[text.len] = '\0';
        struct json_object *json = json_tokener_parse(capture.text);

        assert_non_null(json);
        cut = json_object_get_boolean(json_object_object_get(json, "cut"));
        assert_true(cut || json_object_object_get(json, "last") != NULL);
        json_object_put(json);
    }
    assert_true(cut);
}

/* stderr leads into a socket that takes little and does not wait. */
static void stderr_to_socket(int ends[2], int *ret_saved)
{
    int size = 1;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
    assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    *ret_saved = dup(STDERR_FILENO);
    assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
}

static struct fc_str drain(int fd, char *memory, size_t size)
{
    size_t len = 0;
    ssize_t count = 1;

    while (count > 0 && len < size) {
        count = read(fd, memory + len, size - len);
        len += count > 0 ? (size_t)count : 0;
    }
    return (struct fc_str){memory, len};
}

static void log_filled(const char *sentence, size_t len)
{
    static char value[4000];
    struct fc_log_line line;

    memset(value, 'x', sizeof(value));
    fc_log_begin(&line, FC_LOG_INFO, sentence);
    fc_log_str(&line, "value", (struct fc_str){value, len});
    fc_log_end(&line);
}

static void test_log_that_nobody_reads_is_lost_and_waits_for_nobody(void **state)
{
    static char memory[200000];
    int ends[2];
    int saved;

    (void)state;
    log_as(false);
    stderr_to_socket(ends, &saved);
    for (int i = 0; i < 200; i++)
        log_filled("lost", 3500);
    struct fc_str torn = drain(ends[0], memory, sizeof(memory) / 2);

    log_filled("found", 1);
    struct fc_str next = drain(ends[0], memory + sizeof(memory) / 2, sizeof(memory) / 2);

    (void)dup2(saved, STDERR_FILENO);
    (void)close(saved);
    (void)close(ends[0]);
    (void)close(ends[1]);
    assert_true(torn.len > 0 && torn.len < (size_t)200 * 3500);
    /* What was begun ends where the next line begins, be it cut or whole. */
    if (torn.ptr[torn.len - 1] != '\n') {
        assert_int_equal(next.ptr[0], '\n');
        next.ptr++;
        next.len--;
    }
    assert_true(fc_str_starts_with(next, FC_STR("time=")));
    assert_str_contains(next, "Z level=info instance=order-2 text=found value=x\n");
}

/* A file that may not grow takes a line in part, as a socket does, but whenever it is told to. */
static void test_log_line_after_a_torn_one_begins_anew(void **state)
{
    char path[] = "/tmp/firstcome-test-XXXXXX";
    char memory[16384];
    struct rlimit before;
    struct rlimit small;
    int fd = mkstemp(path);
    int saved = dup(STDERR_FILENO);

    (void)state;
    log_as(false);
    assert_true(fd >= 0 && saved >= 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){5000, before.rlim_max};
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(dup2(fd, STDERR_FILENO), STDERR_FILENO);
    (void)setrlimit(RLIMIT_FSIZE, &small);
    log_filled("whole", 3500);
    log_filled("torn", 3500);
    log_filled("lost", 3500);
    (void)setrlimit(RLIMIT_FSIZE, &before);
    log_filled("found", 1);
    log_filled("last", 1);
    (void)dup2(saved, STDERR_FILENO);
    (void)close(saved);
    (void)lseek(fd, 0, SEEK_SET);
    struct fc_str text = drain(fd, memory, sizeof(memory));

    (void)close(fd);
    assert_str_contains(fc_str_cut(&text, '\n'), "text=whole value=xxx");
    assert_str_contains(fc_str_cut(&text, '\n'), "text=torn value=xxx");
    assert_true(fc_str_starts_with(text, FC_STR("time=")));
    assert_str_contains(fc_str_cut(&text, '\n'),
                        "Z level=info instance=order-2 text=found value=x");
    assert_true(fc_str_starts_with(text, FC_STR("time=")));
    assert_str_contains(fc_str_cut(&text, '\n'), "Z level=info instance=order-2 text=last value=x");
    assert_int_equal(text.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_long_line_is_cut_and_says_so),
        cmocka_unit_test(test_log_pairs_after_the_cut_are_left_out),
        cmocka_unit_test(test_log_cut_between_pairs_leaves_whole_pairs),
        cmocka_unit_test(test_log_cut_within_a_pair_leaves_no_key_without_value),
        cmocka_unit_test(test_log_that_nobody_reads_is_lost_and_waits_for_nobody),
        cmocka_unit_test(test_log_line_after_a_torn_one_begins_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
