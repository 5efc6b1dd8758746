/*
 * Any request: one that the contract (docs/openapi.json) has, with path, parameters, headers and
 * body of a client who means well, or spoiled in one of many ways; and whether an answer to it is
 * one that the contract has. One seed gives the same requests again, but for the ids that earlier
 * answers gave. Used by one thread.
 */
#ifndef FC_TESTS_SUPPORT_WILD_H
#define FC_TESTS_SUPPORT_WILD_H

#include "support/torture_wire.h"

#define WILD_CODES_MAX 40
#define WILD_STATUSES_MAX 6

/* A path and method of the contract. */
struct wild_operation {
    char method[8];                      /* POST */
    char path[64];                       /* /v1/users/{user_id}/charges */
    int32_t statuses[WILD_STATUSES_MAX]; /* of success */
    int32_t status_count;
    char codes[WILD_CODES_MAX][32]; /* of problems */
    int32_t code_count;
};

/* Reads the contract; ends the process when it cannot. */
void wild_contract_open(const char *path);
int32_t wild_operation_count(void);
const struct wild_operation *wild_operation(int32_t index);

struct wild_request {
    const struct wild_operation *operation;
    bool spoiled_path; /* it may have become another operation's, or none's */
    bool spoiled_head; /* a stray byte in a header: refused whatever it asks for */
    struct fc_str text;
};

/* The next request; its text lives until the one after it. */
void wild_next(uint64_t *seed, struct wild_request *ret_request);

/* What is learned of an answer: ids to ask for. */
void wild_learn(struct fc_str body);

/* NULL when it may be answered so; else what is wrong with it. */
const char *wild_judge(const struct wild_request *request, const struct torture_answer *answer);

uint64_t wild_draw(uint64_t *seed, uint64_t below);

/* The body of a client who means well; "" where there is none. And something done to it. */
void wild_body_put(struct fc_buf *buf, const struct wild_operation *operation, uint64_t *seed);
void wild_body_spoil(struct fc_buf *buf, uint64_t *seed);
void wild_uuid_put(struct fc_buf *buf, uint64_t *seed);

#endif
