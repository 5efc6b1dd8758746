#include "producer/cli/load_wire.h"

#include "base/assert.h"
#include "producer/cli/cli.h"
#include "producer/cli/load_lane.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX 256
#define WAKE_LANE UINT32_MAX
/* All that one recv may bring. */
#define RECEIVE_BYTES (128 * 1024)
#define CONNECT_MS_MAX 10000
/* Between two looks at what is overdue, and at lanes that have no connection. */
#define SWEEP_MS 100

struct load_wire {
    struct load_wire_settings settings;
    load_finished_fn *finished;
    void *arg;
    struct load_lanes lanes;
    int32_t under_way;
    struct fc_mono swept;
    /* Here and not on the stack, where a hardened build would clear it each time. */
    struct epoll_event events[EVENTS_MAX];
    char received[RECEIVE_BYTES];
};

/* --- the end of a request --------------------------------------------------------------------- */

static void finish(struct load_wire *wire, int32_t index, const struct load_answer *answer)
{
    struct load_lane *lane = &wire->lanes.items[index];

    FC_ASSERT(lane->state == LOAD_LANE_BUSY);
    wire->under_way--;
    if (answer->fate != LOAD_ANSWERED || answer->head.close || lane->ending) {
        load_lane_close(&wire->lanes, index);
        if (answer->fate == LOAD_ANSWERED)
            load_lane_connect(&wire->lanes, index);
    } else {
        lane->kept_len = 0;
        lane->arrived = 0;
        load_lane_idle(&wire->lanes, index);
    }
    wire->finished(wire->arg, index, answer);
}

static void give_up(struct load_wire *wire, int32_t index, enum load_fate fate, const char *trouble)
{
    struct load_answer answer = {.fate = fate, .at = fc_clock_mono(), .trouble = trouble};

    finish(wire, index, &answer);
}

/* The other side has ended the connection, or it broke. */
static void lane_ended(struct load_wire *wire, int32_t index, const char *why)
{
    if (wire->lanes.items[index].state == LOAD_LANE_BUSY)
        give_up(wire, index, LOAD_CUT, why);
    else
        load_lane_close(&wire->lanes, index);
}

/* --- receiving -------------------------------------------------------------------------------- */

/* Of `total` bytes in `received` the first ones, until the rest is there. */
static bool keep(struct load_wire *wire, struct load_lane *lane, size_t total)
{
    if (lane->kept == NULL)
        lane->kept = cli_memory(LOAD_KEPT_BYTES);
    if (lane->kept == NULL)
        return false;
    size_t len = total < LOAD_KEPT_BYTES ? total : LOAD_KEPT_BYTES;

    memcpy(lane->kept + lane->kept_len, wire->received + lane->kept_len, len - lane->kept_len);
    lane->kept_len = len;
    return true;
}

/* True when the request is over; `total` bytes of the answer stand in `received`, and of
 * `arrived` bytes in all those are the first. */
static bool read_answer(struct load_wire *wire, int32_t index, size_t total)
{
    struct load_lane *lane = &wire->lanes.items[index];
    struct load_answer answer = {.fate = LOAD_ANSWERED};
    enum load_parse parse = load_head_parse((struct fc_str){wire->received, total}, &answer.head);

    if (parse == LOAD_PARSE_BAD) {
        give_up(wire, index, LOAD_BAD, answer.head.trouble);
        return true;
    }
    int64_t wanted = (int64_t)answer.head.bytes + answer.head.body_bytes;

    if (parse == LOAD_PARSE_MORE || lane->arrived < wanted) {
        if (keep(wire, lane, total))
            return false;
        give_up(wire, index, LOAD_BAD, "out of memory");
        return true;
    }
    if (lane->arrived > wanted) {
        give_up(wire, index, LOAD_BAD, "more bytes than the answer has");
        return true;
    }
    answer.at = fc_clock_mono();
    answer.body = (struct fc_str){wire->received + answer.head.bytes, total - answer.head.bytes};
    finish(wire, index, &answer);
    return true;
}

