/*
 * From a request to a command: its body checked, its key chosen, its id given. What the body does
 * not say about the catalogue (is the product first-come, whose option is it) comes from the cache
 * or is asked from the database once.
 */
#ifndef FC_PRODUCER_INTAKE_H
#define FC_PRODUCER_INTAKE_H

#include "producer/request.h"

struct ingress;

/* Puts the command on its way, or answers why not. */
void intake_begin(struct ingress *ingress, struct request *request);

/* The same once more for an order that was misrouted: with a new id, after a look at what the
 * database says of its products now. */
void intake_again(struct ingress *ingress, struct request *request);

#endif
