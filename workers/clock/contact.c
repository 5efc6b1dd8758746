#include "clock/contact.h"

#include "base/limits.h"
#include "db/migrate.h"
#include "host/fault.h"
#include "host/process.h"
#include "mq/topology.h"
#include "skeleton/links.h"
#include "sql/queries.h"

#include <poll.h>

#define BEAT_MS 1000

/* --- opening and closing ---------------------------------------------------------------------- */

static enum fc_rc open_database(struct contact *contact, struct fc_err *ret_err)
{
    struct db_settings settings = {
        .conninfo = contact->database,
        .program = contact->instance,
        .options = LINKS_SESSION_OPTIONS,
        .statement_ms_max = DB_STATEMENT_MS_MAX,
        .idle_ms_max = DB_SESSION_IDLE_MS_MAX,
        .transaction_ms_max = DB_SESSION_IDLE_MS_MAX,
    };

    if (db_open(&settings, &contact->db, ret_err) == FC_FAIL)
        return FC_FAIL;
    return db_migrate_check(contact->db, sql_migrations, sql_migrations_count, ret_err);
}

static enum fc_rc open_broker(struct contact *contact, struct fc_err *ret_err)
{
    struct mq_settings settings;

    if (mq_settings_parse(fc_str_of(contact->broker), contact->instance, &settings, ret_err) ==
        FC_FAIL)
        return FC_FAIL;
    return mq_publisher_open(&settings, &contact->publisher, ret_err);
}

enum fc_rc contact_open(struct contact *contact, struct fc_err *ret_err)
{
    contact_close(contact);
    if (open_database(contact, ret_err) == FC_OK && open_broker(contact, ret_err) == FC_OK)
        return FC_OK;
    contact_close(contact);
    return FC_FAIL;
}

void contact_close(struct contact *contact)
{
    mq_publisher_close(contact->publisher);
    db_close(contact->db);
    contact->publisher = NULL;
    contact->db = NULL;
    contact->refused = false;
}

/* --- waiting ---------------------------------------------------------------------------------- */

void contact_wait(struct contact *contact, int32_t wait_ms)
{
    struct pollfd fds[3];
    nfds_t count = 0;

    fds[count++] = (struct pollfd){contact->signal_fd, POLLIN, 0};
    fds[count++] = (struct pollfd){fc_exporter_fd(contact->exporter), POLLIN, 0};
    if (contact->publisher != NULL) {
        struct pollfd *fd = &fds[count++];

        *fd = (struct pollfd){mq_publisher_fd(contact->publisher), 0, 0};
        if (mq_publisher_wants_read(contact->publisher))
            fd->events |= POLLIN;
        if (mq_publisher_wants_write(contact->publisher))
            fd->events |= POLLOUT;
    }
    /* An error or a signal is a wake like any other: the turn finds out. */
    (void)poll(fds, count, wait_ms);
    fc_exporter_turn(contact->exporter);
}

static void on_fate(void *arg, uint64_t seq, enum mq_fate fate)
{
    struct contact *contact = arg;

    (void)seq;
    contact->refused = contact->refused || fate != MQ_CONFIRMED;
}

enum fc_rc contact_beat(struct contact *contact, struct fc_err *ret_err)
{
    if (mq_publisher_flush(contact->publisher, ret_err) == FC_FAIL)
        return FC_FAIL;
    return mq_publisher_poll(contact->publisher, on_fate, contact, ret_err);
}

/* An idle session would be ended, and with it the right to act. */
static enum fc_rc feed_session(struct contact *contact, struct fc_err *ret_err)
{
    db_send(contact->db, &sql_clock_now, NULL);
    return db_exchange(contact->db, ret_err);
}

/* One turn of waiting for confirms; the time while an alarm blocks the broker does not count. */
static enum fc_rc await_once(struct contact *contact, struct fc_mono *since, struct fc_mono *fed,
                             struct fc_err *ret_err)
{
    if (fc_process_stopping())
        return fc_err_set(ret_err, FC_CURE_AGAIN, "contact_send", "stopping");
    contact_wait(contact, BEAT_MS);
    if (fc_clock_ms_since(*fed) >= BEAT_MS) {
        *fed = fc_clock_mono();
        if (feed_session(contact, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
    if (contact_beat(contact, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (mq_publisher_is_blocked(contact->publisher, NULL))
        *since = fc_clock_mono();
    if (fc_clock_ms_since(*since) > CONFIRM_WAIT_MS_MAX)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "contact_send",
                          "the broker confirmed nothing for %d ms", CONFIRM_WAIT_MS_MAX);
    return FC_OK;
}

/* Until the broker has all that was put. */
static enum fc_rc await_all(struct contact *contact, struct fc_err *ret_err)
{
    struct fc_mono since = fc_clock_mono();
    struct fc_mono fed = since;

    if (contact_beat(contact, ret_err) == FC_FAIL)
        return FC_FAIL;
    FC_CRASH_POINT(CLOCK_PUBLISHED);
    while (mq_publisher_unconfirmed_bytes(contact->publisher) > 0)
        if (await_once(contact, &since, &fed, ret_err) == FC_FAIL)
            return FC_FAIL;
    if (!contact->refused)
        return FC_OK;
    contact->refused = false;
    return fc_err_set(ret_err, FC_CURE_RETRY, "contact_send", "the broker refused commands");
}

/* --- sending ---------------------------------------------------------------------------------- */

enum fc_rc contact_send(struct contact *contact, struct outbox *outbox, struct fc_err *ret_err)
{
    char queue[WIRE_QUEUE_TEXT_MAX];
    struct mq_message message = {.exchange = FC_STR(MQ_EXCHANGE_COMMANDS),
                                 .type = FC_STR("firstcome.commands.v1"),
                                 .mandatory = true};
    uint64_t seq;

    while (outbox_cut(outbox, queue, &message.body)) {
        message.routing_key = fc_str_of(queue);
        if (mq_publisher_put(contact->publisher, &message, &seq, ret_err) == FC_OK)
            continue;
        if (ret_err->cure != FC_CURE_RETRY)
            return FC_FAIL;
        /* The buffer is full: what is in it goes first. */
        if (await_all(contact, ret_err) == FC_FAIL ||
            mq_publisher_put(contact->publisher, &message, &seq, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
    return await_all(contact, ret_err);
}