static void receive(struct load_wire *wire, int32_t index)
{
    struct load_lane *lane = &wire->lanes.items[index];
    uint32_t generation = lane->generation;

    while (lane->state == LOAD_LANE_BUSY && lane->generation == generation) {
        size_t room = RECEIVE_BYTES - lane->kept_len;
        ssize_t got = recv(lane->fd, wire->received + lane->kept_len, room, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0) {
            lane_ended(wire, index,
                       got == 0 ? "the server closed the connection" : strerror(errno));
            return;
        }
        if (lane->kept_len > 0)
            memcpy(wire->received, lane->kept, lane->kept_len);
        lane->arrived += got;
        /* Edge-triggered: what is there was read when the room was not filled, unless the end of
         * the connection was told with it. */
        if (read_answer(wire, index, lane->kept_len + (size_t)got) ||
            ((size_t)got < room && !lane->ending))
            return;
    }
}

/* --- sending ---------------------------------------------------------------------------------- */

void load_wire_send(struct load_wire *wire, int32_t index, struct fc_str bytes, struct fc_mono now)
{
    struct load_lane *lane = &wire->lanes.items[index];
    ssize_t sent;

    FC_ASSERT(lane->state == LOAD_LANE_TAKEN);
    FC_ASSERT(bytes.len <= LOAD_REQUEST_BYTES_MAX);
    lane->state = LOAD_LANE_BUSY;
    lane->since = now;
    wire->under_way++;
    do
        sent = send(lane->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    /* Nothing else is under way, so that a socket has room for it all, or is broken: its event
     * tells the end of the request. */
    if (sent != (ssize_t)bytes.len)
        (void)shutdown(lane->fd, SHUT_RDWR);
}

int32_t load_wire_take(struct load_wire *wire)
{
    return load_lanes_take(&wire->lanes);
}

/* --- turns ------------------------------------------------------------------------------------ */

static void on_event(struct load_wire *wire, const struct epoll_event *event)
{
    uint32_t index = (uint32_t)event->data.u64;
    uint32_t broken = EPOLLERR | EPOLLHUP | EPOLLRDHUP;

    if (index == WAKE_LANE)
        return;
    struct load_lane *lane = &wire->lanes.items[index];

    if (lane->generation != (uint32_t)(event->data.u64 >> 32))
        return;
    if (lane->state == LOAD_LANE_CONNECTING) {
        load_lane_connected(&wire->lanes, (int32_t)index);
        return;
    }
    lane->ending = lane->ending || (event->events & broken) != 0;
    if ((event->events & (EPOLLIN | broken)) == 0)
        return;
    if (lane->state == LOAD_LANE_BUSY)
        receive(wire, (int32_t)index);
    else
        load_lane_close(&wire->lanes, (int32_t)index);
}

static void sweep(struct load_wire *wire, struct fc_mono now)
{
    wire->swept = now;
    for (int32_t i = 0; i < wire->settings.lane_count; i++) {
        struct load_lane *lane = &wire->lanes.items[i];
        int64_t ms = (now.us - lane->since.us) / 1000;

        if (lane->state == LOAD_LANE_BUSY && ms > wire->settings.timeout_ms)
            give_up(wire, i, LOAD_TIMEOUT, "no answer in time");
        if (lane->state == LOAD_LANE_CONNECTING && ms > CONNECT_MS_MAX)
            load_lane_unconnected(&wire->lanes, i, ETIMEDOUT);
        else if (lane->state == LOAD_LANE_CLOSED && wire->lanes.connecting < LOAD_CONNECTING_MAX)
            load_lane_connect(&wire->lanes, i);
    }
}

void load_wire_turn(struct load_wire *wire, struct fc_mono until)
{
    struct fc_mono now = fc_clock_mono();
    int64_t sweep_us = wire->swept.us + SWEEP_MS * 1000;
    int64_t end_us = until.us < sweep_us ? until.us : sweep_us;
    int64_t wait_us = end_us > now.us ? end_us - now.us : 0;
    struct timespec wait = {.tv_sec = wait_us / FC_US_PER_S,
                            .tv_nsec = wait_us % FC_US_PER_S * 1000};
    int count = epoll_pwait2(wire->lanes.epoll_fd, wire->events, EVENTS_MAX, &wait, NULL);

    for (int i = 0; i < count; i++)
        on_event(wire, &wire->events[i]);
    if (now.us >= sweep_us)
        sweep(wire, now);
}

/* --- the beginning and the end ---------------------------------------------------------------- */

static enum fc_rc connect_all(struct load_wire *wire, struct fc_err *ret_err)
{
    struct fc_mono end = {fc_clock_mono().us + CONNECT_MS_MAX * INT64_C(1000)};

    while (wire->lanes.connected < wire->settings.lane_count) {
        struct fc_mono now = fc_clock_mono();

        if (wire->lanes.unconnected > 0)
            return fc_err_set(ret_err, FC_CURE_RECONNECT, "connect", "%s", wire->lanes.trouble);
        if (now.us > end.us || fc_process_stopping())
            return fc_err_set(ret_err, FC_CURE_RECONNECT, "connect", "%d of %d connections came up",
                              (int)wire->lanes.connected, (int)wire->settings.lane_count);
        sweep(wire, now);
        load_wire_turn(wire, (struct fc_mono){now.us + 10000});
    }
    return FC_OK;
}

static enum fc_rc epoll_open(struct load_wire *wire, struct fc_err *ret_err)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data = {.u64 = WAKE_LANE}};

    wire->lanes.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (wire->lanes.epoll_fd < 0)
        return fc_err_set_sys(ret_err, FC_CURE_RETRY, "epoll_create1", errno);
    if (wire->settings.wake_fd >= 0 &&
        epoll_ctl(wire->lanes.epoll_fd, EPOLL_CTL_ADD, wire->settings.wake_fd, &event) != 0)
        return fc_err_set_sys(ret_err, FC_CURE_RETRY, "epoll_ctl", errno);
    return FC_OK;
}

