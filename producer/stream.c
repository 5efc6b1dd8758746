#include "producer/stream.h"

#include "producer/answer.h"
#include "producer/ingress.h"

#define RETRY_MS 1000

static void put_event(struct fc_buf *buf, const struct wire_document *document)
{
    const char *state = wire_state_name(document->state);

    fc_buf_put_fmt(buf, "event: %s\nid: %s\ndata: ", state, state);
    wire_document_put(buf, document);
    fc_buf_put_text(buf, "\n\n");
}

void stream_begin(struct ingress *ingress, struct request *request,
                  const struct wire_document *document)
{
    static const struct http_header headers[] = {
        {"Cache-Control", "no-store"},
        {"X-Accel-Buffering", "no"},
    };
    struct fc_buf body = answer_begin(ingress);
    struct http_answer answer = {.status = 200,
                                 .content_type = "text/event-stream",
                                 .headers = headers,
                                 .header_count = FC_ARRAY_COUNT(headers),
                                 .stream = true};

    fc_buf_put_fmt(&body, "retry: %d\n\n", RETRY_MS);
    put_event(&body, document);
    answer.body = fc_buf_str(&body);
    request->beat = ingress->now;
    http_answer(ingress->http, request, &answer);
    if (document->state != WIRE_ACCEPTED)
        stream_stop(ingress, request);
}

void stream_end(struct ingress *ingress, struct request *request,
                const struct wire_document *document)
{
    struct fc_buf body = answer_begin(ingress);

    put_event(&body, document);
    http_stream_put(ingress->http, request, fc_buf_str(&body), true);
}

void stream_stop(struct ingress *ingress, struct request *request)
{
    http_stream_put(ingress->http, request, FC_STR_NONE, true);
}

void stream_beat(struct ingress *ingress, struct request *request)
{
    if (ingress->now.us - request->beat.us < STREAM_BEAT_S * FC_US_PER_S)
        return;
    request->beat = ingress->now;
    http_stream_put(ingress->http, request, FC_STR(": \n\n"), false);
}

bool stream_was_seen(const struct request *request, const struct wire_document *document)
{
    struct fc_str last = request->head.values[REQUEST_LAST_EVENT_ID];

    return document->state != WIRE_ACCEPTED &&
           fc_str_eq(last, fc_str_of(wire_state_name(document->state)));
}
