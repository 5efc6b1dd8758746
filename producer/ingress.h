/*
 * The ingress as a whole: what its modules share in one process and one thread. loop.c makes it
 * and turns it; everybody else is called from there.
 */
#ifndef FC_PRODUCER_INGRESS_H
#define FC_PRODUCER_INGRESS_H

#include "host/exporter.h"
#include "host/ticket.h"
#include "producer/accept.h"
#include "producer/backlog.h"
#include "producer/broker.h"
#include "producer/catalog.h"
#include "producer/database.h"
#include "producer/decided.h"
#include "producer/http.h"
#include "producer/numbers.h"
#include "producer/settings.h"
#include "producer/status.h"

/* What one request or answer needs while it is worked at; given back at once. */
#define INGRESS_SCRATCH_BYTES (16 * 1024 * 1024)
#define INGRESS_INBOX_BYTES (8 * 1024 * 1024)
/* The longest answer: a page of history that ends with the change of the largest order. */
#define INGRESS_OUT_BYTES (4 * 1024 * 1024)

struct ingress {
    const struct ingress_settings *settings;
    struct http *http;
    struct fc_exporter *exporter;
    struct fc_ticket ticket;
    struct fc_arena scratch; /* reset by whoever begins with a request or an answer's rows */
    struct fc_arena inbox;   /* what a delivery holds, until all of it is handed out */
    char *out;               /* INGRESS_OUT_BYTES: the answer that is being written */
    struct fc_mono now;      /* of this turn of the loop */
    struct broker broker;
    struct database database;
    struct catalog catalog;
    struct accept accept;
    struct backlog backlog;
    struct status status;
    struct decided decided;
    struct numbers numbers;
    struct fc_mono overloaded_at; /* when a queue was found too long for a command */
    bool overloaded;              /* as it was logged last */
    bool blocked;                 /* as it was logged last */
    bool stopping;
};

#endif
