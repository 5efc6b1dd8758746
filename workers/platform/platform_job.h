/*
 * Tells the data platform of paid and cancelled orders: the events of a batch as NDJSON in signed
 * chunks, one after the other, so that nothing overtakes what stands before it. A chunk that cannot
 * be delivered is tried again for ever; an event that the platform refuses is parked. Each event is
 * told once or more: a batch that came back is told again, under the same event ids.
 */
#ifndef FC_PLATFORM_JOB_H
#define FC_PLATFORM_JOB_H

#include "host/backoff.h"
#include "host/clock.h"
#include "outgoing/http.h"
#include "outgoing/webhook.h"
#include "platform/chunks.h"
#include "skeleton/record.h"
#include "skeleton/worker.h"

/* A platform that asks for more patience is asked again after this time all the same. */
#define PLATFORM_RETRY_AFTER_S_MAX 3600

struct platform_settings {
    char url[OUTGOING_URL_BYTES_MAX];
    char secret[WEBHOOK_SECRET_TEXT_MAX + 1];
    int32_t connect_ms;
    int32_t total_ms;
};

struct platform_job {
    struct platform_settings settings;
    struct webhook_key key;
    struct outgoing *outgoing; /* NULL before the first batch */
    struct db *db;             /* set anew after each reconnect */
    const char *worker;
    struct fc_backoff backoff;
    /* numbers */
    int64_t told;
    int64_t requests;
    int64_t failures; /* requests that have to be made again */
    int64_t parked;
    bool failing; /* since the last chunk that went through */
    struct fc_mono failing_since;
    struct fc_mono complained_at;

    /* the batch in hand */
    struct platform_told {
        const struct wire_told_event *events;
        int32_t count;
    } messages[BATCH_DELIVERIES_MAX]; /* what each delivery brought */

    int32_t message_count;
    struct parked_row rejects[BATCH_DELIVERIES_MAX]; /* deliveries that are no events */
    int32_t reject_count;
    bool listed; /* what follows is made of them */
    struct chunks chunks;
    struct parked_row *rows; /* what is to be parked, the rejects first */
    int32_t row_count;
    size_t mark; /* of the arena, behind all this */
    struct fc_arena *arena;
    /* the chunk in hand */
    bool under_way;
    bool waiting; /* for `wait_ms` after `waiting_since` */
    struct fc_mono waiting_since;
    int64_t wait_ms;
};

/* What the rows of settings cannot say about them. */
FC_MUST_USE enum fc_rc platform_settings_check(const void *settings, struct fc_err *ret_err);

/* With `job->settings` read and checked, and `job->worker` set. */
struct job_port platform_job_port(struct platform_job *job);

#endif
