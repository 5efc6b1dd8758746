/*
 * Requests that are framed to deceive, and honest ones that look like them. Each deceptive one has
 * a second request in it that must never be taken for one: a charge of TORTURE_EVIL_AMOUNT under
 * the request id TORTURE_EVIL_ID. (tests/security/test_torture.sh looks for it in the journal.)
 */
#ifndef FC_TESTS_SUPPORT_TORTURE_CASES_H
#define FC_TESTS_SUPPORT_TORTURE_CASES_H

#include "base/str.h"

#define TORTURE_EVIL_ID "evil"
#define TORTURE_EVIL_AMOUNT "666000666"

enum torture_wish {
    TORTURE_REFUSED,      /* one 4xx or 505 at most, and the connection ends */
    TORTURE_CUT,          /* the same, when a deadline is over */
    TORTURE_SERVED_ONCE,  /* one answer below 400, and the evil one is its body */
    TORTURE_SERVED_TWICE, /* two answers below 400 */
    TORTURE_REFUSED_ONCE  /* one 4xx; the connection may live on */
};

struct torture_case {
    const char *name;
    enum torture_wish wish;
    struct fc_str text;
};

extern const struct torture_case torture_cases[];
extern const size_t torture_cases_count;

#endif
