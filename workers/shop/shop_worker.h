/*
 * A worker whose commands change the shop: the coupon worker and the order worker are this with
 * another family. Joins the pure core (decide, apply), the shop's tables and the journal to the
 * skeleton.
 */
#ifndef FC_SHOP_WORKER_H
#define FC_SHOP_WORKER_H

#include "wire/route.h"

/* Runs until asked to stop; returns the exit code. */
int shop_worker_main(int argc, char **argv, enum wire_family family);

#endif
