/*
 * The answers of the contract: problems, JSON, the 202 of an accepted command, the verdict of a
 * waited-for one. Each ends the request it is given.
 */
#ifndef FC_PRODUCER_ANSWER_H
#define FC_PRODUCER_ANSWER_H

#include "producer/decided.h"
#include "producer/request.h"
#include "wire/document.h"
#include "wire/json.h"

struct ingress;

/* A problem by its code, with a sentence. */
FC_PRINTF(4, 5)
void answer_problem(struct ingress *ingress, struct request *request, const char *code,
                    const char *format, ...);

/* 400: invalid_json or invalid_request with every fault. */
void answer_faults(struct ingress *ingress, struct request *request,
                   const struct wire_faults *faults);

/* 405 with the methods there are. */
void answer_method_not_allowed(struct ingress *ingress, struct request *request, const char *allow);

/* 503 with Retry-After: after so many seconds, or one. */
void answer_later(struct ingress *ingress, struct request *request, int32_t retry_s,
                  const char *detail);
void answer_unavailable(struct ingress *ingress, struct request *request, const char *detail);

/* A writer for the body of a JSON answer, and the answer with what was written. */
struct fc_buf answer_begin(struct ingress *ingress);
void answer_json(struct ingress *ingress, struct request *request, const struct fc_buf *body);
/* The same with an ETag over the body; 304 when the client has just that. */
void answer_tagged(struct ingress *ingress, struct request *request, const struct fc_buf *body);
void answer_text(struct ingress *ingress, struct request *request, const struct fc_buf *body,
                 int32_t status, const char *content_type);

/* 202: the command is durable, and not decided as far as this request waits. */
void answer_accepted(struct ingress *ingress, struct request *request);
/* The verdict of the command of this request. */
void answer_verdict(struct ingress *ingress, struct request *request,
                    const struct wire_document *document);
/* The document of a command that was asked about. */
void answer_document(struct ingress *ingress, struct request *request,
                     const struct wire_document *document);
/* The same, of which the text has been written already (answer_begin). */
void answer_document_text(struct ingress *ingress, struct request *request,
                          const struct fc_buf *body, const struct wire_document *document);
/* The same, as it was kept. */
void answer_decided(struct ingress *ingress, struct request *request,
                    const struct decided_entry *entry);

#endif
