/*
 * What an answer of the data platform says about the events that were sent. Pure.
 */
#ifndef FC_PLATFORM_MEANING_H
#define FC_PLATFORM_MEANING_H

#include "outgoing/http.h"

enum meaning {
    MEANING_TAKEN,
    MEANING_LATER,  /* nothing is wrong with them: the same again, for ever */
    MEANING_REFUSED /* one of them will never be taken */
};

/*
 * 2xx is taken. Refused are the 4xx that speak of what was sent. Everything else is for later: no
 * answer, 5xx, 408, 425 and 429, redirections (webhooks follow none), and the 4xx that speak of the
 * address or of our credentials: 401, 403, 404, 405, 407, 410. A wrong setting must not set a whole
 * day's orders aside.
 */
enum meaning meaning_of(const struct outgoing_answer *answer);

#endif
