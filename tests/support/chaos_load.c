#include "support/chaos_load.h"

#include "base/assert.h"
#include "host/clock.h"
#include "host/process.h"

#define TURN_MS_MAX 200
/* Behind that much the source's wishes are left out, and not made up for. */
#define BEHIND_US_MAX 200000
#define LATE_ONE_IN 40

struct chaos_load chaos_load;

int32_t chaos_free_take(struct chaos_free *free)
{
    FC_ASSERT(free->count > 0);
    return free->slots[--free->count];
}

void chaos_free_give(struct chaos_free *free, int32_t slot)
{
    FC_ASSERT(free->count < CHAOS_DUE_SLOTS);
    free->slots[free->count++] = slot;
}

int64_t chaos_now_us(void)
{
    return fc_clock_mono().us;
}

void chaos_write(const struct history_line *line)
{
    if (!history_write(chaos_load.history, line))
        chaos_load.history_failed = true;
}

void chaos_load_init(int32_t lane_count, bool has_broker)
{
    static_assert(CHAOS_OPS_MAX <= CHAOS_DUE_SLOTS && CHAOS_WATCHES_MAX <= CHAOS_DUE_SLOTS,
                  "each has a time");
    static_assert(CHAOS_WATCHES_MAX > 2 * CHAOS_OPS_MAX, "an op may be accepted twice");
    for (int32_t i = CHAOS_OPS_MAX - 1; i >= 0; i--)
        chaos_free_give(&chaos_load.free_ops, i);
    for (int32_t i = CHAOS_WATCHES_MAX - 1; i >= 0; i--)
        chaos_free_give(&chaos_load.free_watches, i);
    chaos_load.poll_max = lane_count > 1 ? lane_count / 2 : 1;
    chaos_load.has_broker = has_broker;
}

static int64_t ops_open(void)
{
    return CHAOS_OPS_MAX - chaos_load.free_ops.count;
}

static int64_t watches_open(void)
{
    return CHAOS_WATCHES_MAX - chaos_load.free_watches.count;
}

/* For a wish and its copy, each of which may be accepted twice. */
static bool has_room(void)
{
    return chaos_http_free_lane() >= 0 && chaos_load.free_ops.count >= 2 &&
           watches_open() + 2 * ops_open() + 4 <= CHAOS_WATCHES_MAX;
}

static void pump_ops(int64_t now)
{
    int32_t slot;
    int64_t at;

    while (chaos_due_first(&chaos_load.op_due, &slot, &at) && at <= now) {
        chaos_due_clear(&chaos_load.op_due, slot);
        chaos_op_due(slot);
    }
}

static bool may_poll(void)
{
    return chaos_load.polls_flying < chaos_load.poll_max && chaos_http_free_lane() >= 0;
}

static void pump_watches(int64_t now)
{
    int32_t slot;
    int64_t at;

    while (may_poll() && chaos_due_first(&chaos_load.watch_due, &slot, &at) && at <= now) {
        chaos_due_clear(&chaos_load.watch_due, slot);
        chaos_watch_due(slot);
    }
}

/* --- what is next ----------------------------------------------------------------------------- */

struct running {
    const struct chaos_source *source;
    int64_t end_us;   /* of new wishes */
    int64_t drain_us; /* of all */
    int64_t next_us;  /* the next wish */
};

static void stop(struct running *running, int64_t now)
{
    if (chaos_load.draining)
        return;
    chaos_load.draining = true;
    chaos_watch_drain();
    running->drain_us = now + running->source->drain_s * FC_US_PER_S;
}

/* Clients come by chance, not by the beat. */
static int64_t until_next_us(const struct chaos_source *source)
{
    return chance_below(&chaos_load.choice.chance, 2 * FC_US_PER_S / source->per_s + 1);
}

