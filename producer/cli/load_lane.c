#include "producer/cli/load_lane.h"

#include "base/assert.h"
#include "producer/cli/cli.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

bool load_lanes_init(struct load_lanes *lanes, int32_t count)
{
    *lanes = (struct load_lanes){.count = count, .epoll_fd = -1};
    lanes->items = cli_memory((size_t)count * sizeof(*lanes->items));
    lanes->ring = cli_memory((size_t)count * sizeof(*lanes->ring));
    if (lanes->items == NULL || lanes->ring == NULL)
        return false;
    for (int32_t i = 0; i < count; i++)
        lanes->items[i] = (struct load_lane){.fd = -1};
    return true;
}

void load_lane_idle(struct load_lanes *lanes, int32_t index)
{
    FC_ASSERT(lanes->ring_count < lanes->count);
    lanes->items[index].state = LOAD_LANE_IDLE;
    lanes->ring[(lanes->ring_at + lanes->ring_count) % lanes->count] = index;
    lanes->ring_count++;
}

int32_t load_lanes_take(struct load_lanes *lanes)
{
    if (lanes->ring_count == 0)
        return -1;
    int32_t index = lanes->ring[lanes->ring_at];

    FC_ASSERT(lanes->items[index].state == LOAD_LANE_IDLE);
    lanes->ring_at = (lanes->ring_at + 1) % lanes->count;
    lanes->ring_count--;
    lanes->items[index].state = LOAD_LANE_TAKEN;
    return index;
}

/* Out of the ring, wherever it stands in it: an idle lane that ends is rare. */
static void ring_remove(struct load_lanes *lanes, int32_t index)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < lanes->ring_count; i++) {
        int32_t lane = lanes->ring[(lanes->ring_at + i) % lanes->count];

        if (lane != index)
            lanes->ring[(lanes->ring_at + kept++) % lanes->count] = lane;
    }
    lanes->ring_count = kept;
}

void load_lane_close(struct load_lanes *lanes, int32_t index)
{
    struct load_lane *lane = &lanes->items[index];

    if (lane->state == LOAD_LANE_CLOSED)
        return;
    if (lane->state == LOAD_LANE_IDLE)
        ring_remove(lanes, index);
    if (lane->state == LOAD_LANE_CONNECTING)
        lanes->connecting--;
    else
        lanes->connected--;
    if (lane->fd >= 0)
        (void)close(lane->fd);
    lane->fd = -1;
    lane->state = LOAD_LANE_CLOSED;
    lane->generation++;
    lane->ending = false;
    lane->kept_len = 0;
    lane->arrived = 0;
}

void load_lane_unconnected(struct load_lanes *lanes, int32_t index, int sys)
{
    const struct load_target *target = load_target_of(&lanes->targets, index);
    struct fc_buf buf = fc_buf_of(lanes->trouble, sizeof(lanes->trouble) - 1);

    lanes->unconnected++;
    fc_buf_put_fmt(&buf, "%.60s: %.60s", target->host, strerror(sys));
    lanes->trouble[buf.len] = '\0';
    load_lane_close(lanes, index);
}

void load_lane_connect(struct load_lanes *lanes, int32_t index)
{
    struct load_lane *lane = &lanes->items[index];
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
        .data = {.u64 = (uint64_t)lane->generation << 32 | (uint32_t)index}};
    int sys = load_target_connect(load_target_of(&lanes->targets, index), &lane->fd);

    FC_ASSERT(lane->state == LOAD_LANE_CLOSED);
    lane->state = LOAD_LANE_CONNECTING;
    lane->since = fc_clock_mono();
    lanes->connecting++;
    if (sys == 0 && epoll_ctl(lanes->epoll_fd, EPOLL_CTL_ADD, lane->fd, &event) != 0)
        sys = errno;
    if (sys != 0)
        load_lane_unconnected(lanes, index, sys);
}

void load_lane_connected(struct load_lanes *lanes, int32_t index)
{
    int sys = 0;
    socklen_t len = sizeof(sys);

    (void)getsockopt(lanes->items[index].fd, SOL_SOCKET, SO_ERROR, &sys, &len);
    if (sys != 0) {
        load_lane_unconnected(lanes, index, sys);
        return;
    }
    lanes->connecting--;
    lanes->connected++;
    load_lane_idle(lanes, index);
}
