/*
 * One batch: the deliveries that were taken together, in the order in which they arrived, and what
 * the job made of them. Lives from gather to settle in the batch's arena; what is committed and not
 * yet announced is carried along, in front of what is gathered next.
 */
#ifndef FC_SKELETON_BATCH_H
#define FC_SKELETON_BATCH_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/time.h"

struct batch_delivery {
    int32_t source; /* the partition it came from */
    uint64_t tag;
    int64_t delivery_count;
};

struct batch {
    struct fc_arena *arena;
    struct fc_instant now; /* of the gather: the batch's only clock */
    /* Carried ones first, and so in the order of their tags. */
    struct batch_delivery deliveries[BATCH_DELIVERIES_MAX];
    int32_t delivery_count;
    int32_t carried_deliveries;
    int32_t carried_items;
    int32_t carried_batches;
    size_t carried_bytes; /* of the arena, behind what is carried */
    int32_t item_count;   /* commands or events in them: the job counts */
    int32_t item_enough;  /* with so many it is full; a job may change it as it begins */
    int32_t weight_more;  /* of items that weigh more than one */
    bool alone;           /* its last delivery came back before: none is taken behind it */
    bool careful;         /* a delivery ended in deaths before: one command at a time */
    bool sent_only;       /* its announcement is put and not waited for: the cycle sees to that */
};

#endif
