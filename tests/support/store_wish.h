/*
 * Orders as the users of a large shop ask for them (tests/bench/history/fill founds one: users and
 * options from 1 on, without gaps), for measuring the store without broker and HTTP. Who asks is
 * drawn at random, of the partitions that one process holds; ids run on as the ingress's do.
 */
#ifndef FC_SUPPORT_STORE_WISH_H
#define FC_SUPPORT_STORE_WISH_H

#include "base/id.h"
#include "base/limits.h"
#include "base/time.h"
#include "host/ticket.h"

#define STORE_WISHES_MAX BATCH_COMMANDS_SOFT_MAX
#define STORE_LINES_MAX 2
#define STORE_PARTITIONS 16

struct store_wish {
    struct fc_uuid id;
    struct fc_instant accepted_at;
    int64_t user_id;
    int32_t partition;
    int32_t line_count;                  /* of one piece each */
    int64_t option_ids[STORE_LINES_MAX]; /* ascending */
    char key[ROUTE_KEY_BYTES_MAX];       /* user:7 */
    char idempotency_key[FC_UUID_TEXT_BYTES + 1];
};

struct store_crowd {
    int64_t user_count;
    int64_t option_count; /* 1: everybody wants the same one */
    int32_t process;      /* of `processes`: holds each partition with that remainder */
    int32_t processes;
};

struct store_asker {
    struct store_crowd crowd;
    struct fc_ticket ticket;
    uint64_t state;
    int64_t *users; /* owned; those of partition p from begin[p] to begin[p + 1] */
    int64_t begin[STORE_PARTITIONS + 1];
    int32_t partition; /* the last that was asked of */
};

/* Takes memory, kept until store_asker_close. */
void store_asker_open(struct store_asker *asker, const struct store_crowd *crowd);
void store_asker_close(struct store_asker *asker);

/* The next `count` wishes; each `together` of them, as one message holds them, are of one
 * partition. */
void store_ask(struct store_asker *asker, int32_t together, struct store_wish *wishes,
               int32_t count);

/* The body of its command, canonical. */
void store_wish_body_put(struct fc_buf *buf, const struct store_wish *wish);
/* The whole command, as the ingress writes it for a client that waits for the verdict. */
void store_wish_command_put(struct fc_buf *buf, const struct store_wish *wish);

#endif
