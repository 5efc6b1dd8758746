/*
 * Whether the ingress lives, is ready, and what it counts: on its own port for all, and on the
 * second endpoint of FIRSTCOME_METRICS.
 */
#ifndef FC_PRODUCER_HEALTH_H
#define FC_PRODUCER_HEALTH_H

#include "host/exporter.h"
#include "producer/request.h"

struct ingress;

/* GET /livez, /readyz, /metrics, /openapi.json. */
void health_answer(struct ingress *ingress, struct request *request);

struct fc_exporter_source health_source(struct ingress *ingress);

#endif
