/*
 * HTTP from many clients at once in one thread: lanes, each with at most one request under way,
 * over connections that are kept alive. Knows sending, receiving and the clock; what goes out when
 * is window.h's business. The only module that knows libcurl.
 */
#ifndef FC_CLI_CLIENT_H
#define FC_CLI_CLIENT_H

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "host/clock.h"

#define CLI_LANES_MAX 4096
#define CLI_ANSWER_BYTES_MAX (256 * 1024)
#define CLI_PATH_BYTES_MAX 512

struct cli_client;

enum cli_method { CLI_GET, CLI_POST, CLI_PUT, CLI_DELETE };

struct cli_request {
    enum cli_method method;
    char path[CLI_PATH_BYTES_MAX]; /* "/v1/orders", with the query */
    struct fc_buf body;            /* over the lane's memory */
    int64_t user_id;               /* X-User-Id; 0: no identity */
    bool admin;
    char idempotency_key[IDEMPOTENCY_KEY_BYTES_MAX + 1]; /* empty: none */
    int32_t wait_s;                                      /* Prefer: wait; 0: none */
    int32_t url;      /* which ingress; counted modulo their number */
    int32_t delay_ms; /* not before that long from now */
    int64_t tag;      /* the source's own */
};

enum cli_fate {
    CLI_ANSWERED,
    CLI_FAILED, /* no answer: `trouble` says why; it may have been taken or not */
    CLI_STOPPED /* the command was asked to stop; as CLI_FAILED */
};

struct cli_answer {
    enum cli_fate fate;
    int32_t status;
    struct fc_str body; /* lives during the call */
    bool replayed;      /* Idempotency-Replayed: true */
    struct fc_mono sent;
    struct fc_mono answered;
    const char *trouble;
};

struct cli_client_settings {
    const char *urls; /* separated by commas */
    const char *gateway_token;
    int32_t lane_count;
    int wake_fd; /* readable when the command was asked to stop; -1: none */
};

/* Called from cli_client_turn for each request that is over; may send on any lane. */
typedef void cli_finished_fn(void *arg, int32_t lane, struct cli_answer *answer);

FC_MUST_USE enum fc_rc cli_client_open(const struct cli_client_settings *settings,
                                       struct cli_client **ret_client, struct fc_err *ret_err);
/* Accepts NULL. */
void cli_client_close(struct cli_client *client);

int32_t cli_client_url_count(const struct cli_client *client);
int32_t cli_client_lane_count(const struct cli_client *client);

/* Memory for the body of the lane's next request, HTTP_BODY_BYTES_MAX of it. */
struct fc_buf cli_client_body(const struct cli_client *client, int32_t lane);

/* Sends on a lane with nothing under way; returns the instant before it. The request is copied but
 * for its body. */
struct fc_mono cli_client_send(struct cli_client *client, int32_t index,
                               const struct cli_request *request);

/* Forgets what is under way on the lane. */
void cli_client_abort(struct cli_client *client, int32_t index);

/* Sends and receives; waits until something happens, `until` at most. */
void cli_client_turn(struct cli_client *client, struct fc_mono until, cli_finished_fn *finished,
                     void *arg);

#endif
