/*
 * A client of the ingress from outside: one HTTP request at a time over libcurl, and nothing of the
 * system's own code but the contract's headers. Blocks until the answer is there.
 */
#ifndef FC_TESTS_SUPPORT_CALLER_H
#define FC_TESTS_SUPPORT_CALLER_H

#include "base/str.h"

#define CALLER_PATH_BYTES 256
#define CALLER_ANSWER_BYTES (4 * 1024 * 1024)

struct call {
    const char *method;
    char path[CALLER_PATH_BYTES]; /* "/v1/orders", with the query */
    struct fc_str body;           /* JSON; empty: none */
    int64_t user_id;              /* X-User-Id; 0: nobody */
    bool admin;
    char idempotency_key[64]; /* empty: none */
    int32_t wait_s;           /* Prefer: wait; 0: none */
};

struct answer {
    int32_t status;
    struct fc_str body; /* until the next call */
    char location[CALLER_PATH_BYTES];
    char content_location[CALLER_PATH_BYTES]; /* of a verdict: where its command's document is */
    bool replayed;                            /* Idempotency-Replayed: true */
};

/* `url` as in FIRSTCOME_URL; at most one is open. `waiting` is called every second or so while an
 * answer is waited for; it may be NULL. False: out of memory. */
FC_MUST_USE bool caller_open(const char *url, void (*waiting)(void));
void caller_close(void);

/* False when there is no answer: *ret_trouble says why. */
FC_MUST_USE bool caller_ask(const struct call *call, struct answer *ret_answer,
                            const char **ret_trouble);

#endif
