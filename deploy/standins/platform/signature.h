/*
 * Whether a message is signed as the Standard Webhooks specification has it
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 * Written from that page, not from what signs, so that each is a test of the other.
 */
#ifndef FC_STANDINS_SIGNATURE_H
#define FC_STANDINS_SIGNATURE_H

#include "base/err.h"
#include "base/str.h"
#include "base/time.h"

#define SIGNATURE_KEY_BYTES_MAX 64
/* How far the sender's clock may be from ours. */
#define SIGNATURE_TOLERANCE_S 300

struct signature_key {
    unsigned char bytes[SIGNATURE_KEY_BYTES_MAX];
    size_t count;
};

/* What came with a message. */
struct signed_message {
    struct fc_str id;
    struct fc_str timestamp;
    struct fc_str signatures; /* one or more, separated by spaces */
    struct fc_str body;
};

/* "whsec_" and base64. */
FC_MUST_USE enum fc_rc signature_key_parse(struct fc_str secret, struct signature_key *ret_key,
                                           struct fc_err *ret_err);

/* NULL when it is good, else what is wrong with it. */
const char *signature_check(const struct signature_key *key, const struct signed_message *message,
                            struct fc_instant now);

#endif
