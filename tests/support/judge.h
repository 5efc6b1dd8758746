/*
 * Asks a running installation for commands, one at a time, and the naive model for the same
 * (support/model.h): over HTTP as users and administrators do, over AMQP as a producer does. Every
 * verdict and every result must be the model's; what is repeated must be done once. What differs
 * ends the program. There is one of it; caller and sender (support/caller.h, sender.h) are open.
 */
#ifndef FC_TESTS_SUPPORT_JUDGE_H
#define FC_TESTS_SUPPORT_JUDGE_H

#include "support/caller.h"
#include "support/model.h"
#include "support/told.h"
#include "wire/command.h"

#include <stdio.h>

struct judge {
    struct model model;
    struct fc_arena arena; /* of one command: reset between two */
    FILE *verdicts;        /* gets a line a command: its id, its type, its problem's code */
    const char *doing;     /* the command's type, or what else goes on */
    int64_t over_http;
    int64_t over_amqp;
    int64_t at_the_door; /* refused before they became commands */
    int64_t late;        /* answered 202 */
    int64_t repeated;    /* with the same idempotency key or id */
    int64_t sent_again;  /* orders that were misrouted, and nobody had waited for */
};

extern struct judge judge;

/* By the route that the call is made for (support/caller_route.h). */
void judge_over_http(struct command *command, struct call *call);
/* As it is, with its key and the time at which it was accepted. A command whose form is none that
 * is taken is left out. */
void judge_over_amqp(struct command *command);

/* Keeps the producer's connections alive. */
void judge_keep_alive(void);

/* Tells what differs, in which command of which seed, and ends with 1. */
FC_PRINTF(1, 2) FC_NORETURN void judge_differ(const char *format, ...);

/* For the files that make up this one only. */

/* The verdict of the command as it was told, against the model's. */
void judge_verdict(const struct command *command, const struct told *told);
/* A repeat has the first one's verdict. */
void judge_replay(const struct told *first, const struct told *told);
/* One that the model is not asked about. */
void judge_keep_verdict(const struct told *told);
/* The same key under another id: another command, and not done. `wire` is as sender_write left
 * it. */
void judge_key_over_amqp(struct wire_command *wire, const struct told *first);

#endif
