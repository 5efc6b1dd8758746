#include "producer/loop.h"

#include "base/assert.h"
#include "host/fault.h"
#include "host/process.h"
#include "producer/ingress.h"
#include "producer/life.h"
#include "producer/serve.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

/* The longest wait: heartbeats, deadlines and reconnects are looked after in between. */
#define TURN_MS_MAX 500
/* Cut of late clients, age of confirms. */
#define SWEEP_MS 500
/* While stopping, connections without a request are kept that long: a client that has just sent one
 * on a connection of old gets its answer, which closes it. */
#define STOP_IDLE_MS 1000

enum slot {
    SLOT_HTTP,
    SLOT_EXPORTER,
    SLOT_SIGNAL,
    SLOT_DATABASE,
    SLOT_PUBLISHER,
    SLOT_CONSUMER,
    SLOT_COUNT
};

/* What the epoll knows of one of them. */
struct interest {
    int fd; /* -1: nothing */
    uint32_t events;
    uint32_t generation; /* a new connection may have an old one's number */
};

struct loop {
    struct ingress *ingress;
    int epoll;
    int signal_fd;
    struct interest interests[SLOT_COUNT];
    bool ready[SLOT_COUNT];
    struct fc_mono swept;
    struct fc_mono stop_asked;
};

/* --- interests -------------------------------------------------------------------------------- */

static void show_interest(struct loop *loop, enum slot slot, struct interest wanted)
{
    struct interest *known = &loop->interests[slot];
    struct epoll_event event = {.events = wanted.events, .data.u32 = slot};
    bool same = known->fd == wanted.fd && known->generation == wanted.generation;

    if (same && known->events == wanted.events)
        return;
    if (same && wanted.fd >= 0)
        (void)epoll_ctl(loop->epoll, EPOLL_CTL_MOD, wanted.fd, &event);
    /* A closed descriptor left the epoll by itself. */
    else if (wanted.fd >= 0)
        (void)epoll_ctl(loop->epoll, EPOLL_CTL_ADD, wanted.fd, &event);
    *known = wanted;
}

static uint32_t events_of(bool in, bool out)
{
    return (in ? EPOLLIN : 0u) | (out ? EPOLLOUT : 0u);
}

/* A connection in the making tells when it is made. */
static struct interest opening(const struct opener *opener, uint32_t generation)
{
    return (struct interest){opener_fd(opener), EPOLLIN, generation};
}

static void show_interests(struct loop *loop)
{
    const struct broker *broker = &loop->ingress->broker;
    const struct database *database = &loop->ingress->database;
    show_interest(loop, SLOT_DATABASE,
                  database->db == NULL
                      ? opening(&database->opener, database->generation)
                      : (struct interest){db_fd(database->db),
                                          events_of(true, db_wants_write(database->db)),
                                          database->generation});
    /* What must not be read yet would wake the loop again and again. */
    show_interest(loop, SLOT_PUBLISHER,
                  broker->publisher == NULL
                      ? opening(&broker->publishing.opener, broker->publishing.generation)
                      : (struct interest){mq_publisher_fd(broker->publisher),
                                          events_of(mq_publisher_wants_read(broker->publisher),
                                                    mq_publisher_wants_write(broker->publisher)),
                                          broker->publishing.generation});
    show_interest(loop, SLOT_CONSUMER,
                  broker->consumer == NULL
                      ? opening(&broker->consuming.opener, broker->consuming.generation)
                      : (struct interest){mq_consumer_fd(broker->consumer), EPOLLIN,
                                          broker->consuming.generation});
}

/* --- waiting ---------------------------------------------------------------------------------- */

static int32_t least(int32_t wait_ms, int32_t other_ms)
{
    return other_ms >= 0 && other_ms < wait_ms ? other_ms : wait_ms;
}

/* Until a connection is to be tried again; one in the making has its descriptor. */
static int32_t until_retry(const struct ingress *ingress, const struct opener *opener, bool away,
                           struct fc_mono retry_at)
{
    int64_t us = retry_at.us - ingress->now.us;

    if (!away || opener->at_work)
        return -1;
    return us <= 0 ? 0 : (int32_t)(us / 1000 + 1);
}

static int32_t wait_ms(const struct loop *loop)
{
    const struct ingress *ingress = loop->ingress;
    const struct broker *broker = &ingress->broker;
    const struct database *database = &ingress->database;
    int32_t ms = TURN_MS_MAX;

    ms = least(ms, http_wait_ms(ingress->http));
    ms = least(ms, status_wait_ms(ingress));
    ms = least(ms,
               until_retry(ingress, &database->opener, database->db == NULL, database->retry_at));
    ms = least(ms, until_retry(ingress, &broker->publishing.opener, broker->publisher == NULL,
                               broker->publishing.retry_at));
    ms = least(ms, until_retry(ingress, &broker->consuming.opener, broker->consumer == NULL,
                               broker->consuming.retry_at));
    if (broker->consumer != NULL && mq_consumer_has_buffered(broker->consumer))
        ms = 0;
    /* Rows that came behind accept_turn of this turn may have let commands through, too. */
    ms = least(ms, accept_wait_ms(ingress));
    return ms;
}

