/*
 * Asks for a command over HTTP until its verdict is there: what was answered 202, because nobody
 * waited or too short, is asked for where its Location says. A verdict is its whole document: of a
 * refusal, which is answered as a problem, it is read from where Content-Location says, and must
 * be the same refusal.
 */
#ifndef FC_TESTS_SUPPORT_OUTSIDE_ASK_H
#define FC_TESTS_SUPPORT_OUTSIDE_ASK_H

#include "support/caller.h"
#include "support/outside.h"
#include "support/told.h"

struct outside_asked {
    int32_t status;  /* of the answer; of a 202, of the document: 200 */
    bool is_late;    /* it was answered 202 */
    bool replayed;   /* as the header said */
    bool is_command; /* false: refused before it became a command */
    char code[64];   /* of the refusal */
    struct told told;
    struct json_object *document; /* to be put by the caller; NULL unless is_command */
};

/* True when the answers are none of the contract, contradict each other, or do not come within
 * two minutes: a sentence. */
bool outside_ask_fails(const struct call *call, struct outside_asked *ret_asked,
                       char ret_why[OUTSIDE_WHY_BYTES]);

#endif
