/* The clients of the simulated world: what they ask, repeat and send wrongly. */
#ifndef FC_SUPPORT_SIM_CLIENTS_H
#define FC_SUPPORT_SIM_CLIENTS_H

struct sim_world;

/* The catalogue, the users, their first money. */
void sim_clients_open_shop(struct sim_world *world);

/* One thing more, drawn. */
void sim_clients_ask(struct sim_world *world);

#endif
