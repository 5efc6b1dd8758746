#include "producer/cli/ask.h"

#include "host/backoff.h"
#include "host/process.h"

/* A read that is repeated until it is answered or its time is over. */
struct fetch {
    const char *path;
    int32_t wait_ms;
    struct fc_buf *body;
    bool given;
    bool answered;
    int32_t status;
    struct fc_mono began;
    struct fc_backoff backoff;
    char trouble[200];
};

static enum cli_next on_next(void *arg, int32_t lane, struct cli_request *request)
{
    struct fetch *fetch = arg;

    (void)lane;
    if (fetch->given)
        return CLI_NEXT_DONE;
    fetch->given = true;
    request->method = CLI_GET;
    request->user_id = CLI_ADMIN_ID;
    request->admin = true;
    (void)fc_str_copy(fc_str_of(fetch->path), request->path, sizeof(request->path));
    return CLI_NEXT_SEND;
}

static enum cli_then on_answered(void *arg, int32_t lane, struct cli_request *request,
                                 const struct cli_answer *answer)
{
    struct fetch *fetch = arg;

    (void)lane;
    fetch->answered = answer->fate == CLI_ANSWERED;
    fetch->status = answer->status;
    if (answer->fate != CLI_ANSWERED)
        (void)fc_str_copy(fc_str_of(answer->trouble), fetch->trouble, sizeof(fetch->trouble));
    if (fetch->answered && answer->status < 500) {
        fc_buf_put(fetch->body, answer->body);
        return CLI_THEN_FREE;
    }
    if (answer->fate == CLI_STOPPED || fc_clock_ms_since(fetch->began) >= fetch->wait_ms)
        return CLI_THEN_FREE;
    request->delay_ms = fc_backoff_next_ms(&fetch->backoff);
    request->url++;
    return CLI_THEN_AGAIN;
}

static enum fc_rc fetch_run(struct cli_client *client, struct fetch *fetch, struct fc_err *ret_err)
{
    struct cli_source source = {on_next, on_answered, fetch};

    fetch->began = fc_clock_mono();
    fc_backoff_init(&fetch->backoff, fc_process_chance());
    cli_window_run(client, 1, &source);
    if (!fetch->answered)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "the ingress", "%s",
                          fetch->trouble[0] != '\0' ? fetch->trouble : "asked to stop");
    if (fetch->status >= 500)
        return fc_err_set(ret_err, FC_CURE_RETRY, "the ingress", "answers %d to GET %s",
                          (int)fetch->status, fetch->path);
    if (fetch->status != 200)
        return fc_err_set(ret_err, FC_CURE_PARK, "the ingress", "answers %d to GET %s",
                          (int)fetch->status, fetch->path);
    if (fetch->body->overflow)
        return fc_err_set(ret_err, FC_CURE_PARK, "the ingress", "too long an answer to GET %s",
                          fetch->path);
    return FC_OK;
}

enum fc_rc cli_fetch(struct cli_client *client, const char *path, struct fc_buf *ret_body,
                     struct fc_err *ret_err)
{
    struct fetch fetch = {.path = path, .wait_ms = CLI_RETRY_MS_MAX, .body = ret_body};

    ret_body->len = 0;
    return fetch_run(client, &fetch, ret_err);
}

enum fc_rc cli_await_ready(struct cli_client *client, int32_t wait_ms, struct fc_err *ret_err)
{
    char memory[4096];
    struct fc_buf body = fc_buf_of(memory, sizeof(memory));
    struct fetch fetch = {.path = "/readyz", .wait_ms = wait_ms, .body = &body};

    if (fetch_run(client, &fetch, ret_err) == FC_OK)
        return FC_OK;
    ret_err->cure = FC_CURE_RECONNECT;
    return FC_FAIL;
}
