/*
 * A world for the real cycle and the real core: queues, a database and listeners in memory,
 * several workers, clients, and a fate that breaks things. One seed decides everything, its size
 * and its trouble too; most worlds are small, so that there can be many.
 */
#ifndef FC_SUPPORT_SIM_WORLD_H
#define FC_SUPPORT_SIM_WORLD_H

#include "support/sim_db.h"
#include "support/sim_ingress.h"
#include "support/sim_quorum.h"
#include "support/sim_told.h"
#include "support/sim_totals.h"
#include "support/sim_worker.h"

#define SIM_FAMILY_STATS WIRE_FAMILY_COUNT
#define SIM_WORKERS 3 /* of a family, at most */
#define SIM_PROCESSES (SIM_FAMILIES * SIM_WORKERS)
#define SIM_LINGERING_MAX 64
#define SIM_WHY_BYTES 512

/* Mistakes that the simulation must find: it is shown to find them (tests/sim). */
enum sim_mistake {
    SIM_NO_MISTAKE,
    SIM_NACKS,            /* gives back by basic.nack instead of closing the channel */
    SIM_ACKS_FIRST,       /* acknowledges what it gathers before the commit */
    SIM_COMMITS_UNFENCED, /* the database lets a session commit that has ended */
    SIM_ACKS_UNCONFIRMED, /* acknowledges what was announced before it is confirmed */
    SIM_ACKS_AHEAD,       /* the same, when something that was announced later is */
    SIM_NACKS_UNHEARD,    /* takes a refusal for a confirm */
    SIM_SMALLER_PREFETCH  /* one worker of each family has a prefetch of its own */
};

/* Drawn for each seed. */
struct sim_size {
    int32_t users;
    int32_t products;
    int32_t templates;
    int32_t asks;
    int32_t partitions;
    int32_t workers;
    int32_t prefetch;
    int32_t trouble;      /* of a thousand points in a worker's life so many are its last */
    int32_t poison;       /* of a hundred commands */
    bool forgivable;      /* whoever tries a command alone has trouble often, and does not die */
    int32_t clock_jump_s; /* how far clocks jump; 0: they are right */
};

/* The server has not noticed yet that these have nobody at their other end. */
struct sim_lingering {
    int32_t session; /* 0: it is a channel */
    struct sim_quorum *queue;
    int32_t channel;
};

struct sim_world {
    uint64_t chance;
    enum sim_mistake mistake;
    bool trace;
    bool failed;
    char why[SIM_WHY_BYTES];
    struct sim_totals totals; /* over all seeds */
    struct sim_size size;
    struct fc_instant now;
    bool healed;   /* nothing breaks any more */
    int32_t depth; /* workers that are frozen inside a step, for which the world goes on */
    int32_t last_channel;
    struct fc_arena memory;
    struct sim_quorum queues[SIM_FAMILIES][SIM_PARTITIONS];
    struct sim_db db;
    struct sim_worker workers[SIM_PROCESSES];
    struct sim_ingress ingress;
    struct sim_told told;
    struct sim_lingering lingering[SIM_LINGERING_MAX];
    int32_t lingering_count;
};

/* Runs one seed to its end and checks every invariant; false with the reason in world->why. */
bool sim_world_run(struct sim_world *world, uint64_t seed);

/* Memory of the world and of all its workers, once a process. */
void sim_world_open(struct sim_world *world);
void sim_world_close(struct sim_world *world);

/* Time passes for others while a worker is frozen inside a step. */
void sim_world_go_on(struct sim_world *world);

/* A number below `below`, from the seed. */
uint32_t sim_draw(struct sim_world *world, uint32_t below);
bool sim_percent(struct sim_world *world, uint32_t percent);
void sim_count(struct sim_world *world, enum sim_count what);

/* Something does not hold. The first reason is kept. */
FC_PRINTF(2, 3) void sim_violate(struct sim_world *world, const char *format, ...);

/* A line for those who look at one seed (FIRSTCOME_SIM_TRACE). */
FC_PRINTF(2, 3) void sim_trace(struct sim_world *world, const char *format, ...);

#endif
