/*
 * GET /v1/commands/{id}/events: the document of a command as server-sent events, once as it is and
 * once as it is decided. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
#ifndef FC_PRODUCER_STREAM_H
#define FC_PRODUCER_STREAM_H

#include "producer/request.h"
#include "wire/document.h"

struct ingress;

/* A stream is ended after that long; its client asks again by itself. */
#define STREAM_S_MAX 300
/* A comment this often keeps proxies from taking it for dead. */
#define STREAM_BEAT_S 15

/* Begins the answer with the document; ends it when that is decided. */
void stream_begin(struct ingress *ingress, struct request *request,
                  const struct wire_document *document);
/* The document as it was decided, and the end. */
void stream_end(struct ingress *ingress, struct request *request,
                const struct wire_document *document);
/* The end without a verdict. */
void stream_stop(struct ingress *ingress, struct request *request);
void stream_beat(struct ingress *ingress, struct request *request);

/* Whether the client has had this document before, and asks again because the stream ended. */
bool stream_was_seen(const struct request *request, const struct wire_document *document);

#endif
