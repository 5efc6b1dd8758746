/*
 * The connections there are, and since when each does what it does. The HTTP library's own timeout
 * counts silence only: a client that drips a byte now and then would stay for ever. Here a
 * request has to be complete, and an answer taken, within a bound.
 *
 * Before there are too many, the one that has been idle for longest is closed, as HTTP allows at
 * any time; where none is idle, the slowest in sending its request. So whoever comes new is heard.
 */
#ifndef FC_PRODUCER_CLIENTS_H
#define FC_PRODUCER_CLIENTS_H

#include "base/err.h"
#include "host/clock.h"

/* Between two requests a connection may be kept alive that long; also the bound for answers. */
#define CLIENT_IDLE_MS_MAX 30000
/* One that is no quicker with its request makes room for others. */
#define CLIENT_SLOW_MS 2000

enum client_phase {
    CLIENT_IDLE,    /* between two requests; its first byte may have come unseen */
    CLIENT_READING, /* a request has begun and is not complete; a new connection, too */
    CLIENT_SERVED,  /* waits for us: no bound of its own */
    CLIENT_SENDING, /* takes the answer */
    CLIENT_PHASE_COUNT
};

struct request;

struct client {
    int descriptor;
    enum client_phase phase;
    struct fc_mono since;
    struct fc_str target; /* of the request that is read: its path and parameters, as they came */
    struct request *watched_for; /* who is told when it leaves (watch.h); NULL: nobody */
    bool is_watched;             /* its descriptor stands in the watch */
    bool has_left;               /* which said so, and does not again unless asked */
    bool is_cut; /* its descriptor was shut down; the library will tell that it is gone */
    struct client *next;
    struct client *previous;
};

struct clients {
    struct client *all; /* heap: at start */
    int32_t count_max;
    int32_t count_soft; /* above it room is made */
    int32_t count_touched;
    int32_t count;
    int32_t count_cut;   /* of these: those that are cut and not gone yet */
    int64_t count_moved; /* ever cut to make room */
    struct client *free;
    struct client lists[CLIENT_PHASE_COUNT]; /* heads of rings, each in the order of `since` */
};

FC_MUST_USE enum fc_rc clients_open(struct clients *clients, int32_t count_max,
                                    struct fc_err *ret_err);
void clients_close(struct clients *clients);

/* NULL when there are too many. */
struct client *client_take(struct clients *clients, int descriptor, struct fc_mono now);
void client_give(struct clients *clients, struct client *client);
void client_enter(struct clients *clients, struct client *client, enum client_phase phase,
                  struct fc_mono now);

/* Whether its time in this phase is over. */
bool client_is_late(const struct client *client, struct fc_mono now);

/* Shuts down the descriptors of those that are; the library then finds them closed. */
void clients_cut_late(struct clients *clients, struct fc_mono now);

/* Makes room where there are too many. */
void clients_make_room(struct clients *clients, struct fc_mono now);

#endif
