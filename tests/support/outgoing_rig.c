#include "support/outgoing_rig.h"

#include "host/clock.h"
#include "support/expect.h"

#include <stdio.h>

/* Nothing here takes long: who waits longer has been forgotten. */
#define PATIENCE_MS 20000

void outgoing_rig_open(struct outgoing_rig *rig)
{
    struct fc_err err;

    rig->told_count = 0;
    rig->serves = false;
    if (outgoing_open("firstcome-test/1", &rig->outgoing, &err) == FC_FAIL)
        fail_msg("%s", err.text);
}

void outgoing_rig_close(struct outgoing_rig *rig)
{
    outgoing_close(rig->outgoing);
    if (rig->serves)
        scripted_stop(&rig->server);
}

void outgoing_rig_serve(struct outgoing_rig *rig, scripted_fn *reply)
{
    scripted_start(&rig->server, reply);
    rig->serves = true;
}

struct outgoing_request outgoing_rig_request(const char *url)
{
    struct outgoing_request request = {.connect_ms = 5000, .total_ms = 10000};

    (void)snprintf(request.url, sizeof(request.url), "%s", url);
    return request;
}

void outgoing_rig_start(struct outgoing_rig *rig, int64_t tag)
{
    struct outgoing_request request = outgoing_rig_request(rig->server.url);

    outgoing_start(rig->outgoing, &request, tag);
}

void outgoing_rig_await(struct outgoing_rig *rig, int32_t count)
{
    struct fc_mono since = fc_clock_mono();

    while (rig->told_count < count) {
        assert_true(fc_clock_ms_since(since) < PATIENCE_MS);
        outgoing_turn(rig->outgoing, 1000, outgoing_rig_hear, rig);
    }
    assert_int_equal(rig->told_count, count);
}

void outgoing_rig_hear(void *arg, int64_t tag, const struct outgoing_answer *answer)
{
    struct outgoing_rig *rig = arg;

    assert_true(rig->told_count < OUTGOING_CALLS_MAX);
    struct outgoing_told *told = &rig->told[rig->told_count++];

    *told = (struct outgoing_told){.tag = tag,
                                   .fate = answer->fate,
                                   .status = answer->status,
                                   .retry_after_s = answer->retry_after_s,
                                   .body_len = answer->body.len};
    (void)fc_str_copy(answer->body, told->body, sizeof(told->body));
    (void)fc_str_copy(fc_str_of(answer->trouble), told->trouble, sizeof(told->trouble));
}
