/*
 * From a request to a command: its body checked, its id given, its line found (line.h), and off it
 * goes (accept.h).
 */
#ifndef FC_PRODUCER_INTAKE_H
#define FC_PRODUCER_INTAKE_H

#include "db/rows.h"
#include "producer/request.h"

struct ingress;

/* Puts the command on its way, or answers why not. */
void intake_begin(struct ingress *ingress, struct request *request);

/* The database was asked for the command's line; `rows` is NULL when it did not answer. */
void intake_looked(struct ingress *ingress, struct request *request, const struct db_rows *rows);

/* The order or coupon that the command is about was not decided, and is now. */
void intake_resume(struct ingress *ingress, struct request *request);

/* The same once more for an order that was misrouted: with a new id, after a look at what the
 * database says of its products now. */
void intake_again(struct ingress *ingress, struct request *request);

#endif
