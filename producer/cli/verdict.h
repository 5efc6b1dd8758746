/*
 * What an answer of the ingress says about a command: a command document, the plain 202, or a
 * problem, read into the few members that the command line acts on. Pure.
 */
#ifndef FC_CLI_VERDICT_H
#define FC_CLI_VERDICT_H

#include "base/id.h"
#include "base/str.h"

enum cli_verdict_state {
    CLI_VERDICT_ACCEPTED, /* not decided yet */
    CLI_VERDICT_SUCCEEDED,
    CLI_VERDICT_REFUSED,
    CLI_VERDICT_PARKED
};

struct cli_verdict {
    enum cli_verdict_state state;
    struct fc_uuid command_id; /* zero when the answer named none */
    char code[64];             /* of a refusal */
    char detail[200];          /* its sentence */
    /* Of the result, 0 where it has no such member. */
    int64_t position;
    int64_t template_id;
    struct fc_uuid coupon_id;
};

/* False when the bytes are neither a document nor a problem. */
FC_MUST_USE bool cli_verdict_parse(struct fc_str body, struct cli_verdict *ret_verdict);

#endif
