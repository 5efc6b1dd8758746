/*
 * Reads: each route is one statement (sql/queries/read) over the pipelined connection, and a
 * writer that makes JSON of its rows. This is the frame; the writers are in read_user.c,
 * read_order.c, read_product.c and read_stats.c.
 */
#ifndef FC_PRODUCER_READ_H
#define FC_PRODUCER_READ_H

#include "producer/query.h"

struct ingress;

/* Asks the database, or answers why not. */
void read_begin(struct ingress *ingress, struct request *request);

#endif
