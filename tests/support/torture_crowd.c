#include "support/torture.h"

#include "base/assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEND_MS 20000
#define CLIENTS 12
#define REQUESTS 60
#define CLIENT_BYTES (32 * 1024)
/* A user of the crowd's own, that is registered before. */
#define USER_FIRST 101

/* --- many that are slow ----------------------------------------------------------------------- */

static int32_t serve_one(int32_t port)
{
    static struct torture_wire wire;
    struct torture_answer answer = {.status = 0};

    torture_open(&wire, port);
    (void)torture_send(&wire, FC_STR("GET /v1/products HTTP/1.1\r\nHost: a\r\n\r\n"), SEND_MS);
    enum torture_got got = torture_next(&wire, SEND_MS, &answer);

    torture_close(&wire);
    return got == TORTURE_ANSWER && answer.status == 200
               ? 0
               : torture_wrong("an honest client beside them: %d", (int)answer.status);
}

/* Sends another byte; false when the server has ended it. */
static bool stir(struct torture_wire *wire)
{
    struct torture_answer answer;

    if (wire->closed)
        return false;
    (void)torture_send(wire, FC_STR("a"), 0);
    /* A refusal may come before the end. */
    enum torture_got got = torture_next(wire, 0, &answer);

    return got == TORTURE_NOTHING || got == TORTURE_ANSWER;
}

int32_t torture_slowloris(int32_t port, int32_t count)
{
    static const struct fc_str halves[] = {
        FC_STR_INIT("GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: "),
        FC_STR_INIT("POST /v1/users HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n"),
        FC_STR_INIT("POST /v1/users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a="),
        FC_STR_INIT("GET /"),
    };
    struct torture_wire *wires = calloc((size_t)count, sizeof(*wires)); /* heap: as many as asked */
    struct fc_mono since = fc_clock_mono();
    int32_t served = 0;
    int32_t wrong = 0;
    int32_t left = count;

    FC_ASSERT(wires != NULL);
    for (int32_t i = 0; i < count; i++) {
        torture_open(&wires[i], port);
        (void)torture_send(&wires[i], halves[(size_t)i % FC_ARRAY_COUNT(halves)], SEND_MS);
    }
    while (left > 0 && fc_clock_ms_since(since) < TORTURE_WAIT_MS) {
        left = 0;
        for (int32_t i = 0; i < count; i++)
            left += stir(&wires[i]);
        wrong += serve_one(port);
        served++;
        torture_rest(&wires[0], 200);
    }
    (void)printf("  %d of %d slow clients are left after %" PRId64 " s, %d others were served\n",
                 (int)left, (int)count, fc_clock_ms_since(since) / 1000, (int)served);
    for (int32_t i = 0; i < count; i++)
        torture_close(&wires[i]);
    free(wires);
    return wrong + (left > 0 ? torture_wrong("slow clients were not cut") : 0);
}

/* --- many that are hasty ---------------------------------------------------------------------- */

struct client {
    struct torture_wire wire;
    char text[CLIENT_BYTES];
    struct fc_buf buf;
    size_t at;
    int32_t wanted[REQUESTS]; /* statuses */
};

static uint64_t draw(uint64_t *seed, uint64_t below)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (*seed >> 33) % below;
}

