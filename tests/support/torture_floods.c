#include "support/torture.h"

#include <stdio.h>
#include <string.h>

#define SEND_MS 2000
#define BLOCK_BYTES 65536
#define GET "GET /livez HTTP/1.1\r\nHost: a\r\n"
#define POST                                                                 \
    "POST /v1/users HTTP/1.1\r\nHost: a\r\nX-User-Id: 7\r\nX-Role: user\r\n" \
    "Content-Type: application/json\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"

struct flood {
    const char *name;
    struct fc_str begin;
    struct fc_str again; /* sent over and over */
    size_t bytes_max;    /* the server has to have stopped it by then, socket buffers included */
};

static const struct flood floods[] = {
    {"a target without an end", FC_STR_INIT("GET /"), FC_STR_INIT("aaaaaaaaaaaaaaaa"), 16 << 20},
    {"a method without an end", FC_STR_INIT("G"), FC_STR_INIT("GGGGGGGGGGGGGGGG"), 16 << 20},
    {"parameters without an end", FC_STR_INIT("GET /v1/products?a=1"), FC_STR_INIT("&a=1"),
     16 << 20},
    {"a header without an end", FC_STR_INIT(GET "X: "), FC_STR_INIT("aaaaaaaaaaaaaaaa"), 16 << 20},
    {"headers without an end", FC_STR_INIT(GET), FC_STR_INIT("X-A: b\r\n"), 16 << 20},
    {"line ends without an end", FC_STR_INIT("\r\n"),
     FC_STR_INIT("\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"), 16 << 20},
    {"a body of 1 GiB, said before", FC_STR_INIT(POST "Content-Length: 1073741824\r\n\r\n"),
     FC_STR_INIT("aaaaaaaaaaaaaaaa"), 16 << 20},
    {"a body of many digits", FC_STR_INIT(POST "Content-Length: 99999999999999999999999\r\n\r\n"),
     FC_STR_INIT("aaaaaaaaaaaaaaaa"), 16 << 20},
    {"chunks without an end", FC_STR_INIT(CHUNKED), FC_STR_INIT("8\r\naaaaaaaa\r\n"), 32 << 20},
    {"one chunk of 4 GiB", FC_STR_INIT(CHUNKED "ffffffff\r\n"), FC_STR_INIT("aaaaaaaaaaaaaaaa"),
     16 << 20},
    {"an extension without an end", FC_STR_INIT(CHUNKED "5;a="), FC_STR_INIT("aaaaaaaaaaaaaaaa"),
     16 << 20},
    {"a size without an end", FC_STR_INIT(CHUNKED "0"), FC_STR_INIT("0000000000000000"), 16 << 20},
    {"trailers without an end", FC_STR_INIT(CHUNKED "0\r\n"), FC_STR_INIT("X-A: b\r\n"), 16 << 20},
};

static int32_t pour(int32_t port, const struct flood *flood)
{
    static struct torture_wire wire;
    static char block[BLOCK_BYTES];
    struct fc_buf buf = fc_buf_of(block, sizeof(block));
    struct fc_mono since = fc_clock_mono();
    struct torture_answer answer = {.status = 0};
    enum torture_got got = TORTURE_NOTHING;
    bool taken;

    while (buf.len + flood->again.len <= sizeof(block))
        fc_buf_put(&buf, flood->again);
    torture_open(&wire, port);
    taken = torture_send(&wire, flood->begin, SEND_MS);
    while (taken && wire.sent_bytes < flood->bytes_max)
        taken = torture_send(&wire, fc_buf_str(&buf), SEND_MS);
    size_t sent_bytes = wire.sent_bytes;

    got = torture_next(&wire, TORTURE_WAIT_MS, &answer);
    bool ended = got == TORTURE_END ||
                 (got == TORTURE_ANSWER && torture_end(&wire, TORTURE_WAIT_MS, "evil", &taken));

    torture_close(&wire);
    (void)printf("  %-44s %d after %zu KiB\n", flood->name, (int)answer.status, sent_bytes / 1024);
    if (!ended)
        return torture_wrong("%s: it goes on", flood->name);
    if (answer.status != 0 && (answer.status < 400 || answer.status >= 500))
        return torture_wrong("%s: %d", flood->name, (int)answer.status);
    if (fc_clock_ms_since(since) > TORTURE_WAIT_MS || sent_bytes >= flood->bytes_max)
        return torture_wrong("%s: it was read on and on", flood->name);
    return 0;
}

int32_t torture_floods(int32_t port)
{
    int32_t wrong = 0;

    for (size_t i = 0; i < FC_ARRAY_COUNT(floods); i++)
        wrong += pour(port, &floods[i]);
    return wrong;
}
