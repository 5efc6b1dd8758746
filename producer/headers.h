/*
 * The values of the request headers that the contract gives a meaning to, each read out of its
 * text: Prefer (RFC 7240), Idempotency-Key (a structured field's string, RFC 8941, or a bare
 * token), traceparent (W3C Trace Context), Content-Type, X-Request-Id, ids and roles. Pure.
 */
#ifndef FC_PRODUCER_HEADERS_H
#define FC_PRODUCER_HEADERS_H

#include "base/limits.h"
#include "base/str.h"

/* Without the blanks and tabs at both ends. */
struct fc_str header_trim(struct fc_str text);

/* ASCII letters without their case, the rest as it is. */
bool header_eq(struct fc_str a, struct fc_str b);

/* A token (RFC 9110), as the name of a header must be: no blank before the colon. */
bool header_is_token(struct fc_str text);

/* Bytes from 0x21 to 0x7E only, at least one. */
bool header_is_visible(struct fc_str text);

/*
 * Looks for `wait=N` among the preferences of one Prefer line; N is capped at HTTP_WAIT_S_MAX.
 * False when there is none or its value is no number: such a preference is ignored.
 */
FC_MUST_USE bool header_prefer_wait(struct fc_str text, int32_t *ret_wait_s);

/* The key without its quotes, written to `memory` of IDEMPOTENCY_KEY_BYTES_MAX bytes. */
FC_MUST_USE bool header_idempotency_key(struct fc_str text, char *memory, struct fc_str *ret_key);

/* A traceparent that may travel on: version 00, both ids in lower-case hex and not zero. */
bool header_traceparent_is_valid(struct fc_str text);

/* application/json, with no parameter but charset=utf-8. */
bool header_is_json(struct fc_str content_type);

#endif
