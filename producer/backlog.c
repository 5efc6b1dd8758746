#include "producer/backlog.h"

#include "base/assert.h"
#include "base/index.h"

#include <stdlib.h>

/* As many probes as this are under way when a wait is as long as may be. */
#define PROBES_A_WAIT 64
#define PROBE_US_MIN 50000
/* A command that waited at least so long, or a thirty-second of the bound, had others before it. */
#define BUSY_US_MIN 250000
#define BUSY_SHARE 32
/* What was measured in less says nothing; what is older than the window fades. */
#define RATE_US_MIN 200000
#define RATE_US_WINDOW 1000000
/* A probe that is not answered after twice the bound and this is not waited for any longer. */
#define LOST_US 1000000

static_assert((BACKLOG_PROBES_MAX & (BACKLOG_PROBES_MAX - 1)) == 0, "a mask finds the place");
static_assert((BACKLOG_BUCKETS & (BACKLOG_BUCKETS - 1)) == 0, "a mask finds the bucket");
static_assert(PROBES_A_WAIT < BACKLOG_PROBES_MAX, "there is room for them");

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

enum fc_rc backlog_open(struct backlog *backlog, int32_t wait_ms_max, struct fc_err *ret_err)
{
    size_t count = (size_t)BACKLOG_QUEUES_MAX * BACKLOG_PROBES_MAX;

    *backlog = (struct backlog){.wait_us_max = wait_ms_max * 1000LL};
    backlog->probes = calloc(count, sizeof(*backlog->probes)); /* heap: at start */
    if (backlog->probes == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "backlog_open", "no memory");
    for (size_t i = 0; i < FC_ARRAY_COUNT(backlog->buckets); i++)
        backlog->buckets[i] = -1;
    return FC_OK;
}

void backlog_close(struct backlog *backlog)
{
    free(backlog->probes);
    backlog->probes = NULL;
}

/* --- probes ----------------------------------------------------------------------------------- */

static int32_t place_of(int32_t queue, uint32_t at)
{
    return queue * BACKLOG_PROBES_MAX + (int32_t)(at & (BACKLOG_PROBES_MAX - 1));
}

static const struct backlog_probe *probe_at(const struct backlog *backlog, int32_t queue,
                                            uint32_t at)
{
    return &backlog->probes[place_of(queue, at)];
}

static uint32_t under_way(const struct backlog_queue *queue)
{
    return queue->end - queue->first;
}

static int32_t *bucket_of(struct backlog *backlog, const struct fc_uuid *command_id)
{
    return &backlog->buckets[fc_hash_uuid(command_id) & (BACKLOG_BUCKETS - 1)];
}

static void probe_add(struct backlog *backlog, int32_t queue, const struct fc_uuid *command_id,
                      struct fc_mono now)
{
    struct backlog_queue *line = &backlog->queues[queue];
    int32_t place = place_of(queue, line->end++);
    int32_t *bucket = bucket_of(backlog, command_id);

    backlog->probes[place] = (struct backlog_probe){*command_id, line->put, now, *bucket};
    *bucket = place;
}

static void probe_drop_first(struct backlog *backlog, int32_t queue)
{
    int32_t place = place_of(queue, backlog->queues[queue].first++);
    const struct backlog_probe *probe = &backlog->probes[place];
    int32_t *link = bucket_of(backlog, &probe->command_id);

    while (*link != place) {
        FC_ASSERT(*link >= 0);
        link = &backlog->probes[*link].next;
    }
    *link = probe->next;
}

bool backlog_wants_probe(struct backlog *backlog, int32_t queue, struct fc_mono now)
{
    struct backlog_queue *line = &backlog->queues[queue];

    if (backlog->wait_us_max == 0 || now.us < line->next_at.us)
        return false;
    line->next_at.us = now.us + larger(PROBE_US_MIN, backlog->wait_us_max / PROBES_A_WAIT);
    return true;
}

void backlog_put(struct backlog *backlog, int32_t queue, const struct fc_uuid *probe,
                 struct fc_mono now)
{
    struct backlog_queue *line = &backlog->queues[queue];

    line->put++;
    if (probe == NULL)
        return;
    if (under_way(line) == BACKLOG_PROBES_MAX)
        probe_drop_first(backlog, queue);
    probe_add(backlog, queue, probe, now);
}

void backlog_forget(struct backlog *backlog)
{
    for (int32_t queue = 0; queue < BACKLOG_QUEUES_MAX; queue++) {
        struct backlog_queue *line = &backlog->queues[queue];

        while (under_way(line) > 0)
            probe_drop_first(backlog, queue);
        line->next_at.us = 0;
    }
}

