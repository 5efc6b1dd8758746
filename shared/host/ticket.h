/*
 * Gives out command ids and knows them again: UUIDv8 in order of time (base/id.h) with a
 * SipHash-2-4 MAC (Aumasson and Bernstein, 2012; libsodium's crypto_shorthash) of 32 bits. All
 * ingresses share the key. A MAC of 32 bits keeps strangers from having their inventions looked
 * up as ours; it guards no secret.
 *
 * The 30 bits of chance are drawn once a process: within it millisecond and count keep ids apart,
 * and two processes only ever meet if they drew the same number of a thousand million. Drawn
 * anew for each id, ten busy ingresses would give the same id to two commands within a day.
 */
#ifndef FC_HOST_TICKET_H
#define FC_HOST_TICKET_H

#include "base/err.h"
#include "base/id.h"

#define FC_TICKET_KEY_BYTES 16

struct fc_ticket {
    unsigned char key[FC_TICKET_KEY_BYTES];
    int64_t last_ms; /* ids never go back, even when the clock does */
    uint32_t count;  /* ids given in that millisecond */
    uint32_t chance; /* the same in all ids of this process */
};

/* `key_hex` is 32 hex digits. */
FC_MUST_USE enum fc_rc fc_ticket_init(struct fc_ticket *ticket, const char *key_hex,
                                      struct fc_err *ret_err);

/* The next id; `now` is 1970 or later. More than 4,096 in a millisecond move on to the next one. */
struct fc_uuid fc_ticket_next(struct fc_ticket *ticket, struct fc_instant now);
bool fc_ticket_is_ours(const struct fc_ticket *ticket, const struct fc_uuid *id);

/* Equal in a time that does not depend on where they differ. */
bool fc_secret_eq(struct fc_str a, struct fc_str b);

#endif
