#include "support/torture.h"

#include "support/torture_cases.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define SEND_MS 5000
#define POST                                                                           \
    "POST /v1/users/7/charges HTTP/1.1\r\nHost: a\r\nX-User-Id: 7\r\nX-Role: user\r\n" \
    "Content-Type: application/json\r\nPrefer: wait=20\r\n"
#define BODY "{\"amount\":1}"

static struct torture_wire wire;

/* One answer of that status, and not two. */
static int32_t wants(const char *what, int32_t status)
{
    struct torture_answer answer = {.status = 0};
    enum torture_got got = torture_next(&wire, TORTURE_WAIT_MS, &answer);

    (void)printf("  %-44s %d\n", what, (int)answer.status);
    if (got != TORTURE_ANSWER || answer.status != status)
        return torture_wrong("%s: %d", what, (int)answer.status);
    return 0;
}

static int32_t drip(int32_t port, const char *what, struct fc_str text, size_t step)
{
    torture_open(&wire, port);
    for (size_t at = 0; at < text.len; at += step) {
        size_t count = text.len - at < step ? text.len - at : step;

        if (!torture_send(&wire, (struct fc_str){text.ptr + at, count}, SEND_MS))
            break;
        torture_rest(&wire, 1);
    }
    int32_t wrong = wants(what, 200);

    torture_close(&wire);
    return wrong;
}

/* A client that says no more but listens on. What the server makes of it is its own, but it makes
 * one thing of it, and soon. */
static int32_t half_closed(int32_t port, const char *what, struct fc_str text)
{
    struct torture_answer answer = {.status = 0};
    int32_t count = 0;

    torture_open(&wire, port);
    (void)torture_send(&wire, text, SEND_MS);
    (void)shutdown(wire.fd, SHUT_WR);
    enum torture_got got = torture_next(&wire, TORTURE_WAIT_MS, &answer);

    for (; got == TORTURE_ANSWER; count++)
        got = torture_next(&wire, TORTURE_WAIT_MS, &answer);
    (void)printf("  %-44s %d\n", what, (int)answer.status);
    torture_close(&wire);
    if (got != TORTURE_END || count > 1)
        return torture_wrong("%s: %d answers, and no end", what, (int)count);
    if (answer.status == 503)
        return torture_wrong("%s: what was asked in full is refused", what);
    return 0;
}

/* Goes away in the middle of a body whose amount must not be charged. */
static void leave(int32_t port, struct fc_str text, bool reset)
{
    torture_open(&wire, port);
    (void)torture_send(&wire, text, SEND_MS);
    if (reset)
        torture_reset(&wire);
    else
        torture_close(&wire);
}

int32_t torture_drips(int32_t port)
{
    struct fc_str whole = FC_STR(POST "Content-Length: 12\r\n\r\n" BODY);
    struct fc_str chunked = FC_STR(POST "Transfer-Encoding: chunked\r\n\r\n"
                                        "1;a=b\r\n{\r\nb\r\n\"amount\":1}\r\n0\r\nX: y\r\n\r\n");
    struct fc_str evil = FC_STR(POST "Content-Length: 21\r\n\r\n{\"amount\":" TORTURE_EVIL_AMOUNT);
    struct fc_str evil_chunk = FC_STR(POST "Transfer-Encoding: chunked\r\n\r\n"
                                           "14\r\n{\"amount\":" TORTURE_EVIL_AMOUNT "}\r\n");
    int32_t wrong = 0;

    wrong += drip(port, "a byte at a time", whole, 1);
    wrong += drip(port, "chunks, a byte at a time", chunked, 1);
    for (size_t step = 2; step < 40; step += 7)
        wrong += drip(port, "in pieces", step % 2 == 0 ? whole : chunked, step);
    wrong += half_closed(port, "half closed behind a read",
                         FC_STR("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"));
    wrong += half_closed(port, "half closed behind a command", whole);
    wrong +=
        half_closed(port, "half closed in a head", FC_STR("GET /livez HTTP/1.1\r\nHost: a\r\n"));
    wrong += half_closed(port, "half closed in a body", evil);
    wrong += half_closed(port, "half closed before the last chunk", evil_chunk);
    for (int32_t i = 0; i < 20; i++) {
        leave(port, evil, i % 2 == 0);
        leave(port, evil_chunk, i % 2 == 1);
    }
    return wrong;
}