/* One of those that an answer can be told by. */
static int32_t request_put(struct fc_buf *buf, int32_t user, int32_t number, uint64_t kind)
{
    static const char head[] =
        "Host: a\r\nX-Role: user\r\nX-User-Id: %d\r\nX-Request-Id: %d-%d\r\n";

    switch (kind) {
    case 0:
        fc_buf_put_fmt(buf, "GET /v1/users/%d/balance HTTP/1.1\r\n", (int)user);
        fc_buf_put_fmt(buf, head, (int)user, (int)user, (int)number);
        fc_buf_put_text(buf, "\r\n");
        return 200;
    case 1:
        fc_buf_put_fmt(buf, "GET /v1/nothing/%d HTTP/1.1\r\n", (int)user);
        fc_buf_put_fmt(buf, head, (int)user, (int)user, (int)number);
        fc_buf_put_text(buf, "\r\n");
        return 404;
    case 2:
        fc_buf_put_fmt(buf, "POST /v1/users/%d/charges HTTP/1.1\r\n", (int)user);
        fc_buf_put_fmt(buf, head, (int)user, (int)user, (int)number);
        fc_buf_put_text(buf, "Content-Type: application/json\r\nPrefer: wait=20\r\n"
                             "Content-Length: 12\r\n\r\n{\"amount\":1}");
        return 200;
    default:
        fc_buf_put_fmt(buf, "POST /v1/users/%d/charges HTTP/1.1\r\n", (int)user);
        fc_buf_put_fmt(buf, head, (int)user, (int)user, (int)number);
        fc_buf_put_text(buf, "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "1\r\n{\r\nb;x\r\n\"amount\":1}\r\n0\r\n\r\n");
        return 202;
    }
}

static int32_t answers_check(struct client *client, int32_t user)
{
    char wanted_id[32];
    char whose[48];

    for (int32_t i = 0; i < REQUESTS; i++) {
        struct torture_answer answer = {.status = 0};
        enum torture_got got = torture_next(&client->wire, TORTURE_WAIT_MS, &answer);

        (void)snprintf(wanted_id, sizeof(wanted_id), "%d-%d", (int)user, (int)i);
        if (got != TORTURE_ANSWER || answer.status != client->wanted[i])
            return torture_wrong("answer %s: %d, but it should be %d", wanted_id,
                                 (int)answer.status, (int)client->wanted[i]);
        if (strcmp(answer.id, wanted_id) != 0)
            return torture_wrong("answer %s went to the one who waits for %s", answer.id,
                                 wanted_id);
        (void)snprintf(whose, sizeof(whose), "\"user_id\":%d,", (int)user);
        struct fc_str body = answer.body;
        bool names = false;

        while (!names && body.len > 0) {
            names = fc_str_starts_with(body, fc_str_of(whose));
            body.ptr++;
            body.len--;
        }
        if (answer.status == 200 && !names)
            return torture_wrong("answer %s is about somebody else", wanted_id);
    }
    return 0;
}

static void client_begin(struct client *client, int32_t port, int32_t user, uint64_t *seed)
{
    client->buf = fc_buf_of(client->text, sizeof(client->text));
    client->at = 0;
    for (int32_t i = 0; i < REQUESTS; i++)
        client->wanted[i] = request_put(&client->buf, user, i, draw(seed, 4));
    FC_ASSERT(!client->buf.overflow);
    torture_open(&client->wire, port);
}

int32_t torture_crowd(int32_t port, uint64_t seed)
{
    static struct client clients[CLIENTS];
    int32_t wrong = 0;
    int32_t busy = CLIENTS;

    for (int32_t i = 0; i < CLIENTS; i++)
        client_begin(&clients[i], port, USER_FIRST + i, &seed);
    while (busy > 0) {
        busy = 0;
        for (int32_t i = 0; i < CLIENTS; i++) {
            struct client *client = &clients[i];
            size_t left = client->buf.len - client->at;
            size_t count = 1 + draw(&seed, 400);

            if (left == 0)
                continue;
            count = count < left ? count : left;
            if (!torture_send(&client->wire, (struct fc_str){client->text + client->at, count},
                              SEND_MS))
                return torture_wrong("client %d is not read on", (int)i);
            client->at += count;
            busy++;
        }
    }
    for (int32_t i = 0; i < CLIENTS; i++) {
        wrong += answers_check(&clients[i], USER_FIRST + i);
        torture_close(&clients[i].wire);
    }
    (void)printf("  %d clients with %d requests ahead each\n", CLIENTS, REQUESTS);
    return wrong;
}
