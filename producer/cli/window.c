#include "producer/cli/window.h"

#include "base/assert.h"
#include "host/process.h"

#define TURN_MS_MAX 200
#define STOP_MS_MAX 5000

enum lane_state { LANE_FREE, LANE_RESTING, LANE_FLYING };

struct lane {
    enum lane_state state;
    struct cli_request request;
    struct fc_mono sent;
    struct fc_mono due; /* while resting */
};

struct window {
    struct cli_client *client;
    const struct cli_source *source;
    int32_t width;
    int32_t busy;
    bool done;
    bool stopping;
    struct fc_mono stop_at;
    struct lane lanes[CLI_LANES_MAX];
};

static void lane_send(struct window *window, int32_t at)
{
    struct lane *lane = &window->lanes[at];

    lane->state = LANE_FLYING;
    lane->sent = cli_client_send(window->client, at, &lane->request);
}

/* The request stands in the lane: out with it, or when its time has come. */
static void lane_begin(struct window *window, int32_t at)
{
    struct lane *lane = &window->lanes[at];

    if (lane->request.delay_ms <= 0) {
        lane_send(window, at);
        return;
    }
    lane->state = LANE_RESTING;
    lane->due.us = fc_clock_mono().us + lane->request.delay_ms * 1000LL;
    lane->request.delay_ms = 0;
}

static struct cli_answer stopped_answer(const struct lane *lane)
{
    return (struct cli_answer){
        .fate = CLI_STOPPED,
        .sent = lane->sent,
        .answered = fc_clock_mono(),
        .trouble = "asked to stop",
    };
}

static void lane_settle(struct window *window, int32_t at, const struct cli_answer *answer)
{
    const struct cli_source *source = window->source;
    struct lane *lane = &window->lanes[at];

    lane->state = LANE_FREE;
    window->busy--;
    if (source->answered(source->arg, at, &lane->request, answer) == CLI_THEN_FREE)
        return;
    if (window->stopping) {
        struct cli_answer stopped = stopped_answer(lane);

        (void)source->answered(source->arg, at, &lane->request, &stopped);
        return;
    }
    window->busy++;
    lane_begin(window, at);
}

static void on_finished(void *arg, int32_t at, struct cli_answer *answer)
{
    struct window *window = arg;

    answer->sent = window->lanes[at].sent;
    lane_settle(window, at, answer);
}

/* Fills free lanes as long as the source has something. */
static void lanes_fill(struct window *window)
{
    for (int32_t i = 0; i < window->width && !window->done; i++) {
        struct lane *lane = &window->lanes[i];

        if (lane->state != LANE_FREE)
            continue;
        lane->request = (struct cli_request){.body = cli_client_body(window->client, i)};
        enum cli_next next = window->source->next(window->source->arg, i, &lane->request);

        if (next == CLI_NEXT_NOTHING)
            return;
        window->done = next == CLI_NEXT_DONE;
        if (window->done)
            return;
        window->busy++;
        lane_begin(window, i);
    }
}

/* Sends what has rested enough; the next instant at which something is due. */
static struct fc_mono lanes_wake(struct window *window)
{
    struct fc_mono now = fc_clock_mono();
    struct fc_mono next = {now.us + TURN_MS_MAX * 1000LL};

    for (int32_t i = 0; i < window->width; i++) {
        struct lane *lane = &window->lanes[i];

        if (lane->state != LANE_RESTING)
            continue;
        if (lane->due.us <= now.us)
            lane_send(window, i);
        else if (lane->due.us < next.us)
            next = lane->due;
    }
    return next;
}

/* Nothing new; what rests is given up at once, what flies a little later. */
static void stop_turn(struct window *window)
{
    struct fc_mono now = fc_clock_mono();

    if (!window->stopping) {
        window->stopping = true;
        window->done = true;
        window->stop_at.us = now.us + STOP_MS_MAX * 1000LL;
    }
    for (int32_t i = 0; i < window->width; i++) {
        struct lane *lane = &window->lanes[i];

        if (lane->state == LANE_FREE)
            continue;
        if (lane->state == LANE_FLYING && now.us < window->stop_at.us)
            continue;
        if (lane->state == LANE_FLYING)
            cli_client_abort(window->client, i);
        struct cli_answer stopped = stopped_answer(lane);

        lane_settle(window, i, &stopped);
    }
}

void cli_window_run(struct cli_client *client, int32_t width, const struct cli_source *source)
{
    static struct window window; /* one at a time: it is too large for a stack */

    FC_ASSERT(width >= 1 && width <= cli_client_lane_count(client));
    FC_ASSERT(window.busy == 0);
    window.client = client;
    window.source = source;
    window.width = width;
    window.done = false;
    window.stopping = false;
    while (true) {
        if (fc_process_stopping())
            stop_turn(&window);
        lanes_fill(&window);
        if (window.done && window.busy == 0)
            return;
        cli_client_turn(client, lanes_wake(&window), on_finished, &window);
    }
}
