/*
 * The connections of the load tool: opened, used in turn, closed and opened anew. What goes over
 * them is load_wire.h's business.
 */
#ifndef FC_CLI_LOAD_LANE_H
#define FC_CLI_LOAD_LANE_H

#include "host/clock.h"
#include "producer/cli/load_target.h"

/* Connections that are on their way at once: a listener's queue has an end. */
#define LOAD_CONNECTING_MAX 128

enum load_lane_state {
    LOAD_LANE_CLOSED,
    LOAD_LANE_CONNECTING,
    LOAD_LANE_IDLE,
    LOAD_LANE_TAKEN, /* about to be sent on */
    LOAD_LANE_BUSY
};

struct load_lane {
    int fd; /* -1: none */
    enum load_lane_state state;
    uint32_t generation;  /* of its connection: events of the one before are none of its */
    bool ending;          /* the other side sends no more: what is under way is the last */
    struct fc_mono since; /* that it connects, or that its request was sent */
    char *kept;           /* of an answer that is not complete; NULL: never needed */
    size_t kept_len;
    int64_t arrived; /* of the answer, kept or not */
};

struct load_lanes {
    struct load_targets targets;
    struct load_lane *items;
    int32_t count;
    int epoll_fd;
    int32_t *ring; /* idle lanes in turn */
    int32_t ring_at;
    int32_t ring_count;
    int32_t connecting;
    int32_t connected;
    int64_t unconnected; /* attempts that failed */
    char trouble[160];   /* the last of them */
};

/* All closed. False without memory. */
FC_MUST_USE bool load_lanes_init(struct load_lanes *lanes, int32_t count);

/* Begins to connect a closed lane; its events carry its number, and its generation above that. */
void load_lane_connect(struct load_lanes *lanes, int32_t index);
/* Its socket says that connecting is over: it is idle, or closed. */
void load_lane_connected(struct load_lanes *lanes, int32_t index);
/* Connecting failed, for that errno. */
void load_lane_unconnected(struct load_lanes *lanes, int32_t index, int sys);

/* It waits for its turn. */
void load_lane_idle(struct load_lanes *lanes, int32_t index);
/* The next in turn, which is TAKEN then; -1: none is idle. */
int32_t load_lanes_take(struct load_lanes *lanes);
/* Whatever state it is in. */
void load_lane_close(struct load_lanes *lanes, int32_t index);

#endif
