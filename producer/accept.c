#include "producer/accept.h"

#include "base/assert.h"
#include "host/fault.h"
#include "mq/topology.h"
#include "producer/answer.h"
#include "producer/ingress.h"

#include <stdlib.h>

/* A power of two. */
#define RING_SLOTS HTTP_INFLIGHT_MAX
/* One command more may follow when the window is almost full; the rest is for what was cut off. */
#define BATCH_BYTES (UNCONFIRMED_BYTES_MAX + 4 * HTTP_BODY_BYTES_MAX)
/* Messages leave in rounds, since a write of its log costs the broker more than what is in it: the
 * busier it is, the fewer and the longer they become, and an idle one is never waited for. A queue
 * that does not confirm must not hold the others for long. */
#define ROUND_US_MAX 4000
/* Fewer under way are no load: what comes for another queue does not wait for them. */
#define ROUND_MESSAGES_MIN 4
#define BATCH_ITEMS (HTTP_INFLIGHT_MAX + HTTP_INFLIGHT_MAX / 8)
/* A confirm that is owed so long is no slow disk any more: nothing new is put behind it. */
#define STUCK_MS 2000
/* So long a client is kept waiting for its own; the connection has CONFIRM_WAIT_MS_MAX. */
#define ANSWER_MS_MAX 5000

static_assert((RING_SLOTS & (RING_SLOTS - 1)) == 0, "a mask finds the slot");

#define FATE_UNKNOWN                                                                            \
    "The broker did not confirm the command: it may or may not have been taken. Send it again " \
    "with the same Idempotency-Key, and it is done once."

enum fc_rc accept_open(struct accept *accept, struct fc_err *ret_err)
{
    *accept = (struct accept){.seq_oldest = 1};
    accept->batch_bytes = malloc(BATCH_BYTES);                               /* heap: at start */
    accept->batch_items = calloc(BATCH_ITEMS, sizeof(*accept->batch_items)); /* heap: at start */
    accept->message = malloc(MESSAGE_BYTES_MAX);                             /* heap: at start */
    accept->messages = calloc(RING_SLOTS, sizeof(*accept->messages));        /* heap: at start */
    if (accept->batch_bytes == NULL || accept->batch_items == NULL || accept->message == NULL ||
        accept->messages == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "accept_open", "no memory");
    batch_init(&accept->batch, accept->batch_bytes, BATCH_BYTES, accept->batch_items, BATCH_ITEMS);
    return FC_OK;
}

void accept_close(struct accept *accept)
{
    free(accept->batch_bytes);
    free(accept->batch_items);
    free(accept->message);
    free(accept->messages);
}

static struct accept_message *message_of(struct accept *accept, uint64_t seq)
{
    return &accept->messages[seq & (RING_SLOTS - 1)];
}

/* Its slot may be a later one's already. */
static bool is_under_way(struct accept *accept, uint64_t seq)
{
    const struct accept_message *message = message_of(accept, seq);

    return message->under_way && message->seq == seq;
}

static void refuse(struct ingress *ingress, struct request *request, enum number reason,
                   const char *why)
{
    numbers_add(&ingress->numbers, NUMBER_COMMANDS_REFUSED_BUSY);
    numbers_add(&ingress->numbers, reason);
    answer_unavailable(ingress, request, why);
}

static void refuse_window(struct ingress *ingress, struct request *request)
{
    refuse(ingress, request, NUMBER_REFUSED_WINDOW, "Too many commands are under way.");
}

