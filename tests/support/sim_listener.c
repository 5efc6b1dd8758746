#include "support/sim_listener.h"

#include "support/sim_commit.h"
#include "support/sim_world.h"

static void job_begin(void *arg, struct batch *batch)
{
    struct sim_listener *listener = arg;

    listener->batch = batch;
    listener->part_count = 0;
}

static void job_take(void *arg, struct batch *batch, const struct mq_delivery *delivery)
{
    struct sim_listener *listener = arg;
    struct wire_order_event *events;
    const char *why;
    int32_t count;

    batch->item_count++;
    if (!wire_order_events_parse(delivery->body, batch->arena, &events, &count, &why)) {
        sim_violate(listener->session->worker->world, "the listener cannot read a message: %s",
                    why);
        return;
    }
    listener->parts[listener->part_count++] = (struct sim_listener_part){events, count};
}

static void count_lines(struct sim_world *world, const struct sold_line *lines, int32_t line_count,
                        int64_t sign)
{
    for (int32_t i = 0; i < line_count; i++) {
        struct sim_sold *counter = &world->db.counters[lines[i].option_id];

        counter->pieces += sign * lines[i].quantity;
        counter->won += sign * lines[i].quantity * lines[i].unit_price.won;
    }
}

static void count_event(struct sim_world *world, const struct wire_order_event *event)
{
    struct sim_told_event *told = sim_told_find(&world->told, &event->event_id);

    if (told == NULL) {
        sim_violate(world, "the listener has an event that was never told");
        return;
    }
    if (told->counted)
        return;
    told->counted = true;
    sim_count(world, SIM_EVENTS_COUNTED);
    switch (event->kind) {
    case WIRE_SALE_PAID:
        count_lines(world, event->lines, event->line_count, 1);
        return;
    case WIRE_SALE_CHANGED:
        count_lines(world, event->lines, event->line_count, 1);
        count_lines(world, event->previous, event->previous_count, -1);
        return;
    case WIRE_SALE_CANCELLED:
        for (int32_t i = 0; i < event->line_count; i++)
            world->db.counters[event->lines[i].option_id].cancelled += event->lines[i].quantity;
        return;
    case WIRE_SALE_DAY_CLOSED:
        return;
    }
}

static bool commit_counts(void *arg)
{
    const struct sim_listener *listener = arg;
    struct sim_worker *worker = listener->session->worker;

    if (listener->batch->delivery_count > 0)
        sim_commit_check_lease(worker, 0);
    for (int32_t i = 0; i < listener->part_count; i++)
        for (int32_t k = 0; k < listener->parts[i].count; k++)
            count_event(worker->world, &listener->parts[i].events[k]);
    return true;
}

static enum fc_rc job_commit(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    struct sim_listener *listener = arg;

    (void)batch;
    return sim_session_commit(listener->session, commit_counts, listener, ret_err);
}

static enum fc_rc job_announce(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    (void)arg;
    (void)batch;
    (void)ret_err;
    return FC_OK;
}

struct job_port sim_listener_port(struct sim_listener *listener)
{
    return (struct job_port){listener, job_begin, job_take, job_commit, job_announce};
}
