#include "host/process.h"

#include "base/assert.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <unistd.h>

static volatile sig_atomic_t process_stopping;
static volatile sig_atomic_t process_wake_fd = -1;

static void on_stop_signal(int number)
{
    int sys = errno;

    (void)number;
    if (process_stopping != 0)
        _exit(FC_EXIT_LATER);
    process_stopping = 1;
    /* A full pipe wakes its reader as well. */
    ssize_t count = write(process_wake_fd, "", 1);

    (void)count;
    errno = sys;
}

static int set_flags(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return -1;
    return fcntl(fd, F_SETFD, FD_CLOEXEC);
}

enum fc_rc fc_process_signals(int *ret_fd, struct fc_err *ret_err)
{
    struct sigaction stop = {.sa_handler = on_stop_signal};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    int ends[2];

    if (pipe(ends) != 0)
        return fc_err_set_sys(ret_err, FC_CURE_EXIT, "pipe", errno);
    if (set_flags(ends[0]) < 0 || set_flags(ends[1]) < 0) {
        (void)fc_err_set_sys(ret_err, FC_CURE_EXIT, "fcntl", errno);
        goto out;
    }
    process_wake_fd = ends[1];
    (void)sigemptyset(&stop.sa_mask);
    (void)sigemptyset(&ignore.sa_mask);
    if (sigaction(SIGTERM, &stop, NULL) != 0 || sigaction(SIGINT, &stop, NULL) != 0 ||
        sigaction(SIGPIPE, &ignore, NULL) != 0) {
        (void)fc_err_set_sys(ret_err, FC_CURE_EXIT, "sigaction", errno);
        goto out;
    }
    *ret_fd = ends[0];
    return FC_OK;
out:
    process_wake_fd = -1;
    (void)close(ends[0]);
    (void)close(ends[1]);
    return FC_FAIL;
}

bool fc_process_stopping(void)
{
    return process_stopping != 0;
}

void fc_process_close(void)
{
    int rc = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);

    FC_ASSERT(rc == 0);
}

/* Up to 256 bytes come at once and whole. */
static void draw(void *bytes, size_t size)
{
    ssize_t count;

    do {
        count = getrandom(bytes, size, 0);
    } while (count < 0 && errno == EINTR);
    FC_ASSERT(count == (ssize_t)size);
}

uint64_t fc_process_chance(void)
{
    uint64_t chance;

    draw(&chance, sizeof(chance));
    return chance;
}

uint64_t fc_chances_next(struct fc_chances *chances)
{
    if (chances->left == 0) {
        draw(chances->items, sizeof(chances->items));
        chances->left = FC_CHANCES;
    }
    return chances->items[--chances->left];
}

static void print_help(const char *program, const char *sentence)
{
    (void)printf("Usage: %s [--help | --version | --print-config | --check]\n\n"
                 "%s\n\n"
                 "  --help          this page\n"
                 "  --version       the version\n"
                 "  --print-config  every setting with its value and what it is for\n"
                 "  --check         connect, check the schema and the queues, and leave\n\n"
                 "Without a word it runs until SIGTERM or SIGINT. Settings are environment\n"
                 "variables: see --print-config.\n"
                 "Exit: %d stopped as asked, %d settings or schema are wrong (do not restart),\n"
                 "%d try again later.\n",
                 program, sentence, FC_EXIT_OK, FC_EXIT_PERMANENT, FC_EXIT_LATER);
}

enum fc_process_word fc_process_words(int argc, char **argv, const char *program,
                                      const char *sentence, int *ret_exit)
{
    struct fc_str word = argc > 1 ? fc_str_of(argv[1]) : FC_STR_NONE;

    fc_process_close();
    if (argc <= 1)
        return FC_WORD_RUN;
    if (argc == 2 && fc_str_eq(word, FC_STR("--check")))
        return FC_WORD_CHECK;
    if (argc == 2 && fc_str_eq(word, FC_STR("--print-config")))
        return FC_WORD_PRINT_CONFIG;
    *ret_exit = FC_EXIT_OK;
    if (argc == 2 && fc_str_eq(word, FC_STR("--help"))) {
        print_help(program, sentence);
    } else if (argc == 2 && fc_str_eq(word, FC_STR("--version"))) {
        (void)printf("%s %s\n", program, FC_VERSION);
    } else {
        (void)fprintf(stderr, "%s: %s \"%s\"; see %s --help\n", program,
                      argc > 2 ? "one word at most, not as many as from" : "no such word", argv[1],
                      program);
        *ret_exit = FC_EXIT_PERMANENT;
    }
    (void)fflush(stdout);
    return FC_WORD_DONE;
}