/* Whether there is no use in putting a command into this queue; it was answered then. */
static bool is_refused(struct ingress *ingress, struct request *request, int32_t queue)
{
    struct broker *broker = &ingress->broker;
    int32_t retry_s;
    const char *why;

    if (broker_is_shut(broker, &why)) {
        refuse(ingress, request, NUMBER_REFUSED_BROKER, why);
        return true;
    }
    if (ingress->accept.is_stuck) {
        refuse(ingress, request, NUMBER_REFUSED_BROKER, "The broker does not answer.");
        return true;
    }
    if (mq_publisher_unconfirmed_bytes(broker->publisher) + batch_waiting(&ingress->accept.batch) >=
        UNCONFIRMED_BYTES_MAX) {
        refuse_window(ingress, request);
        return true;
    }
    if (!backlog_refuses(&ingress->backlog, queue, ingress->now, &retry_s))
        return false;
    ingress->overloaded_at = ingress->now;
    numbers_add(&ingress->numbers, NUMBER_COMMANDS_REFUSED_BUSY);
    numbers_add(&ingress->numbers, NUMBER_REFUSED_BACKLOG);
    answer_later(ingress, request, retry_s, "Too many commands wait in this line.");
    return true;
}

void accept_put(struct ingress *ingress, struct request *request, struct wire_command *command)
{
    struct batch *batch = &ingress->accept.batch;
    struct fc_str reply_to = fc_str_of(ingress->broker.reply_to);
    int32_t family = (int32_t)wire_command_family(command->command.type);
    int32_t partition = wire_route_partition(command->key, ingress->settings->partitions);
    int32_t queue = family * PARTITIONS_MAX + partition;

    FC_CRASH_POINT(INGRESS_ACCEPTED);
    if (is_refused(ingress, request, queue))
        return;
    request->probes =
        backlog_wants_probe(&ingress->backlog, queue, ingress->now) && reply_to.len > 0;
    if (request->head.wait_s > 0 || request->probes)
        command->reply_to = reply_to;
    struct fc_buf written = batch_writer(batch);

    wire_command_put(&written, command);
    if (!batch_put(batch, queue, &written, wire_command_weight(command->command.type), request)) {
        refuse_window(ingress, request);
        return;
    }
    ingress->accept.is_behind = true;
    request->busy++;
    FC_CRASH_POINT(INGRESS_BATCHED);
    if (request->step == REQUEST_SERVING)
        http_hold(ingress->http, request, request->head.wait_s > 0);
}

/* --- publishing ------------------------------------------------------------------------------- */

/* While messages of a queue are under way, what comes for it gathers. */
static void hold(struct accept *accept, int32_t queue, int32_t more)
{
    accept->under_way[queue] += more;
    accept->under_way_count += more;
    FC_ASSERT(accept->under_way[queue] >= 0);
    batch_hold(&accept->batch, queue, accept->under_way[queue] > 0);
}

/* How long what comes for other queues waits for those that are under way, too. */
static int64_t round_left_us(const struct ingress *ingress)
{
    const struct accept *accept = &ingress->accept;

    if (accept->under_way_count < ROUND_MESSAGES_MIN)
        return 0;
    return accept->round_since.us + ROUND_US_MAX - ingress->now.us;
}

int32_t accept_wait_ms(const struct ingress *ingress)
{
    int64_t us = round_left_us(ingress);

    if (ingress->accept.is_behind)
        return 0;
    if (batch_waiting(&ingress->accept.batch) == 0 || us <= 0)
        return -1;
    return (int32_t)(us / 1000 + 1);
}

/* Ties the items of a cut to the message that carries them. */
static void published(struct ingress *ingress, const struct batch_cut *cut, uint64_t seq)
{
    struct accept *accept = &ingress->accept;
    struct accept_message *message = message_of(accept, seq);
    int32_t index = cut->first;

    FC_ASSERT(!message->under_way);
    *message = (struct accept_message){seq, true, NULL, ingress->now, cut->queue};
    accept->seq_last = seq;
    hold(accept, cut->queue, 1);
    for (int32_t i = 0; i < cut->count; i++) {
        struct request *request = accept->batch_items[index].owner;

        request->busy--;
        request->published = true;
        request->message_seq = seq;
        request->next_in_message = message->first;
        message->first = request;
        backlog_put(&ingress->backlog, cut->queue, request->probes ? &request->command_id : NULL,
                    ingress->now);
        if (request->head.wait_s > 0)
            status_wait_for_verdict(ingress, request);
        index = accept->batch_items[index].next;
    }
    numbers_add(&ingress->numbers, NUMBER_MESSAGES);
    FC_CRASH_POINT(INGRESS_PUBLISHED);
    FC_CRASH_WHEN_SENT(INGRESS_SENT);
}