/* --- the rate --------------------------------------------------------------------------------- */

static void rate_learn(struct backlog_queue *line, int64_t count, int64_t us)
{
    line->busy_count += count;
    line->busy_us += us;
    if (line->busy_us > RATE_US_WINDOW) {
        line->busy_count = line->busy_count * RATE_US_WINDOW / line->busy_us;
        line->busy_us = RATE_US_WINDOW;
    }
}

/* The time in which so many are decided. */
static int64_t time_of(const struct backlog_queue *line, int64_t count)
{
    if (line->busy_us < RATE_US_MIN)
        return count * 1000000 / BACKLOG_ASSUMED_PER_S;
    return count * line->busy_us / larger(line->busy_count, 1);
}

/* What stands before the probe is decided, and so are those before it that were not answered. */
static void answered(struct backlog *backlog, int32_t queue, uint32_t at, struct fc_mono now)
{
    struct backlog_queue *line = &backlog->queues[queue];
    struct backlog_probe probe = *probe_at(backlog, queue, at);
    int64_t waited_us = now.us - probe.put_at.us;

    /* It stood in the queue when the last answer came: the worker had work all the time since. */
    if (probe.put_at.us <= line->moved.us && probe.number > line->decided &&
        waited_us >= larger(BUSY_US_MIN, backlog->wait_us_max / BUSY_SHARE))
        rate_learn(line, (int64_t)(probe.number - line->decided), now.us - line->moved.us);
    while (line->first != at + 1)
        probe_drop_first(backlog, queue);
    if (probe.number > line->decided)
        line->decided = probe.number;
    line->moved = now;
    if (line->decided == line->put) {
        line->busy_us = 0;
        line->busy_count = 0;
    }
}

void backlog_answered(struct backlog *backlog, const struct fc_uuid *command_id, struct fc_mono now)
{
    int32_t place = *bucket_of(backlog, command_id);

    while (place >= 0 && !fc_uuid_eq(&backlog->probes[place].command_id, command_id))
        place = backlog->probes[place].next;
    if (place < 0)
        return;
    int32_t queue = place / BACKLOG_PROBES_MAX;
    uint32_t at = backlog->queues[queue].first;

    while (place_of(queue, at) != place)
        at++;
    answered(backlog, queue, at, now);
}

/* --- the wait --------------------------------------------------------------------------------- */

int64_t backlog_wait_us(const struct backlog *backlog, int32_t queue, struct fc_mono now)
{
    const struct backlog_queue *line = &backlog->queues[queue];
    int64_t wait_us = time_of(line, (int64_t)(line->put - line->decided));

    if (under_way(line) == 0)
        return wait_us;
    int64_t since_us = larger(line->moved.us, probe_at(backlog, queue, line->first)->put_at.us);

    return wait_us + larger(now.us - since_us, 0);
}

/* Nothing is under way any more that would tell when the queue is short again. */
static bool is_in_the_dark(const struct backlog *backlog, int32_t queue, struct fc_mono now)
{
    const struct backlog_queue *line = &backlog->queues[queue];

    if (under_way(line) == 0)
        return true;
    int64_t age_us = now.us - probe_at(backlog, queue, line->end - 1)->put_at.us;

    return age_us > 2 * backlog->wait_us_max + LOST_US;
}

bool backlog_refuses(struct backlog *backlog, int32_t queue, struct fc_mono now,
                     int32_t *ret_retry_s)
{
    struct backlog_queue *line = &backlog->queues[queue];
    int64_t low_us = backlog->wait_us_max / 8 * 7;

    if (backlog->wait_us_max == 0)
        return false;
    int64_t wait_us = backlog_wait_us(backlog, queue, now);

    line->refuses = wait_us > (line->refuses ? low_us : backlog->wait_us_max);
    if (!line->refuses)
        return false;
    if (now.us >= line->next_at.us && is_in_the_dark(backlog, queue, now))
        return false;
    int64_t retry_s = (wait_us - low_us) / 1000000 + 1;

    *ret_retry_s = retry_s < BACKLOG_RETRY_S_MAX ? (int32_t)retry_s : BACKLOG_RETRY_S_MAX;
    return true;
}

int64_t backlog_longest_us(const struct backlog *backlog, struct fc_mono now)
{
    int64_t longest_us = 0;

    for (int32_t queue = 0; queue < BACKLOG_QUEUES_MAX; queue++)
        longest_us = larger(longest_us, backlog_wait_us(backlog, queue, now));
    return longest_us;
}
