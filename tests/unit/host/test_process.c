#include "support/capture.h"
#include "support/expect.h"

#include "host/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct capture capture;

/* What a child made of itself: its exit code, or -1 when a signal ended it. */
static int child_exit(void (*child)(void))
{
    int status = 0;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        child();
        _exit(99);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int signals_set_up(void)
{
    struct fc_err err;
    int fd = -1;

    if (fc_process_signals(&fd, &err) != FC_OK)
        _exit(50);
    return fd;
}

static bool is_readable(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};

    return poll(&wait, 1, 0) == 1;
}

static void child_is_stopped_once(int number)
{
    int fd = signals_set_up();

    if (fc_process_stopping() || is_readable(fd))
        _exit(51);
    (void)raise(number);
    if (!fc_process_stopping())
        _exit(52);
    if (!is_readable(fd))
        _exit(53);
    _exit(FC_EXIT_OK);
}

static void child_sigterm(void)
{
    child_is_stopped_once(SIGTERM);
}

static void child_sigint(void)
{
    child_is_stopped_once(SIGINT);
}

static void child_two_signals(void)
{
    (void)signals_set_up();
    (void)raise(SIGTERM);
    (void)raise(SIGINT);
}

static void child_sigpipe(void)
{
    int fd = signals_set_up();

    (void)raise(SIGPIPE);
    _exit(fc_process_stopping() || is_readable(fd) ? 54 : FC_EXIT_OK);
}

static void child_descriptor_flags(void)
{
    int fd = signals_set_up();

    _exit((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0 && (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0
              ? FC_EXIT_OK
              : 55);
}

static void test_process_first_signal_sets_the_flag_and_wakes_the_loop(void **state)
{
    (void)state;
    assert_int_equal(child_exit(child_sigterm), FC_EXIT_OK);
    assert_int_equal(child_exit(child_sigint), FC_EXIT_OK);
}

static void test_process_second_signal_ends_at_once(void **state)
{
    (void)state;
    assert_int_equal(child_exit(child_two_signals), FC_EXIT_LATER);
}

static void test_process_broken_pipe_is_no_death(void **state)
{
    (void)state;
    assert_int_equal(child_exit(child_sigpipe), FC_EXIT_OK);
}

static void test_process_descriptor_does_not_block_and_is_not_inherited(void **state)
{
    (void)state;
    assert_int_equal(child_exit(child_descriptor_flags), FC_EXIT_OK);
}

static void test_process_chances_all_differ(void **state)
{
    struct fc_chances chances = {.left = 0};
    uint64_t drawn[3 * FC_CHANCES];

    (void)state;
    for (int32_t i = 0; i < 3 * FC_CHANCES; i++) {
        drawn[i] = fc_chances_next(&chances);
        for (int32_t k = 0; k < i; k++)
            assert_true(drawn[i] != drawn[k]);
    }
}

static void test_process_chance_differs(void **state)
{
    uint64_t a = fc_process_chance();
    uint64_t b = fc_process_chance();

    (void)state;
    assert_true(a != b);
}

struct words_answer {
    enum fc_process_word word;
    int exit;
    struct fc_str text; /* of the caught descriptor */
};

static struct words_answer words(int fd, const char *first, const char *second)
{
    char program[] = "firstcome-order";
    char one[32];
    char two[32];
    char *argv[] = {program, one, two, NULL};
    struct words_answer answer = {.exit = 42};
    int argc = first == NULL ? 1 : second == NULL ? 2 : 3;

    (void)fc_str_copy(fc_str_of(first), one, sizeof(one));
    (void)fc_str_copy(fc_str_of(second), two, sizeof(two));
    argv[argc] = NULL;
    capture_begin(&capture, fd);
    answer.word = fc_process_words(argc, argv, program, "Decides orders.", &answer.exit);
    answer.text = capture_end(&capture);
    return answer;
}

static void test_process_words_that_the_program_acts_on(void **state)
{
    (void)state;
    assert_int_equal(words(STDOUT_FILENO, NULL, NULL).word, FC_WORD_RUN);
    assert_int_equal(words(STDOUT_FILENO, "--check", NULL).word, FC_WORD_CHECK);
    assert_int_equal(words(STDOUT_FILENO, "--print-config", NULL).word, FC_WORD_PRINT_CONFIG);
    assert_int_equal(words(STDOUT_FILENO, NULL, NULL).text.len, 0);
}

static void test_process_help_tells_the_four_words(void **state)
{
    struct words_answer answer = words(STDOUT_FILENO, "--help", NULL);

    (void)state;
    assert_int_equal(answer.word, FC_WORD_DONE);
    assert_int_equal(answer.exit, FC_EXIT_OK);
    assert_str_contains(answer.text, "Usage: firstcome-order ");
    assert_str_contains(answer.text, "Decides orders.");
    assert_str_contains(answer.text, "--help ");
    assert_str_contains(answer.text, "--version ");
    assert_str_contains(answer.text, "--print-config ");
    assert_str_contains(answer.text, "--check ");
}

static void test_process_version_is_one_line(void **state)
{
    struct words_answer answer = words(STDOUT_FILENO, "--version", NULL);

    (void)state;
    assert_int_equal(answer.word, FC_WORD_DONE);
    assert_int_equal(answer.exit, FC_EXIT_OK);
    assert_str_equal(answer.text, "firstcome-order " FC_VERSION "\n");
}

static void test_process_wrong_words_are_named_and_permanent(void **state)
{
    static const char *const rows[][2] = {
        {"--chekc", NULL}, {"", NULL}, {"run", NULL}, {"--check", "--check"}, {"--help", "x"}};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct words_answer answer = words(STDERR_FILENO, rows[i][0], rows[i][1]);

        assert_int_equal(answer.word, FC_WORD_DONE);
        assert_int_equal(answer.exit, FC_EXIT_PERMANENT);
        assert_str_contains(answer.text, rows[i][0]);
        assert_str_contains(answer.text, "see firstcome-order --help\n");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_process_first_signal_sets_the_flag_and_wakes_the_loop),
        cmocka_unit_test(test_process_second_signal_ends_at_once),
        cmocka_unit_test(test_process_broken_pipe_is_no_death),
        cmocka_unit_test(test_process_descriptor_does_not_block_and_is_not_inherited),
        cmocka_unit_test(test_process_chance_differs),
        cmocka_unit_test(test_process_chances_all_differ),
        cmocka_unit_test(test_process_words_that_the_program_acts_on),
        cmocka_unit_test(test_process_help_tells_the_four_words),
        cmocka_unit_test(test_process_version_is_one_line),
        cmocka_unit_test(test_process_wrong_words_are_named_and_permanent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
