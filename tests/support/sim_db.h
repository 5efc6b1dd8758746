/*
 * The database in memory: the committed rows, sessions with their locks, the notes about commands
 * that were tried alone, what was parked, and the listener's counters. What is committed is also
 * applied to a second shop, event by event as the journal has them: the replay.
 */
#ifndef FC_SUPPORT_SIM_DB_H
#define FC_SUPPORT_SIM_DB_H

#include "core/shop.h"
#include "skeleton/command_job.h"
#include "support/sim_lease.h"

#define SIM_USERS 8
#define SIM_PRODUCTS 4
#define SIM_OPTIONS 4
#define SIM_TEMPLATES 3
#define SIM_COUPONS_MAX 256
#define SIM_ORDERS_MAX 512
#define SIM_JOURNAL_MAX 1024
#define SIM_JOURNAL_PLACES 4096 /* a power of two above it */
#define SIM_PARKED_MAX 256
#define SIM_ATTEMPTS_MAX 512

/* Texts live in the database's memory. */
struct sim_row {
    struct fc_uuid command_id;
    char key[ROUTE_KEY_BYTES_MAX];
    int64_t actor_id;
    struct fc_str idempotency_key; /* empty: owns none */
    struct fc_str type;
    struct fc_str body;
    struct fc_str verdict;
    struct fc_str result;
    struct fc_str events;
    int32_t event_count;
    struct fc_instant decided_at;
    bool is_replay;
    struct fc_uuid replay_of;
};

struct sim_parked {
    bool has_id;
    bool decided; /* since: it is set aside no longer */
    struct fc_uuid id;
    struct fc_str bytes; /* of what was no command */
};

/* As the table poison_attempt. */
struct sim_attempt {
    struct fc_uuid command_id;
    int32_t attempts;
};

/* What was sold of an option: as the counters have it, or as the journal says. */
struct sim_sold {
    int64_t pieces;
    int64_t won;
    int64_t cancelled;
};

struct sim_db {
    struct fc_arena *memory; /* of the world, as long as its seed */
    struct sim_leases leases;
    struct wallet wallets[SIM_USERS];
    struct product products[SIM_PRODUCTS];
    struct option options[SIM_OPTIONS];
    struct coupon_template templates[SIM_TEMPLATES];
    struct coupon coupons[SIM_COUPONS_MAX];
    int32_t coupon_count;
    struct order orders[SIM_ORDERS_MAX];
    int32_t order_count;
    struct sim_row journal[SIM_JOURNAL_MAX]; /* in order of decision */
    int32_t journal_count;
    int16_t journal_places[SIM_JOURNAL_PLACES]; /* by the id's hash: row + 1 */
    struct sim_parked parked[SIM_PARKED_MAX];
    int32_t parked_count;
    struct sim_attempt attempts[SIM_ATTEMPTS_MAX];
    int32_t attempt_count;
    struct sim_sold counters[SIM_OPTIONS + 1];
    /* Of the journal's events, in its order: */
    struct shop replayed;
    struct sim_sold sold[SIM_OPTIONS + 1];
    int64_t brought[SIM_OPTIONS + 1]; /* pieces, by option id, from outside */
    int64_t charged;                  /* won, from outside */
    int64_t transferred;              /* won, from outside */
    int32_t event_count;
};

/* Empty. What was in `memory` is forgotten. */
void sim_db_reset(struct sim_db *db, struct fc_arena *memory);
struct fc_str sim_db_keep(struct sim_db *db, struct fc_str text);

const struct sim_row *sim_db_find(const struct sim_db *db, const struct fc_uuid *command_id);
/* Room for the next row, which has this id. */
struct sim_row *sim_db_put(struct sim_db *db, const struct fc_uuid *command_id);
/* Ever, and still. */
bool sim_db_is_parked(const struct sim_db *db, const struct fc_uuid *command_id);
bool sim_db_is_set_aside(const struct sim_db *db, const struct fc_uuid *command_id);

/* The note about a command, or NULL. */
struct sim_attempt *sim_db_attempt(struct sim_db *db, const struct fc_uuid *command_id);
void sim_db_attempt_clear(struct sim_db *db, const struct fc_uuid *command_id);

/* Every row there is into an empty shop, as loaded. */
void sim_db_load(const struct sim_db *db, struct shop *shop);

#endif