enum fc_rc load_wire_open(const struct load_wire_settings *settings, struct load_wire **ret_wire,
                          struct fc_err *ret_err)
{
    struct load_wire *wire = cli_memory(sizeof(*wire));

    FC_ASSERT(settings->lane_count >= 1 && settings->lane_count <= LOAD_LANES_MAX);
    if (wire == NULL)
        return fc_err_set(ret_err, FC_CURE_RETRY, "load", "out of memory");
    memset(wire, 0, sizeof(*wire));
    wire->settings = *settings;
    if (!load_lanes_init(&wire->lanes, settings->lane_count))
        return fc_err_set(ret_err, FC_CURE_RETRY, "load", "out of memory");
    if (load_targets_resolve(settings->urls, &wire->lanes.targets, ret_err) == FC_OK &&
        epoll_open(wire, ret_err) == FC_OK && connect_all(wire, ret_err) == FC_OK) {
        *ret_wire = wire;
        return FC_OK;
    }
    load_wire_close(wire);
    return FC_FAIL;
}

void load_wire_close(struct load_wire *wire)
{
    if (wire == NULL)
        return;
    for (int32_t i = 0; i < wire->settings.lane_count; i++)
        load_lane_close(&wire->lanes, i);
    if (wire->lanes.epoll_fd >= 0)
        (void)close(wire->lanes.epoll_fd);
}

void load_wire_listen(struct load_wire *wire, load_finished_fn *finished, void *arg)
{
    FC_ASSERT(wire->under_way == 0);
    wire->finished = finished;
    wire->arg = arg;
}

bool load_wire_has_idle(const struct load_wire *wire)
{
    return wire->lanes.ring_count > 0;
}

int32_t load_wire_url(const struct load_wire *wire, int32_t lane)
{
    return lane % wire->lanes.targets.count;
}

int32_t load_wire_url_count(const struct load_wire *wire)
{
    return wire->lanes.targets.count;
}

struct fc_str load_wire_host(const struct load_wire *wire, int32_t url)
{
    return fc_str_of(wire->lanes.targets.items[url].host);
}

int32_t load_wire_under_way(const struct load_wire *wire)
{
    return wire->under_way;
}

int64_t load_wire_unconnected(const struct load_wire *wire)
{
    return wire->lanes.unconnected;
}

const char *load_wire_trouble(const struct load_wire *wire)
{
    return wire->lanes.trouble[0] != '\0' ? wire->lanes.trouble : NULL;
}
