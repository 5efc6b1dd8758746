/*
 * Asks the ingress on 127.0.0.1 anything (support/wild.h), one request after the other, for some
 * seconds: wild PORT CONTRACT SECONDS SEED. Ends with 1 at the first answer that the contract does
 * not have, and prints the request.
 */
#include "support/wild.h"

#include "host/process.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SEND_MS 10000
#define ANSWER_MS 40000

static int32_t counts[6]; /* of answers, by the status's first digit */

static int tell(const struct wild_request *request, const struct torture_answer *answer,
                const char *wrong)
{
    (void)printf("WRONG: %s: %d " FC_STR_FMT "\nto: ", wrong, (int)answer->status,
                 FC_STR_ARG(answer->body));
    (void)fwrite(request->text.ptr, 1, request->text.len < 4096 ? request->text.len : 4096, stdout);
    (void)putchar('\n');
    return FC_EXIT_FAILED;
}

/* A stream of events has no length, and no end of its own: it is left. */
static bool is_stream(const struct torture_wire *wire)
{
    struct fc_str text = {wire->text, wire->len};

    return fc_str_starts_with(text, FC_STR("HTTP/1.1 200 "));
}

/* 0 when it was answered as it may be. */
static int ask(struct torture_wire *wire, int32_t port, const struct wild_request *request)
{
    struct torture_answer answer = {.status = 0};
    enum torture_got got;
    const char *wrong;

    if (!torture_send(wire, request->text, SEND_MS))
        wire->closed = true;
    got = torture_next(wire, ANSWER_MS, &answer);
    if (got == TORTURE_GARBAGE && is_stream(wire) &&
        strstr(request->operation->path, "/events") != NULL) {
        torture_close(wire);
        torture_open(wire, port);
        counts[2]++;
        return 0;
    }
    if (got != TORTURE_ANSWER)
        return tell(request, &answer, "no answer");
    wrong = wild_judge(request, &answer);
    if (wrong != NULL)
        return tell(request, &answer, wrong);
    counts[answer.status / 100]++;
    wild_learn(answer.body);
    if (answer.closes || wire->closed) {
        torture_close(wire);
        torture_open(wire, port);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static struct torture_wire wire;
    struct fc_mono since = fc_clock_mono();
    struct wild_request request;
    int64_t port;
    int64_t seconds;
    int64_t seed;
    int rc = 0;

    if (argc != 5 || !fc_str_to_i64(fc_str_of(argv[1]), 1, 65535, &port) ||
        !fc_str_to_i64(fc_str_of(argv[3]), 1, 86400, &seconds) ||
        !fc_str_to_i64(fc_str_of(argv[4]), 0, INT64_MAX, &seed)) {
        (void)fputs("Usage: wild PORT CONTRACT SECONDS SEED\n", stderr);
        return FC_EXIT_USAGE;
    }
    wild_contract_open(argv[2]);
    torture_open(&wire, (int32_t)port);
    uint64_t state = (uint64_t)seed;

    while (rc == 0 && fc_clock_ms_since(since) < seconds * 1000) {
        wild_next(&state, &request);
        rc = ask(&wire, (int32_t)port, &request);
    }
    (void)printf("seed %" PRId64 ": %d answers of 2xx, %d of 3xx, %d of 4xx\n", seed,
                 (int)counts[2], (int)counts[3], (int)counts[4]);
    torture_close(&wire);
    return rc;
}
