/*
 * The contract with a payment gateway (docs/payment-gateway.md): the three things it is asked, as
 * HTTP requests, and what its answers say. Knows no state of a payment and sends nothing.
 */
#ifndef FC_PAYMENT_GATEWAY_H
#define FC_PAYMENT_GATEWAY_H

#include "base/arena.h"
#include "base/id.h"
#include "base/krw.h"
#include "outgoing/http.h"

enum gateway_call {
    GATEWAY_ASK,  /* take this payment; the same order may be asked for again, it is one payment */
    GATEWAY_LOOK, /* what became of it? */
    GATEWAY_VOID, /* never take it, and give back what was taken */
    GATEWAY_CALL_COUNT
};

enum gateway_says {
    GATEWAY_APPROVED,
    GATEWAY_DECLINED,
    GATEWAY_PENDING, /* it has it and does not know yet */
    GATEWAY_VOIDED,  /* it is void for ever, and nothing is kept */
    GATEWAY_UNKNOWN, /* it never heard of the payment */
    GATEWAY_REFUSED, /* the request is wrong and will be; nothing came of it */
    GATEWAY_LATER,   /* it is there and cannot answer now; it may have acted */
    GATEWAY_SILENT,  /* no answer, or none that the contract knows; it may have acted */
    GATEWAY_AWAY,    /* nothing was sent: it cannot have acted */
    GATEWAY_SAYS_COUNT
};

struct gateway_settings {
    char url[512];   /* http://host:port/path, without a slash at the end */
    char token[256]; /* of Authorization: Bearer; empty: none */
    int32_t connect_ms;
    int32_t total_ms;
};

struct gateway_payment {
    struct fc_uuid order_id;
    int64_t user_id;
    struct krw amount;
};

#define GATEWAY_BODY_BYTES_MAX 256
#define GATEWAY_HEADER_BYTES_MAX 320

/* The memory of one request, until its call is over. */
struct gateway_memory {
    char body[GATEWAY_BODY_BYTES_MAX];
    char key[GATEWAY_HEADER_BYTES_MAX];
    char bearer[GATEWAY_HEADER_BYTES_MAX];
};

void gateway_request(const struct gateway_settings *settings, enum gateway_call call,
                     const struct gateway_payment *payment, struct gateway_memory *memory,
                     struct outgoing_request *ret_request);

struct gateway_answer {
    enum gateway_says says;
    int32_t retry_after_s;    /* -1: it does not say */
    struct fc_str payment_id; /* the gateway's name for it; empty: none */
    struct fc_str reason;     /* of what is not approved; may be empty */
    struct fc_str trouble;    /* for the log, where it is no answer of the contract */
};

/* What it says of that order: an answer that names another one, or none, is none. Texts are copied
 * into the arena, which may fill up: they are empty then. */
struct gateway_answer gateway_answer_read(enum gateway_call call, const struct fc_uuid *order_id,
                                          const struct outgoing_answer *answer,
                                          struct fc_arena *arena);

const char *gateway_call_name(enum gateway_call call);
const char *gateway_says_name(enum gateway_says says);

#endif
