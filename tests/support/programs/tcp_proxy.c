/*
 * The bad network of the chaos tests (support/proxy.h) as a program: it stands between a server and
 * its clients, and does what the lines on stdin say. Each is answered by a line: the word, then
 * what has passed by now. Ends when stdin does.
 */
#include "support/proxy.h"

#include "host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TURN_MS 1000
#define LINE_BYTES 256

static struct proxy proxy;
static char input[LINE_BYTES];
static size_t input_len;

static int usage(void)
{
    (void)fputs("Usage: tcp_proxy PORT SERVER_PORT\n"
                "Both on 127.0.0.1. Lines on stdin: delay MS | rate BYTES | hole in|out|both |\n"
                "reset-after BYTES | cut | heal | stats.\n",
                stderr);
    return FC_EXIT_USAGE;
}

static void obey(struct fc_str line)
{
    char why[PROXY_WHY_BYTES];

    if (!proxy_obey(&proxy, line, why)) {
        (void)printf("wrong: %s\n", why);
    } else {
        struct proxy_counts counts = proxy_count(&proxy);

        (void)printf(FC_STR_FMT ": open %" PRId64 " accepted %" PRId64 " resets %" PRId64
                                " in %" PRId64 " out %" PRId64 " held %" PRId64 "\n",
                     FC_STR_ARG(line), counts.open, counts.accepted, counts.resets,
                     counts.bytes[PROXY_IN], counts.bytes[PROXY_OUT], counts.held);
    }
    (void)fflush(stdout);
}

/* False at the end of the input. */
static bool input_read(void)
{
    ssize_t got = read(STDIN_FILENO, input + input_len, sizeof(input) - input_len);
    char *end;

    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    if (got == 0)
        return false;
    input_len += (size_t)got;
    while ((end = memchr(input, '\n', input_len)) != NULL) {
        size_t len = (size_t)(end - input);

        obey((struct fc_str){input, len});
        input_len -= len + 1;
        memmove(input, end + 1, input_len);
    }
    return input_len < sizeof(input);
}

int main(int argc, char **argv)
{
    int64_t port = 0;
    int64_t server_port = 0;
    struct fc_err err;

    if (argc != 3 || !fc_str_to_i64(fc_str_of(argv[1]), 1, UINT16_MAX, &port) ||
        !fc_str_to_i64(fc_str_of(argv[2]), 1, UINT16_MAX, &server_port))
        return usage();
    if (proxy_open(&proxy, (int32_t)port, (int32_t)server_port, &err) != FC_OK) {
        (void)fprintf(stderr, "tcp_proxy: %s\n", err.text);
        return FC_EXIT_LATER;
    }
    while (!proxy_turn(&proxy, STDIN_FILENO, TURN_MS) || input_read())
        ;
    proxy_close(&proxy);
    return FC_EXIT_OK;
}
