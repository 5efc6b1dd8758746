/*
 * A client of the chaos suite at work: pursues wishes until each has its answer, over HTTP and as a
 * producer, and until everything that was accepted has its verdict, whatever breaks meanwhile. Each
 * wish is an op; each request or message that asks for it is a try of it (support/history.h, which
 * gets all that happens). A command id that was accepted is watched until it is decided. There is
 * one of it, with a bounded number of ops and watches; it waits in one place only.
 */
#ifndef FC_TESTS_SUPPORT_CHAOS_LOAD_H
#define FC_TESTS_SUPPORT_CHAOS_LOAD_H

#include "support/chaos_amqp.h"
#include "support/chaos_choose.h"
#include "support/chaos_due.h"
#include "support/chaos_http.h"
#include "support/chaos_tally.h"
#include "support/history.h"

#define CHAOS_OPS_MAX 1024
#define CHAOS_WATCHES_MAX 4096
/* Ops that are over and may be repeated late. */
#define CHAOS_PAST_MAX 512
#define CHAOS_NAME_BYTES 32

enum chaos_next {
    CHAOS_NEXT_WISH,
    CHAOS_NEXT_LATER, /* not before something that is open is over */
    CHAOS_NEXT_END
};

struct chaos_source {
    /* `open`: ops that have no answer, and commands that have no verdict. */
    enum chaos_next (*next)(void *arg, int64_t open, struct chaos_wish *ret_wish,
                            struct chaos_manner *ret_manner);
    void *arg;
    int64_t per_s;      /* wishes, 1 or more */
    int64_t seconds;    /* 0: until it has no more, or the process is asked to stop */
    int64_t drain_s;    /* so long it may take afterwards to get all answers and verdicts */
    bool may_come_late; /* ops that are over are repeated at times */
};

struct chaos_op {
    bool used;
    bool keyed;
    bool over_amqp;
    bool answered; /* it needs no more tries */
    bool accepted; /* over AMQP: confirmed once */
    int32_t attempts;
    int32_t flying; /* tries under way */
    int32_t wait_s;
    int32_t patience_ms;
    int32_t url;
    int64_t number;
    int64_t copy_of;
    int64_t sent_us;               /* the first try */
    struct fc_uuid id;             /* over AMQP */
    struct fc_instant accepted_at; /* over AMQP */
    struct fc_backoff backoff;
    struct chaos_wish wish;
};

struct chaos_watch {
    bool used;
    bool flying;
    bool decided; /* it is told once more, to see whether it stays the same */
    bool succeeded;
    char code[48];
    int32_t attempt;
    int64_t number; /* the op's */
    int64_t sent_us;
    struct fc_uuid id;
    struct fc_backoff backoff;
    struct chaos_wish wish;
};

struct chaos_lane {
    bool is_poll;
    bool flying;
    int32_t slot; /* of the op, of the watch */
    int32_t attempt;
    int64_t sent_us;
};

/* Which of an array's places are free. */
struct chaos_free {
    int32_t count; /* free ones */
    int32_t slots[CHAOS_DUE_SLOTS];
};

struct chaos_load {
    FILE *history;
    struct chaos_choice choice;
    struct chaos_tally tally;
    char
        name[CHAOS_NAME_BYTES]; /* begins all idempotency keys, so that they are this run's alone */
    bool has_broker;
    bool history_failed; /* the disk is full: nothing that came after is proven */
    bool draining;
    int32_t poll_max; /* lanes that may ask for verdicts at a time */
    int32_t polls_flying;
    int64_t op_count;
    struct chaos_lane lanes[CHAOS_LANES_MAX];
    struct chaos_free free_ops;
    struct chaos_op ops[CHAOS_OPS_MAX];
    struct chaos_due op_due; /* when to try, or to lose patience */
    struct chaos_free free_watches;
    struct chaos_watch watches[CHAOS_WATCHES_MAX];
    struct chaos_due watch_due; /* when to ask */
    int32_t past_count;
    struct chaos_op past[CHAOS_PAST_MAX];
};

extern struct chaos_load chaos_load;

/* Before anything else; HTTP must be open, and the broker when `has_broker`. `history`, `choice`
 * and `name` are the caller's to set, before or after. */
void chaos_load_init(int32_t lane_count, bool has_broker);

/* Until the source has no more, its time is over or the process is asked to stop, and then until
 * all is answered and decided, `drain_s` at most. `wake_fd` is readable when the process was asked
 * to stop. */
void chaos_load_run(const struct chaos_source *source, int wake_fd);

/* What the producer's connections call. */
void chaos_load_settled(void *arg, int64_t tag, bool confirmed);
void chaos_load_verdict(void *arg, const struct told *told, struct json_object *document);

/* --- for the files that make up this one only ------------------------------------------------- */

int32_t chaos_free_take(struct chaos_free *free);
void chaos_free_give(struct chaos_free *free, int32_t slot);
int64_t chaos_now_us(void);
void chaos_write(const struct history_line *line);

/* Tries (chaos_load_try.c). */
void chaos_op_begin(const struct chaos_wish *wish, const struct chaos_manner *manner);
/* One that is over, once more; false when there is none. */
bool chaos_op_again(void);
void chaos_op_due(int32_t slot);
void chaos_op_answered(const struct chaos_lane *lane, const struct chaos_answer *answer);
/* The time is over: a message that is under way is lost. */
void chaos_op_abandon(struct chaos_op *op);
int32_t chaos_op_slot(const struct chaos_op *op);
void chaos_op_due_in(const struct chaos_op *op, int64_t us);
/* Empty: it has none. */
void chaos_op_key(const struct chaos_op *op, char ret_key[64]);
/* The command that is asked for; what it points at lives until the next one. */
void chaos_op_command(const struct chaos_op *op, struct command *ret_command);
/* Written down before a byte of it leaves. */
void chaos_op_begin_try(struct chaos_op *op, const struct command *command);
struct history_line chaos_op_line(const struct chaos_op *op, int32_t attempt,
                                  enum history_what what);
void chaos_op_lose(const struct chaos_op *op, int32_t attempt);
void chaos_op_end(struct chaos_op *op);

/* The same of a producer's messages (chaos_load_amqp.c). */
void chaos_amqp_due(struct chaos_op *op);

/* Verdicts (chaos_load_watch.c). */
void chaos_watch_begin(const struct chaos_op *op, const struct chaos_lane *lane,
                       const struct fc_uuid *id);
void chaos_watch_due(int32_t slot);
/* From now on nothing is asked a second time. */
void chaos_watch_drain(void);
void chaos_watch_answered(const struct chaos_lane *lane, const struct chaos_answer *answer);

/* A verdict is told for the first time: it is written down, counted and learnt from. */
struct chaos_decided {
    const struct chaos_wish *wish;
    int64_t number;
    int32_t attempt;
    int64_t sent_us;
    struct fc_uuid id;
    bool succeeded;
    bool replayed;
    const char *code;
    struct json_object *body; /* the result, or the problem */
};

void chaos_decide(const struct chaos_decided *decided);
/* What is told of it, into the four members behind `id`. */
void chaos_decided_fill(struct chaos_decided *decided, const struct told *told,
                        struct json_object *problem);

#endif
