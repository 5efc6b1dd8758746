/*
 * Signed messages to another party, as the Standard Webhooks specification has them
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
 * three headers beside the body, webhook-id (the same at every attempt), webhook-timestamp (seconds
 * of the attempt) and webhook-signature ("v1," and base64 of HMAC-SHA256 over
 * "id.timestamp.body"). Only symmetric keys. Pure but for the key, which must stay secret.
 */
#ifndef FC_OUTGOING_WEBHOOK_H
#define FC_OUTGOING_WEBHOOK_H

#include "base/err.h"
#include "base/str.h"
#include "base/time.h"

/* Of a key, as the specification bounds it. */
#define WEBHOOK_KEY_BYTES_MIN 24
#define WEBHOOK_KEY_BYTES_MAX 64
/* "whsec_" and the base64 of the longest key. */
#define WEBHOOK_SECRET_TEXT_MAX (6 + (WEBHOOK_KEY_BYTES_MAX + 2) / 3 * 4)
/* "msg_" and 32 hex digits. */
#define WEBHOOK_ID_TEXT_BYTES 36
#define WEBHOOK_HEADER_BYTES_MAX 96

struct webhook_key {
    uint8_t bytes[WEBHOOK_KEY_BYTES_MAX];
    size_t count;
};

/* The headers of one attempt, each a whole "name: value". */
struct webhook_headers {
    char id[WEBHOOK_HEADER_BYTES_MAX];
    char timestamp[WEBHOOK_HEADER_BYTES_MAX];
    char signature[WEBHOOK_HEADER_BYTES_MAX];
};

/* "whsec_" and base64; trouble of cure EXIT that does not quote the secret. */
FC_MUST_USE enum fc_rc webhook_key_parse(struct fc_str secret, struct webhook_key *ret_key,
                                         struct fc_err *ret_err);

/* An id that equal bodies share and no others (of their BLAKE2b-128). */
void webhook_id_of(struct fc_str body, char ret_id[WEBHOOK_ID_TEXT_BYTES + 1]);

/* Signs an attempt `at`; `id` is at most 64 bytes without a dot (asserted). */
void webhook_sign(const struct webhook_key *key, const char *id, struct fc_instant at,
                  struct fc_str body, struct webhook_headers *ret_headers);

#endif
