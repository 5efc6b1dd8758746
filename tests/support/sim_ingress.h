/*
 * The ingresses of the simulated world: give ids by clocks of their own, put what is ready for one
 * partition into one message, publish some again whose confirm did not come. Remembers what was
 * accepted, in the order in which it was.
 */
#ifndef FC_SUPPORT_SIM_INGRESS_H
#define FC_SUPPORT_SIM_INGRESS_H

#include "support/sim_lease.h"
#include "wire/command.h"

#define SIM_ASKED_MAX 512
#define SIM_INGRESSES 2
#define SIM_BUNDLE_BYTES 16384
#define SIM_RUBBISH_MAX 64

struct sim_asked {
    struct fc_uuid id;
    char key[ROUTE_KEY_BYTES_MAX];
    enum wire_family family;
    enum command_type type;
    struct fc_uuid order_id; /* that it is about, or zero */
    int64_t accepted_us;     /* by the clock of its ingress */
    bool repeats;            /* same id as an earlier one */
    bool astray;             /* put into a queue that its key does not lead to */
    bool poison;             /* kills whoever decides it */
};

struct sim_bundle {
    char bytes[SIM_BUNDLE_BYTES];
    size_t len;
    int32_t count;
};

struct sim_ingress {
    struct sim_asked asked[SIM_ASKED_MAX];
    int32_t asked_count;
    struct sim_bundle bundles[WIRE_FAMILY_COUNT][SIM_PARTITIONS];
    struct fc_str last[WIRE_FAMILY_COUNT][SIM_PARTITIONS]; /* message published */
    int64_t clocks_us[SIM_INGRESSES];                      /* away from the world's time */
    struct fc_str rubbish[SIM_RUBBISH_MAX];
    int32_t rubbish_count;
    int32_t poison_count;
    int32_t poison_copies; /* commands and messages beyond the first that may kill again */
    int32_t poison_deaths;
    uint32_t id_count;
};

struct sim_world;

void sim_ingress_reset(struct sim_world *world);

/* As a client, with the weaknesses of clients: the same command twice, the same key anew. */
void sim_ingress_ask(struct sim_world *world, const struct command *body, const char *key);

/* Bytes that are no command, alone or among commands. */
void sim_ingress_send_rubbish(struct sim_world *world);

/* Whether there is room for one thing more to be asked. */
bool sim_ingress_has_room(const struct sim_ingress *ingress);

/* Some of what is ready is published; with `all` everything. */
void sim_ingress_turn(struct sim_world *world, bool all);

bool sim_ingress_is_poison(const struct sim_ingress *ingress, const struct fc_uuid *id);

#endif