static void begin_one(struct running *running, int64_t now)
{
    const struct chaos_source *source = running->source;
    struct chaos_wish wish;
    struct chaos_manner manner;

    if (source->may_come_late && chance_one_in(&chaos_load.choice.chance, LATE_ONE_IN) &&
        chaos_op_again())
        return;
    switch (source->next(source->arg, ops_open() + watches_open(), &wish, &manner)) {
    case CHAOS_NEXT_WISH:
        chaos_op_begin(&wish, &manner);
        return;
    case CHAOS_NEXT_LATER:
        return;
    case CHAOS_NEXT_END:
        stop(running, now);
        return;
    }
    FC_UNREACHABLE("no such next");
}

static void begin_wishes(struct running *running, int64_t now)
{
    if (running->next_us < now - BEHIND_US_MAX)
        running->next_us = now - BEHIND_US_MAX;
    while (!chaos_load.draining && running->next_us <= now) {
        running->next_us += until_next_us(running->source);
        if (has_room())
            begin_one(running, now);
        else
            chaos_load.tally.waited++;
        /* A lane that is free is taken when what was begun is due. */
        pump_ops(now);
    }
}

/* --- a turn ----------------------------------------------------------------------------------- */

static void on_answered(void *arg, int32_t index, const struct chaos_answer *answer)
{
    struct chaos_lane lane = chaos_load.lanes[index];

    (void)arg;
    FC_ASSERT(lane.flying);
    chaos_load.lanes[index].flying = false;
    if (lane.is_poll)
        chaos_watch_answered(&lane, answer);
    else
        chaos_op_answered(&lane, answer);
}

static int32_t wait_ms(const struct running *running, int64_t now)
{
    int64_t until = now + TURN_MS_MAX * INT64_C(1000);
    int32_t slot;
    int64_t at;

    if (chaos_load.has_broker && chaos_amqp_has_more())
        return 0;
    if (chaos_due_first(&chaos_load.op_due, &slot, &at) && at < until)
        until = at;
    if (may_poll() && chaos_due_first(&chaos_load.watch_due, &slot, &at) && at < until)
        until = at;
    if (!chaos_load.draining && running->next_us < until)
        until = running->next_us;
    return until > now ? (int32_t)((until - now + 999) / 1000) : 0;
}

static void turn(const struct running *running, int wake_fd)
{
    struct pollfd fds[3];
    int32_t count = 0;

    if (chaos_load.has_broker) {
        chaos_amqp_turn();
        count = chaos_amqp_fds(fds);
    }
    /* It stays readable for ever. */
    if (!fc_process_stopping())
        fds[count++] = (struct pollfd){.fd = wake_fd, .events = POLLIN};
    chaos_http_turn(fds, count, wait_ms(running, chaos_now_us()), on_answered, NULL);
}

/* What is under way is given up, and nobody knows what becomes of it. */
static void abandon(void)
{
    for (int32_t i = 0; i < CHAOS_LANES_MAX; i++) {
        const struct chaos_lane *lane = &chaos_load.lanes[i];

        if (lane->flying && !lane->is_poll)
            chaos_op_lose(&chaos_load.ops[lane->slot], lane->attempt);
    }
    for (int32_t i = 0; i < CHAOS_OPS_MAX; i++)
        if (chaos_load.ops[i].used)
            chaos_op_abandon(&chaos_load.ops[i]);
    for (int32_t i = 0; i < CHAOS_WATCHES_MAX; i++) {
        const struct chaos_watch *watch = &chaos_load.watches[i];

        chaos_load.tally.undecided += watch->used && !watch->decided;
    }
}

void chaos_load_run(const struct chaos_source *source, int wake_fd)
{
    struct running running = {.source = source, .next_us = chaos_now_us()};
    int64_t now = running.next_us;

    running.end_us = source->seconds > 0 ? now + source->seconds * FC_US_PER_S : INT64_MAX;
    while (!chaos_load.history_failed) {
        now = chaos_now_us();
        if (now >= running.end_us || fc_process_stopping())
            stop(&running, now);
        begin_wishes(&running, now);
        pump_ops(now);
        pump_watches(now);
        bool is_over = ops_open() + watches_open() == 0 || now >= running.drain_us;

        if (chaos_load.draining && is_over)
            break;
        turn(&running, wake_fd);
    }
    abandon();
}
