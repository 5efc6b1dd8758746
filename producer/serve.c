#include "producer/serve.h"

#include "base/assert.h"
#include "host/fault.h"
#include "host/log.h"
#include "producer/answer.h"
#include "producer/headers.h"
#include "producer/health.h"
#include "producer/ingress.h"
#include "producer/intake.h"
#include "producer/read.h"
#include "producer/routes.h"

/* --- who may ask ------------------------------------------------------------------------------ */

/* Without a token any caller was let in by the loopback address alone. */
static bool token_is_good(const struct ingress *ingress, const struct request *request)
{
    struct fc_str wanted = fc_str_of(ingress->settings->gateway_token);

    return wanted.len == 0 || (request->head.counts[REQUEST_GATEWAY_TOKEN] == 1 &&
                               fc_secret_eq(request->head.values[REQUEST_GATEWAY_TOKEN], wanted));
}

/* Health is asked by machines that do not come through the gateway. */
static bool is_probe(struct fc_str path)
{
    return fc_str_eq(path, FC_STR("/livez")) || fc_str_eq(path, FC_STR("/readyz"));
}

/* False when it was answered. */
static bool may_ask(struct ingress *ingress, struct request *request)
{
    bool good = request_identify(request);
    enum route_role role = request->route->role;

    if (role == ROUTE_FOR_ALL)
        return true;
    if (!good) {
        answer_problem(ingress, request, "unauthenticated",
                       "X-User-Id or X-Role is not what a gateway sets.");
        return false;
    }
    if (!request->identified) {
        answer_problem(ingress, request, "unauthenticated", "X-User-Id is missing.");
        return false;
    }
    if (request->admin || role == ROUTE_FOR_USERS)
        return true;
    if (role == ROUTE_FOR_OWNER && request->path_id == request->user_id)
        return true;
    answer_problem(ingress, request, "forbidden",
                   role == ROUTE_FOR_ADMINS ? "This is for administrators."
                                            : "A user may act for itself only.");
    return false;
}

/* The path says all. */
static bool needs_no_body(const struct request *request)
{
    enum route_name name = request->route->name;

    return request->method == REQUEST_DELETE || name == ROUTE_ORDER_CANCEL ||
           name == ROUTE_COUPON_REVOKE;
}

/* False when it was answered. */
static bool is_json(struct ingress *ingress, struct request *request)
{
    const struct request_head *head = &request->head;

    if (request->body_len == 0 && needs_no_body(request))
        return true;
    if (head->counts[REQUEST_CONTENT_TYPE] == 1 && head->counts[REQUEST_CONTENT_ENCODING] == 0 &&
        header_is_json(head->values[REQUEST_CONTENT_TYPE]))
        return true;
    answer_problem(ingress, request, "unsupported_media_type",
                   "The body must be application/json in UTF-8, not compressed.");
    return false;
}

/* --- requests --------------------------------------------------------------------------------- */

static void dispatch(struct ingress *ingress, struct request *request)
{
    switch (request->route->kind) {
    case ROUTE_IS_COMMAND:
        if (is_json(ingress, request))
            intake_begin(ingress, request);
        return;
    case ROUTE_IS_STATUS:
        status_begin(ingress, request);
        return;
    case ROUTE_IS_READ:
        read_begin(ingress, request);
        return;
    case ROUTE_IS_HEALTH:
        health_answer(ingress, request);
        return;
    }
    FC_UNREACHABLE("no such kind");
}

static void serve_ready(void *arg, struct request *request)
{
    struct ingress *ingress = arg;
    struct route_match match;

    request->ingress = ingress;
    if (!token_is_good(ingress, request) && !is_probe(request->path)) {
        answer_problem(ingress, request, "unauthenticated", "X-Gateway-Token is not the one.");
        return;
    }
    switch (route_find(request->method, request->path, &match)) {
    case ROUTE_NO_PATH:
        answer_problem(ingress, request, "not_found", "There is no such path.");
        return;
    case ROUTE_NO_METHOD:
        answer_method_not_allowed(ingress, request, match.allow);
        return;
    case ROUTE_FOUND:
        break;
    }
    request->route = match.route;
    request->path_id = match.id;
    request->path_uuid = match.uuid;
    if (!may_ask(ingress, request))
        return;
    if (match.bad_id)
        answer_problem(ingress, request, match.route->unknown, "This is no id.");
    else
        dispatch(ingress, request);
}

static void serve_refused(void *arg, struct request *request, enum request_framing why)
{
    struct ingress *ingress = arg;

    request->ingress = ingress;
    switch (why) {
    case REQUEST_MISFRAMED:
        answer_problem(ingress, request, "invalid_request",
                       "It is not clear where the request ends, or a header holds a stray byte.");
        return;
    case REQUEST_TOO_LARGE:
        answer_problem(ingress, request, "payload_too_large", "A body is of at most %d bytes.",
                       HTTP_BODY_BYTES_MAX);
        return;
    case REQUEST_NO_ROOM:
        numbers_add(&ingress->numbers, NUMBER_REFUSED_REQUESTS);
        answer_unavailable(ingress, request, "Too many requests are in flight.");
        return;
    case REQUEST_FRAMED:
        break;
    }
    FC_UNREACHABLE("nothing is wrong with it");
}

static void serve_gone(void *arg, struct request *request)
{
    struct ingress *ingress = arg;

    /* A query or a batch refers to it, or its confirm is under way: that answers it soon. */
    if (request->busy > 0 || request->published)
        return;
    status_forget(ingress, request);
    accept_forget(ingress, request);
    if (request->step != REQUEST_HELD)
        return;
    /* It may listen still: what is durable is not called otherwise. */
    if (request->confirmed)
        answer_accepted(ingress, request);
    else
        answer_unavailable(ingress, request, "The client has left.");
}

/* --- ends ------------------------------------------------------------------------------------- */

static void log_request(const struct request *request, int64_t us)
{
    struct fc_log_line line;

    fc_log_begin(&line, FC_LOG_DEBUG, "request");
    fc_log_text(&line, "method", request_method_name(request->method));
    fc_log_str(&line, "path", request->path);
    fc_log_i64(&line, "status", request->status);
    fc_log_i64(&line, "us", us);
    fc_log_text(&line, "request_id", request->id);
    if (!fc_uuid_is_zero(&request->command_id))
        fc_log_uuid(&line, "command_id", &request->command_id);
    if (request->gone)
        fc_log_text(&line, "client", "left");
    fc_log_end(&line);
}

static void serve_done(void *arg, struct request *request)
{
    struct ingress *ingress = arg;
    int64_t us = fc_clock_mono().us - request->since.us;

    FC_ASSERT(request->busy == 0);
    status_forget(ingress, request);
    accept_forget(ingress, request);
    if (!request->gone && request->status != 0)
        numbers_answered(&ingress->numbers, request->status, us);
    if (fc_log_wants(FC_LOG_DEBUG))
        log_request(request, us);
    if (request->confirmed)
        FC_CRASH_POINT(INGRESS_DONE);
}

struct http_handler serve_handler(void *ingress)
{
    return (struct http_handler){serve_ready, serve_refused, serve_gone, serve_done, ingress};
}

void serve_log_trouble(const struct request *request, const char *sentence,
                       const struct fc_err *err)
{
    struct fc_log_line line;

    fc_log_begin(&line, FC_LOG_ERROR, sentence);
    fc_log_err(&line, err);
    fc_log_str(&line, "path", request->path);
    fc_log_text(&line, "request_id", request->id);
    if (!fc_uuid_is_zero(&request->command_id))
        fc_log_uuid(&line, "command_id", &request->command_id);
    fc_log_end(&line);
}
