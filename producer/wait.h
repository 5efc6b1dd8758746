/*
 * Who waits for the verdict of which command. A wait is on exactly one list: at rest, or in the
 * round (one query for many ids) that looks for its command at this moment. Found by command id
 * when a verdict arrives, by time when a look or the deadline is due. Memory is the caller's; time
 * is an argument. Pure.
 */
#ifndef FC_PRODUCER_WAIT_H
#define FC_PRODUCER_WAIT_H

#include "base/id.h"
#include "host/clock.h"

/* Looks follow each other at growing intervals; behind a reply queue they are only a net. */
#define WAIT_LOOK_MS_MIN 20
#define WAIT_LOOK_MS_MAX 250
#define WAIT_REPLY_LOOK_MS_MIN 1000
#define WAIT_REPLY_LOOK_MS_MAX 5000

enum wait_kind {
    WAIT_NONE,   /* on no list */
    WAIT_ONCE,   /* one look, then an answer whatever it showed */
    WAIT_LOOK,   /* until the verdict or the deadline, by looking */
    WAIT_REPLY,  /* the same, and a reply is expected at our queue */
    WAIT_STREAM, /* as WAIT_LOOK; the answer has begun */
    WAIT_KIND_COUNT
};

struct wait {
    enum wait_kind kind;
    struct fc_uuid command_id;
    struct fc_mono deadline;
    struct fc_mono look_at;
    int32_t look_ms;
    struct wait *bucket_next;
    struct wait *next; /* on its list, a ring with the list's head in it */
    struct wait *previous;
    void *owner; /* whose wait it is */
};

struct wait_table {
    struct wait **buckets; /* 2^n of them */
    uint32_t mask;
    struct wait rest;         /* head of those that no query looks for now */
    struct fc_mono look_next; /* no earlier look is due at rest */
    int32_t count;
};

/* A list of one query; the caller has a few of them. */
struct wait_round {
    struct wait list; /* head */
    bool under_way;
};

/* `buckets`: zeroed, a power of two of them. */
void wait_table_init(struct wait_table *table, struct wait **buckets, uint32_t count);
void wait_round_init(struct wait_round *round);

/* Puts it at rest; the first look is due at once, but for WAIT_REPLY. */
void wait_add(struct wait_table *table, struct wait *wait, enum wait_kind kind,
              const struct fc_uuid *command_id, struct fc_mono now);

/* From whatever list it is on; nothing to do for WAIT_NONE. */
void wait_remove(struct wait_table *table, struct wait *wait);

/* The waits for a command one after another: `after` is NULL at first. Removing one that was
 * returned is allowed once its successor has been asked for. */
struct wait *wait_find(const struct wait_table *table, const struct fc_uuid *command_id,
                       const struct wait *after);

bool wait_look_is_due(const struct wait_table *table, struct fc_mono now);

/* Moves at most `count_max` that are due from rest to the round; the number of them. */
int32_t wait_round_gather(struct wait_table *table, struct wait_round *round, int32_t count_max,
                          struct fc_mono now);

/* Back to rest, to be looked for again later than the last time. */
void wait_rest(struct wait_table *table, struct wait *wait, struct fc_mono now);

/* All at rest that are no WAIT_ONCE become due at once: their replies may have been lost. */
void wait_hurry(struct wait_table *table, struct fc_mono now);

/* The first on the list after `after` (NULL: from its head), or NULL. */
struct wait *wait_list_next(const struct wait *list, const struct wait *after);

#endif
