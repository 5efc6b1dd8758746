/*
 * The job that all command queues share: take parses messages into commands, commit recalls what
 * is decided already and decides the rest in order in one transaction, announce tells verdicts and
 * events. Where nothing speaks for a repeat the journal is not asked before (a hopeful batch): it
 * refuses a repeat's row, and the batch is done again with asking. What a command means and where
 * its rows are is behind the store port and the decide function; this part knows identity (command
 * id, idempotency key), order, and the journal row.
 */
#ifndef FC_SKELETON_COMMAND_JOB_H
#define FC_SKELETON_COMMAND_JOB_H

#include "mq/publisher.h"
#include "skeleton/cycle.h"
#include "wire/command.h"
#include "wire/document.h"

enum slot_state {
    SLOT_OPEN,     /* to be decided */
    SLOT_RECALLED, /* the journal has it */
    SLOT_DECIDED,  /* decided in this transaction: a row to record */
    SLOT_SAME,     /* the same id stands earlier in the batch */
    SLOT_PARKED    /* killed its workers, or the database will not have it: set aside */
};

/* One command and what came of it. Views live in the batch's arena. */
struct command_slot {
    const struct wire_command *asked;
    int32_t partition;
    bool misrouted; /* stands in a queue that its key does not lead to: nothing is loaded for it */
    enum slot_state state;
    int32_t same_as; /* SLOT_SAME: index of the earlier one */
    struct fc_instant decided_at;
    struct fc_str verdict;     /* problem code of a refusal; empty for a success */
    struct fc_str result;      /* JSON: result or problem */
    struct fc_str events;      /* short forms (wire/event.h); empty: none */
    struct fc_str traceparent; /* of the first time it was asked */
    int64_t user_id;           /* whose history it belongs to; 0: nobody's; set when decided */
    bool owns_key;             /* its idempotency key is its own from now on */
    bool is_replay;
    struct fc_uuid replay_of;
    bool doubtful; /* the journal, which was not asked, has to say whether it is a repeat */
    struct fc_str parked_why; /* SLOT_PARKED */
};

struct command_slots {
    struct command_slot *items;
    int32_t count;
};

struct command_reject {
    const struct wire_reject *reject;
    int32_t partition;
    int64_t delivery_count;
};

/* Who owns an idempotency key that is asked for. */
struct key_owner {
    int64_t actor_id;
    struct fc_str key;
    struct fc_uuid command_id;
    struct fc_str type;
    struct fc_str body; /* empty where none of its length was asked for */
    struct fc_str verdict;
    struct fc_str result;
};

/* The part of a batch that one transaction takes: all of it, or one command in careful mode. */
struct command_range {
    struct fc_arena *arena;
    struct fc_instant now;
    struct command_slot *slots;
    int32_t slot_count;
    const struct command_reject *rejects; /* to be parked with it */
    int32_t reject_count;
    bool careful;             /* its attempts are forgotten with the commit */
    bool ask;                 /* the load looks for repeats; else the store must refuse them */
    bool begun;               /* the transaction stands: this load is its second */
    bool repeated;            /* the store's: it failed, since the journal has one of these */
    struct key_owner *owners; /* the store's load fills these */
    int32_t owner_count;
};

/* The transaction, and the rows that commands touch. */
struct command_store {
    void *arg;
    /*
     * Begins a transaction, unless it has begun; where the range asks, marks slots that the journal
     * has (SLOT_RECALLED, with all that is recorded) and lists the owners of the asked keys; brings
     * every row the open slots can touch. With `locked` rows are locked at once: the last try met
     * somebody else's change.
     */
    enum fc_rc (*load)(void *arg, struct command_range *range, bool locked, struct fc_err *ret_err);
    /* Decides one open slot on the loaded rows: sets verdict, result, events; or nothing, and that
     * it is doubtful, where the journal was not asked and a row says that it was decided before. */
    void (*decide)(void *arg, const struct command_range *range, struct command_slot *slot);
    /* Writes journal rows of decided slots, which tell repeats before any guard does, parked rows,
     * changed rows; commits. */
    enum fc_rc (*store)(void *arg, struct command_range *range, struct fc_err *ret_err);
    /* Notes, in a transaction of its own, that a command is tried alone; how often it was. */
    enum fc_rc (*attempt)(void *arg, const struct fc_uuid *command_id, int32_t *ret_attempts,
                          struct fc_err *ret_err);
    /* Takes such a note back: the worker had trouble with the command and did not die of it. */
    enum fc_rc (*forgive)(void *arg, const struct fc_uuid *command_id, struct fc_err *ret_err);
};

/* Where announcements go. */
struct announce_port {
    void *arg;
    enum fc_rc (*put)(void *arg, const struct mq_message *message, struct fc_err *ret_err);
    /* Sends what was put, without waiting. */
    enum fc_rc (*send)(void *arg, struct fc_err *ret_err);
    /* Waits until all that was put is confirmed. */
    enum fc_rc (*wait)(void *arg, struct fc_err *ret_err);
};

struct command_stats {
    int64_t succeeded;
    int64_t refused;
    int64_t recalled;
    int64_t parked;
    int64_t conflicts;  /* transactions decided again because of somebody else's change */
    int64_t hopes_lost; /* … because of a repeat that the journal was not asked for */
};

struct command_job {
    struct command_store store;
    struct announce_port announcer;
    enum wire_family family;
    int32_t partitions;
    struct command_stats stats; /* counted up at each settled commit */
    /* what is committed and not yet announced */
    struct command_slots owed[CARRY_BATCHES_MAX];
    int32_t owed_count;
    /* the batch in hand */
    struct command_slot *slots;
    int32_t slot_count;
    struct command_reject *rejects;
    int32_t reject_count;
    int32_t reject_count_max;
    size_t mark; /* of the arena, behind the gathered: a retry starts from here */
    bool marked;
    bool came_again;      /* a delivery of it, so that its commands may be in the journal */
    bool locked;          /* the next try locks early */
    int32_t careful_next; /* careful mode: the command to be tried */
    int32_t attempts;     /* how often it was tried, 0: not noted yet */
    int32_t tries;        /* that ended at a rule of the schema, though rows were locked */
    bool refused;         /* careful mode: the database will not have the command to be tried … */
    char refusal[288];    /* … and says so */
    /* over batches */
    bool has_survived;
    struct fc_uuid survived; /* whose attempt is to be taken back */
    int32_t refused_in_a_row;
    int32_t asks_left; /* batches to come that ask, since repeats were met lately … */
    int32_t asks;      /* … which were so many then */
    int64_t hoped;     /* hopeful batches that went well since */
};

/* The port to give to the cycle; `job` must outlive it. */
struct job_port command_job_port(struct command_job *job);

#endif
