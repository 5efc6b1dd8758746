/*
 * A world for the real cycle and the real core: queues, a database and listeners in memory,
 * several workers, clients, and a fate that breaks things. One seed decides everything.
 */
#ifndef FC_SUPPORT_SIM_WORLD_H
#define FC_SUPPORT_SIM_WORLD_H

#include "support/sim_db.h"
#include "support/sim_queue.h"

#define SIM_WORKERS 3
#define SIM_PARTITIONS 3
#define SIM_ASKED_MAX 512
#define SIM_TOLD_MAX 4096

/* What a client asked and had accepted, in order of acceptance. */
struct sim_asked {
    struct fc_uuid id;
    char key[ROUTE_KEY_BYTES_MAX];
    enum wire_family family;
    bool repeats; /* same id as an earlier one */
};

/* A counter of what the listeners heard, events by id. */
struct sim_told {
    struct fc_uuid event_id;
    int64_t times;
};

struct sim_worker {
    struct sim_world *world;
    enum wire_family family;
    bool holds[SIM_PARTITIONS];
    int32_t next_source; /* where the next delivery is looked for */
    struct fc_arena arena;
    struct cycle cycle;
    struct command_job job;
    struct sim_session session;
    int32_t pending; /* announcements put and not yet confirmed */
    char *pending_bytes[64];
    size_t pending_len[64];
    bool pending_is_event[64];
};

/* What happened over all seeds of a run: a simulation in which nothing happens shows nothing. */
struct sim_totals {
    int64_t succeeded;
    int64_t refused;
    int64_t recalled;
    int64_t parked;
    int64_t conflicts;
    int64_t replays;
    int64_t orders[ORDER_STATUS_COUNT]; /* by their last status */
    int64_t coupons;
    int64_t falls;
    int64_t told_again;
};

struct sim_world {
    uint64_t chance;
    struct sim_totals totals;
    struct fc_instant now;
    struct sim_queue queues[WIRE_FAMILY_COUNT][SIM_PARTITIONS];
    struct sim_db db;
    struct sim_worker workers[WIRE_FAMILY_COUNT * SIM_WORKERS];
    struct sim_asked asked[SIM_ASKED_MAX];
    int32_t asked_count;
    struct sim_told told[SIM_TOLD_MAX];
    int32_t told_count;
    int32_t trouble; /* percent of steps that something happens to; 0 at the end */
    bool nested;     /* a commit within a commit */
    uint32_t id_count;
};

/* Runs one seed to its end and checks every invariant; false with the reason in `ret_why`. */
bool sim_world_run(struct sim_world *world, uint64_t seed, char ret_why[256]);

/* Memory of all workers' arenas, once a process. */
void sim_world_open(struct sim_world *world);
void sim_world_close(struct sim_world *world);

/* A number below `below`, from the seed. */
uint32_t sim_draw(struct sim_world *world, uint32_t below);
bool sim_percent(struct sim_world *world, uint32_t percent);

#endif
