/*
 * The shop's side of a transaction: which rows the commands touch, what the core decides on them,
 * what is written back (skeleton/journal.h's struct job_rows).
 */
#ifndef FC_SHOP_JOB_H
#define FC_SHOP_JOB_H

#include "core/decide.h"
#include "shop/needs.h"
#include "shop/shop_load.h"
#include "shop/shop_policy.h"
#include "skeleton/journal.h"

struct shop_job {
    struct shop_policy policy;
    /* the transaction in hand */
    struct shop_needs needs;
    struct shop_load load;
    struct shop shop;
};

void shop_job_init(struct shop_job *job);
struct job_rows shop_job_rows(struct shop_job *job);

/* Decides one slot on `shop`, applies what comes of it, and writes verdict, result and events as
 * text, and whose history it belongs to; or says that it is doubtful (command_job.h). The simulator
 * decides with this too. */
void shop_job_decide(struct shop *shop, const struct policy *policy,
                     const struct command_range *range, struct command_slot *slot);

#endif
