/* A simulated worker's ports to the broker: deliveries and acknowledgements, announcements. */
#ifndef FC_SUPPORT_SIM_PORTS_H
#define FC_SUPPORT_SIM_PORTS_H

#include "support/sim_worker.h"

struct queue_port sim_queue_port(struct sim_worker *worker);
struct announce_port sim_announce_port(struct sim_worker *worker);
struct confirm_port sim_confirm_port(struct sim_worker *worker);

/* The connection ends: of what was put some has arrived, from its beginning; the rest never does,
 * nor does any confirm. */
void sim_ports_cut(struct sim_worker *worker);

#endif