static void not_published(struct ingress *ingress, const struct batch_cut *cut, enum number reason,
                          const char *why)
{
    int32_t index = cut->first;

    for (int32_t i = 0; i < cut->count; i++) {
        struct request *request = ingress->accept.batch_items[index].owner;

        request->busy--;
        refuse(ingress, request, reason, why);
        index = ingress->accept.batch_items[index].next;
    }
}

static void publish(struct ingress *ingress, const struct batch_cut *cut, struct fc_str body)
{
    struct accept *accept = &ingress->accept;
    char queue[WIRE_QUEUE_TEXT_MAX];
    struct mq_message message = {.exchange = FC_STR(MQ_EXCHANGE_COMMANDS),
                                 .type = FC_STR("firstcome.commands.v1"),
                                 .body = body,
                                 .mandatory = true};
    struct fc_err err;
    uint64_t seq;

    wire_route_queue((enum wire_family)(cut->queue / PARTITIONS_MAX), cut->queue % PARTITIONS_MAX,
                     queue);
    message.routing_key = fc_str_of(queue);
    if (ingress->broker.publisher == NULL)
        not_published(ingress, cut, NUMBER_REFUSED_BROKER, "The broker is not connected.");
    else if (message_of(accept, accept->seq_last + 1)->under_way)
        not_published(ingress, cut, NUMBER_REFUSED_WINDOW, "Too many commands are under way.");
    else if (mq_publisher_put(ingress->broker.publisher, &message, &seq, &err) != FC_OK)
        not_published(ingress, cut, NUMBER_REFUSED_BROKER, "The broker takes nothing now.");
    else
        published(ingress, cut, seq);
}

/* What gathers behind messages that are not confirmed has not been sent: that is known of it. */
static void refuse_held(struct ingress *ingress, const char *why)
{
    struct accept *accept = &ingress->accept;
    struct batch_cut cut;

    batch_hold_all(&accept->batch, false);
    for (int32_t queue = 0; queue < BATCH_QUEUES_MAX; queue++)
        batch_hold(&accept->batch, queue, false);
    for (;;) {
        struct fc_buf body = fc_buf_of(accept->message, MESSAGE_BYTES_MAX);

        if (!batch_cut(&accept->batch, &body, &cut))
            break;
        not_published(ingress, &cut, NUMBER_REFUSED_BROKER, why);
    }
    for (int32_t queue = 0; queue < BATCH_QUEUES_MAX; queue++)
        hold(accept, queue, 0);
}

void accept_turn(struct ingress *ingress)
{
    struct accept *accept = &ingress->accept;
    struct batch_cut cut;

    bool held = round_left_us(ingress) > 0;

    accept->is_behind = false;
    batch_hold_all(&accept->batch, held);
    for (;;) {
        struct fc_buf body = fc_buf_of(accept->message, MESSAGE_BYTES_MAX);

        if (!batch_cut(&accept->batch, &body, &cut))
            return;
        publish(ingress, &cut, fc_buf_str(&body));
        if (!held)
            accept->round_since = ingress->now;
    }
}

/* --- fates ------------------------------------------------------------------------------------ */

static void confirmed(struct ingress *ingress, struct request *request)
{
    request->published = false;
    request->confirmed = true;
    FC_CRASH_POINT(INGRESS_CONFIRMED);
    numbers_add(&ingress->numbers, NUMBER_COMMANDS_ACCEPTED);
    if (request->gone)
        status_forget(ingress, request);
    if (request->gone || request->wait.kind == WAIT_NONE)
        answer_accepted(ingress, request);
    else if (request->wait.deadline.us <= ingress->now.us)
        status_too_late(ingress, request);
}

