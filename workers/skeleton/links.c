#include "skeleton/links.h"

#include "base/limits.h"
#include "db/migrate.h"
#include "host/clock.h"
#include "host/fault.h"
#include "host/process.h"
#include "sql/queries.h"

#include <errno.h>
#include <string.h>

#define BEAT_MS 1000

static enum fc_rc open_broker(struct links *links, struct fc_err *ret_err)
{
    struct mq_settings settings;

    if (mq_settings_parse(fc_str_of(links->settings.broker), links->settings.instance, &settings,
                          ret_err) == FC_FAIL)
        return FC_FAIL;
    if (mq_consumer_open(&settings, &links->consumer, ret_err) == FC_FAIL)
        return FC_FAIL;
    return mq_publisher_open(&settings, &links->publisher, ret_err);
}

static enum fc_rc open_database(struct links *links, struct fc_err *ret_err)
{
    struct db_settings settings = {
        .conninfo = links->settings.database,
        .program = links->settings.instance,
        .options = LINKS_SESSION_OPTIONS,
        .statement_ms_max = DB_STATEMENT_MS_MAX,
        .idle_ms_max = DB_SESSION_IDLE_MS_MAX,
        .transaction_ms_max = DB_SESSION_IDLE_MS_MAX,
    };

    if (db_open(&settings, &links->db, ret_err) == FC_FAIL)
        return FC_FAIL;
    return db_migrate_check(links->db, sql_migrations, sql_migrations_count, ret_err);
}

enum fc_rc links_open(struct links *links, struct fc_err *ret_err)
{
    links_close(links);
    if (open_database(links, ret_err) == FC_OK && open_broker(links, ret_err) == FC_OK)
        return FC_OK;
    links_close(links);
    return FC_FAIL;
}

void links_close(struct links *links)
{
    /* The queue first: nothing may be delivered to a worker that cannot commit. */
    mq_consumer_close(links->consumer);
    mq_publisher_close(links->publisher);
    db_close(links->db);
    links->consumer = NULL;
    links->publisher = NULL;
    links->db = NULL;
    links->put_seq = 0;
    links->owed_seq = 0;
    links->refused_seq = 0;
}

static enum fc_rc queue_next(void *arg, struct mq_delivery *ret_delivery, bool *ret_got,
                             struct fc_err *ret_err)
{
    struct links *links = arg;

    return mq_consumer_next(links->consumer, ret_delivery, ret_got, ret_err);
}

static enum fc_rc queue_ack(void *arg, int32_t source, uint64_t tag, struct fc_err *ret_err)
{
    struct links *links = arg;

    return mq_consumer_ack(links->consumer, source, tag, ret_err);
}

struct queue_port links_queue(struct links *links)
{
    return (struct queue_port){links, queue_next, queue_ack};
}

static void on_fate(void *arg, uint64_t seq, enum mq_fate fate)
{
    struct links *links = arg;

    if (fate == MQ_REFUSED && (links->refused_seq == 0 || seq < links->refused_seq))
        links->refused_seq = seq;
}

enum fc_rc links_idle(struct links *links, struct fc_err *ret_err)
{
    if (mq_publisher_flush(links->publisher, ret_err) == FC_FAIL)
        return FC_FAIL;
    return mq_publisher_poll(links->publisher, on_fate, links, ret_err);
}

struct pollfd links_watch(const struct links *links)
{
    struct pollfd fd = {mq_publisher_fd(links->publisher), 0, 0};

    if (mq_publisher_wants_read(links->publisher))
        fd.events |= POLLIN;
    if (mq_publisher_wants_write(links->publisher))
        fd.events |= POLLOUT;
    return fd;
}

/* What was refused is put again by whoever has it still; what was marked comes again with its
 * deliveries, and is recalled. */
static enum fc_rc tell_refused(struct links *links, struct fc_err *ret_err)
{
    bool owed = links->refused_seq <= links->owed_seq;

    if (links->refused_seq == 0)
        return FC_OK;
    links->refused_seq = 0;
    return fc_err_set(ret_err, owed ? FC_CURE_RECONNECT : FC_CURE_RETRY, "announce",
                      "the broker refused an announcement");
}

