/*
 * Documents of decided commands, as they were read from the journal, for those who ask again. What
 * stands in the journal does not change any more, so that such an answer needs no database.
 *
 * Fixed memory, taken at start and touched as it is used: sets of a few places, found by command
 * id; in a full set the one read longest ago makes room. What does not fit a place is not kept.
 * An entry counts on the connection to the database on which it was read, and for DECIDED_S_MAX:
 * behind a restored database or a removed row nothing old is told for longer. No clock, no I/O.
 */
#ifndef FC_PRODUCER_DECIDED_H
#define FC_PRODUCER_DECIDED_H

#include "base/err.h"
#include "base/id.h"
#include "host/clock.h"

#define DECIDED_S_MAX 60
/* Sets, a power of two, and places in each. */
#define DECIDED_SETS 1024
#define DECIDED_WAYS 4
/* An order's document is of some 400 bytes, a refusal's of 500; a product's with its options is not
 * asked for again and again. */
#define DECIDED_TEXT_BYTES_MAX 704

/* What the journal's row tells beside the document. */
struct decided_facts {
    struct fc_uuid command_id;
    int64_t actor_id; /* who sent it, 0: nobody */
    int64_t user_id;  /* who stands in it, 0: nobody */
    bool is_replay;
};

/* Which connection to the database it is, and when. */
struct decided_stamp {
    uint32_t generation;
    struct fc_mono at;
};

struct decided_entry {
    struct decided_facts facts;
    struct decided_stamp read;
    uint32_t len; /* 0: a free place */
    char text[DECIDED_TEXT_BYTES_MAX];
};

struct decided {
    struct decided_entry *entries; /* heap: at start */
};

FC_MUST_USE enum fc_rc decided_open(struct decided *decided, struct fc_err *ret_err);
/* Accepts one that was never opened. */
void decided_close(struct decided *decided);

/* Who sent a command, or stands in it, may see what became of it; an administrator, too. */
bool decided_may_see(const struct decided_facts *facts, bool admin, int64_t user_id);

/* Keeps the document of a row of the journal, in place of what there was of this command. */
void decided_keep(struct decided *decided, const struct decided_facts *facts, struct fc_str text,
                  struct decided_stamp now);

/* The entry, until the next one is kept; NULL: the database has to be asked. Whoever is shown it
 * must be allowed to see it. */
const struct decided_entry *decided_find(const struct decided *decided,
                                         const struct fc_uuid *command_id,
                                         struct decided_stamp now);

#endif