static void lost(struct ingress *ingress, struct request *request)
{
    request->published = false;
    status_forget(ingress, request);
    numbers_add(&ingress->numbers, NUMBER_COMMANDS_LOST);
    answer_unavailable(ingress, request, FATE_UNKNOWN);
}

static void settle(struct ingress *ingress, struct accept_message *message,
                   void (*each)(struct ingress *ingress, struct request *request))
{
    struct request *next;

    for (struct request *request = message->first; request != NULL; request = next) {
        next = request->next_in_message;
        each(ingress, request);
    }
    message->first = NULL;
}

void accept_fate(void *arg, uint64_t seq, enum mq_fate fate)
{
    struct ingress *ingress = arg;
    struct accept_message *message = message_of(&ingress->accept, seq);

    FC_ASSERT(message->under_way && message->seq == seq);
    numbers_observe_us(&ingress->numbers, NUMBER_CONFIRM_SECONDS,
                       ingress->now.us - message->since.us);
    message->under_way = false;
    hold(&ingress->accept, message->queue, -1);
    settle(ingress, message, fate == MQ_CONFIRMED ? confirmed : lost);
}

void accept_lost(struct ingress *ingress)
{
    struct accept *accept = &ingress->accept;

    for (uint64_t seq = accept->seq_oldest; seq <= accept->seq_last; seq++) {
        struct accept_message *message = message_of(accept, seq);

        if (!message->under_way)
            continue;
        message->under_way = false;
        hold(accept, message->queue, -1);
        settle(ingress, message, lost);
    }
    accept->seq_oldest = 1;
    accept->seq_last = 0;
    accept->is_stuck = false;
    /* A probe that never came to its queue would make it look as if nothing moved there. */
    backlog_forget(&ingress->backlog);
}

/* How long the broker has owed a confirm. */
static int64_t owed_us(const struct ingress *ingress)
{
    const struct accept *accept = &ingress->accept;

    if (accept->seq_oldest > accept->seq_last)
        return 0;
    int64_t since_us = accept->messages[accept->seq_oldest & (RING_SLOTS - 1)].since.us;

    return ingress->now.us - (since_us > accept->owed_from.us ? since_us : accept->owed_from.us);
}

bool accept_check_age(struct ingress *ingress)
{
    struct accept *accept = &ingress->accept;
    struct mq_publisher *publisher = ingress->broker.publisher;
    bool blocked = publisher != NULL && mq_publisher_is_blocked(publisher, NULL);

    if (blocked)
        accept->owed_from = ingress->now;
    while (accept->seq_oldest <= accept->seq_last && !is_under_way(accept, accept->seq_oldest))
        accept->seq_oldest++;
    for (uint64_t seq = accept->seq_oldest; seq <= accept->seq_last; seq++) {
        struct accept_message *message = message_of(accept, seq);

        if (!blocked && ingress->now.us - message->since.us <= ANSWER_MS_MAX * 1000LL)
            break;
        if (message->under_way)
            settle(ingress, message, lost);
    }
    accept->is_stuck = owed_us(ingress) > STUCK_MS * 1000LL;
    if (blocked || accept->is_stuck)
        refuse_held(ingress, blocked ? "The broker is blocked." : "The broker does not answer.");
    return publisher == NULL || owed_us(ingress) <= CONFIRM_WAIT_MS_MAX * 1000LL;
}

void accept_forget(struct ingress *ingress, struct request *request)
{
    struct accept_message *message = message_of(&ingress->accept, request->message_seq);
    struct request **link = &message->first;

    if (!request->published)
        return;
    FC_ASSERT(message->under_way && message->seq == request->message_seq);
    while (*link != request) {
        FC_ASSERT(*link != NULL);
        link = &(*link)->next_in_message;
    }
    *link = request->next_in_message;
    request->published = false;
}