/* One turn of waiting for confirms: what the socket has, or a beat. */
static enum fc_rc await_once(struct links *links, struct fc_mono *beaten, struct fc_err *ret_err)
{
    struct pollfd fd = links_watch(links);

    if (poll(&fd, 1, BEAT_MS) < 0 && errno != EINTR)
        return fc_err_set_sys(ret_err, FC_CURE_RECONNECT, "poll", errno);
    if (fc_clock_ms_since(*beaten) >= BEAT_MS) {
        *beaten = fc_clock_mono();
        if (links->beat(links->beat_arg, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
    return links_idle(links, ret_err);
}

/*
 * While the broker is blocked by an alarm the wait has no end but the process's: the batch is
 * committed, its deliveries stay in the queue, and the session is fed. Otherwise a confirm that
 * does not come within CONFIRM_WAIT_MS_MAX means a connection that is of no use.
 */
static enum fc_rc announce_wait(void *arg, struct fc_err *ret_err)
{
    struct links *links = arg;
    struct fc_mono since = fc_clock_mono();
    struct fc_mono beaten = since;

    if (links_idle(links, ret_err) == FC_FAIL)
        return FC_FAIL;
    FC_CRASH_POINT(ANNOUNCE_PUBLISHED);
    while (mq_publisher_unconfirmed_bytes(links->publisher) > 0) {
        if (await_once(links, &beaten, ret_err) == FC_FAIL)
            return FC_FAIL;
        if (mq_publisher_is_blocked(links->publisher, NULL)) {
            if (fc_process_stopping())
                return fc_err_set(ret_err, FC_CURE_RECONNECT, "announce",
                                  "stopping while the broker is blocked");
            since = fc_clock_mono();
        }
        if (fc_clock_ms_since(since) > CONFIRM_WAIT_MS_MAX)
            return fc_err_set(ret_err, FC_CURE_RECONNECT, "announce",
                              "the broker confirmed nothing for %d ms", CONFIRM_WAIT_MS_MAX);
    }
    FC_CRASH_POINT(ANNOUNCE_CONFIRMED);
    return tell_refused(links, ret_err);
}

static enum fc_rc announce_send(void *arg, struct fc_err *ret_err)
{
    struct links *links = arg;

    if (links_idle(links, ret_err) == FC_FAIL)
        return FC_FAIL;
    FC_CRASH_POINT(TELL_SENT);
    return FC_OK;
}

static enum fc_rc announce_put(void *arg, const struct mq_message *message, struct fc_err *ret_err)
{
    struct links *links = arg;

    if (mq_publisher_put(links->publisher, message, &links->put_seq, ret_err) == FC_OK)
        return FC_OK;
    if (ret_err->cure != FC_CURE_RETRY)
        return FC_FAIL;
    /* The buffer is full: what is in it goes first. */
    if (announce_wait(links, ret_err) == FC_FAIL)
        return FC_FAIL;
    return mq_publisher_put(links->publisher, message, &links->put_seq, ret_err);
}

struct announce_port links_announcer(struct links *links)
{
    return (struct announce_port){links, announce_put, announce_send, announce_wait};
}

/* --- confirms that are not waited for --------------------------------------------------------- */

static enum fc_rc confirms_send(void *arg, uint64_t *ret_mark, struct fc_err *ret_err)
{
    struct links *links = arg;

    if (links_idle(links, ret_err) == FC_FAIL)
        return FC_FAIL;
    FC_CRASH_POINT(ANNOUNCE_PUBLISHED);
    if (tell_refused(links, ret_err) == FC_FAIL)
        return FC_FAIL;
    links->owed_seq = links->put_seq;
    *ret_mark = links->put_seq;
    return FC_OK;
}

static enum fc_rc confirms_look(void *arg, uint64_t *ret_mark, struct fc_err *ret_err)
{
    struct links *links = arg;

    if (links_idle(links, ret_err) == FC_FAIL || tell_refused(links, ret_err) == FC_FAIL)
        return FC_FAIL;
    *ret_mark = mq_publisher_settled_to(links->publisher);
    return FC_OK;
}

struct confirm_port links_confirms(struct links *links)
{
    return (struct confirm_port){links, confirms_send, confirms_look, announce_wait};
}