static void wait_for_events(struct loop *loop)
{
    struct epoll_event events[SLOT_COUNT];
    int count = epoll_wait(loop->epoll, events, SLOT_COUNT, wait_ms(loop));

    for (int32_t i = 0; i < SLOT_COUNT; i++)
        loop->ready[i] = false;
    for (int i = 0; i < count; i++)
        loop->ready[events[i].data.u32] = true;
}

/* --- turns ------------------------------------------------------------------------------------ */

static void broker_turns(struct loop *loop, bool beat)
{
    struct ingress *ingress = loop->ingress;
    struct broker *broker = &ingress->broker;
    bool buffered = broker->consumer == NULL || mq_consumer_has_buffered(broker->consumer);

    if (beat || loop->ready[SLOT_PUBLISHER] || broker->publisher == NULL)
        life_publisher_changed(ingress,
                               broker_publish_turn(broker, ingress->now, accept_fate, ingress));
    if (beat || loop->ready[SLOT_CONSUMER] || buffered)
        life_consumer_changed(ingress,
                              broker_consume_turn(broker, ingress->now, life_delivery, ingress));
}

static void database_turns(struct ingress *ingress, bool now)
{
    if (now || ingress->database.db == NULL || db_wants_write(ingress->database.db))
        life_database_changed(ingress, database_turn(&ingress->database, ingress->now));
}

/* What this turn put into the buffers leaves now. */
static void flush(struct ingress *ingress)
{
    struct broker *broker = &ingress->broker;

    accept_turn(ingress);
    status_turn(ingress);
    if (broker->publisher != NULL && mq_publisher_wants_write(broker->publisher) &&
        mq_publisher_flush(broker->publisher, &broker->err) != FC_OK) {
        broker_publish_drop(broker, ingress->now);
        life_publisher_changed(ingress, BROKER_LOST);
    }
    FC_CRASH_SENT();
    if (ingress->database.db != NULL)
        database_turns(ingress, false);
}

static void sweep(struct loop *loop)
{
    struct ingress *ingress = loop->ingress;

    loop->swept = ingress->now;
    life_watch_blocked(ingress);
    life_watch_overload(ingress);
    http_sweep(ingress->http, ingress->now);
    if (!accept_check_age(ingress)) {
        (void)fc_err_set(&ingress->broker.err, FC_CURE_RECONNECT, "publisher",
                         "the broker owes a confirm");
        broker_publish_drop(&ingress->broker, ingress->now);
        life_publisher_changed(ingress, BROKER_LOST);
    }
}

static void turn(struct loop *loop)
{
    struct ingress *ingress = loop->ingress;

    show_interests(loop);
    wait_for_events(loop);
    ingress->now = fc_clock_mono();
    bool beat = ingress->now.us - loop->swept.us >= SWEEP_MS * 1000LL;

    broker_turns(loop, beat);
    database_turns(ingress, loop->ready[SLOT_DATABASE] || beat);
    /* What was routed anew goes before what comes now. */
    accept_turn(ingress);
    http_turn(ingress->http);
    flush(ingress);
    fc_exporter_turn(ingress->exporter);
    if (beat)
        sweep(loop);
}

/* True while something is to be finished. */
static bool still_stopping(struct loop *loop)
{
    struct ingress *ingress = loop->ingress;
    int32_t requests;
    int32_t connections;

    if (!ingress->stopping) {
        ingress->stopping = true;
        loop->stop_asked = ingress->now;
        show_interest(loop, SLOT_SIGNAL, (struct interest){-1, 0, 0});
        (void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, loop->signal_fd, NULL);
        http_quiesce(ingress->http);
        life_log_stopping(ingress);
    }
    /* Again and again: whoever still asks on an old connection is not kept waiting either. */
    status_stop(ingress);
    http_count(ingress->http, &requests, &connections);
    int64_t ms = (ingress->now.us - loop->stop_asked.us) / 1000;

    return (requests > 0 && ms < HTTP_STOP_MS_MAX) || (connections > 0 && ms < STOP_IDLE_MS);
}

enum fc_rc loop_run(struct ingress *ingress, int signal_fd, struct fc_err *ret_err)
{
    struct loop loop = {.ingress = ingress, .signal_fd = signal_fd};

    for (int32_t i = 0; i < SLOT_COUNT; i++)
        loop.interests[i].fd = -1;
    loop.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (loop.epoll < 0)
        return fc_err_set_sys(ret_err, FC_CURE_EXIT, "epoll_create1", errno);
    show_interest(&loop, SLOT_HTTP, (struct interest){http_fd(ingress->http), EPOLLIN, 0});
    show_interest(&loop, SLOT_SIGNAL, (struct interest){signal_fd, EPOLLIN, 0});
    show_interest(&loop, SLOT_EXPORTER,
                  (struct interest){fc_exporter_fd(ingress->exporter), EPOLLIN, 0});
    while (!fc_process_stopping() || still_stopping(&loop))
        turn(&loop);
    (void)close(loop.epoll);
    return FC_OK;
}
