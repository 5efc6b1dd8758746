/*
 * Clients that do not wait for each other: commands are sent at a fixed rate, whatever becomes of
 * those before them, and each answer's time counts from when its command was due. One in so many
 * waits for the verdict. In the end one JSON object on stdout tells how it went.
 */
#include "support/lane.h"

#include "host/clock.h"
#include "host/process.h"
#include "producer/cli/histogram.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define LANES_MAX 8000
#define EVENTS_MAX 256
/* Behind the last command so long is waited for answers. */
#define REST_S 45
#define REQUEST_BYTES 512

struct flood_lane {
    struct lane lane;
    bool busy;
    bool waits; /* for the verdict */
    struct fc_mono due;
    int32_t next_free;
};

struct flood {
    struct sockaddr_in address;
    int64_t template_id; /* 0: charges */
    int64_t user_first;
    int64_t user_count;
    int64_t rate;
    int64_t wait_every;
    int epoll;
    int32_t lane_count;
    int32_t free;
    int32_t busy_count;
    int64_t sent;
    int64_t kept_back;   /* due, and no connection was free */
    int64_t accepted;    /* 202 */
    int64_t decided;     /* verdicts, of those that waited for one */
    int64_t refused;     /* 503 */
    int64_t without_end; /* 503 that do not say when to come again */
    int64_t others;      /* any other answer, or none */
    struct cli_histogram refused_us;
    struct cli_histogram accepted_us;
    struct cli_histogram decided_us;
};

static struct flood flood;
static struct flood_lane lanes[LANES_MAX];

static int usage(void)
{
    (void)fputs("Usage: flood_client URL charges|TEMPLATE FIRST_USER USERS RATE SECONDS EVERY\n"
                "Each command is of the next user: a charge of 1, or the issue of a coupon. Every\n"
                "EVERYth waits for its verdict (0: none).\n",
                stderr);
    return FC_EXIT_USAGE;
}

/* --- lanes ------------------------------------------------------------------------------------ */

static void set_free(int32_t index)
{
    lanes[index].busy = false;
    lanes[index].next_free = flood.free;
    flood.free = index;
}

/* A free connection, a new one if need be; -1 when there are too many. */
static int32_t take_lane(void)
{
    int32_t index = flood.free;

    if (index >= 0)
        flood.free = lanes[index].next_free;
    else if (flood.lane_count < LANES_MAX)
        index = flood.lane_count++;
    else
        return -1;
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)index};

    if (!lanes[index].lane.open &&
        (!lane_open(&lanes[index].lane, &flood.address) ||
         epoll_ctl(flood.epoll, EPOLL_CTL_ADD, lanes[index].lane.fd, &event) != 0)) {
        lane_close(&lanes[index].lane);
        set_free(index);
        return -1;
    }
    return index;
}

/* --- requests and answers --------------------------------------------------------------------- */

static struct fc_str write_request(char memory[REQUEST_BYTES], bool waits)
{
    int64_t user = flood.user_first + flood.sent % flood.user_count;
    char path[64];
    char body[64];
    struct fc_buf buf = fc_buf_of(memory, REQUEST_BYTES);

    if (flood.template_id == 0) {
        (void)snprintf(path, sizeof(path), "/v1/users/%" PRId64 "/charges", user);
        (void)snprintf(body, sizeof(body), "{\"amount\":1}");
    } else {
        (void)snprintf(path, sizeof(path), "/v1/coupon-templates/%" PRId64 "/issues",
                       flood.template_id);
        (void)snprintf(body, sizeof(body), "{\"user_id\":%" PRId64 "}", user);
    }
    fc_buf_put_fmt(&buf,
                   "POST %s HTTP/1.1\r\nHost: flood\r\nContent-Type: application/json\r\n"
                   "X-User-Id: %lld\r\nX-Role: user\r\n%sContent-Length: %zu\r\n\r\n%s",
                   path, (long long)user, waits ? "Prefer: wait=30\r\n" : "", strlen(body), body);
    return fc_buf_str(&buf);
}

static void send_one(struct fc_mono due)
{
    int32_t index = take_lane();
    char memory[REQUEST_BYTES];

    if (index < 0) {
        flood.kept_back++;
        return;
    }
    struct flood_lane *lane = &lanes[index];

    lane->waits = flood.wait_every > 0 && flood.sent % flood.wait_every == 0;
    lane->due = due;
    lane->busy = true;
    flood.busy_count++;
    struct fc_str request = write_request(memory, lane->waits);

    flood.sent++;
    /* A connection that was closed meanwhile tells so when it is read. */
    (void)!lane_send(&lane->lane, request);
}

static void answered(struct flood_lane *lane, const struct lane_answer *answer)
{
    int64_t us = fc_clock_mono().us - lane->due.us;

    if (answer->status == 503) {
        flood.refused++;
        flood.without_end += answer->has_retry_after ? 0 : 1;
        cli_histogram_add(&flood.refused_us, us);
    } else if (answer->status == 202) {
        flood.accepted++;
        if (!lane->waits)
            cli_histogram_add(&flood.accepted_us, us);
    } else if (lane->waits && answer->status >= 200 && answer->status < 500) {
        flood.decided++;
        cli_histogram_add(&flood.decided_us, us);
    } else {
        flood.others++;
    }
}

static void read_lane(int32_t index)
{
    struct flood_lane *lane = &lanes[index];
    struct lane_answer answer;
    enum lane_state state = lane_read(&lane->lane, &answer);

    if (state == LANE_WAITS || !lane->busy)
        return;
    if (state == LANE_ANSWERED)
        answered(lane, &answer);
    else
        flood.others++;
    flood.busy_count--;
    set_free(index);
}

static void wait_for_answers(int32_t wait_ms)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(flood.epoll, events, EVENTS_MAX, wait_ms);

    for (int i = 0; i < count; i++)
        read_lane((int32_t)events[i].data.u32);
}

static void run(int64_t seconds)
{
    struct fc_mono begun = fc_clock_mono();
    int64_t total = flood.rate * seconds;
    int64_t due = 0;

    while (due < total) {
        int64_t now_us = fc_clock_mono().us - begun.us;

        while (due < total && due * FC_US_PER_S / flood.rate <= now_us) {
            send_one((struct fc_mono){begun.us + due * FC_US_PER_S / flood.rate});
            due++;
        }
        wait_for_answers(1);
    }
    while (flood.busy_count > 0 && fc_clock_ms_since(begun) < (seconds + REST_S) * 1000)
        wait_for_answers(100);
    flood.others += flood.busy_count;
}

static void print_times(const char *name, const struct cli_histogram *histogram)
{
    (void)printf(",\"%s_ms\":{\"p50\":%" PRId64 ",\"p99\":%" PRId64 ",\"max\":%" PRId64 "}", name,
                 cli_histogram_at(histogram, 500) / 1000, cli_histogram_at(histogram, 990) / 1000,
                 histogram->max_us / 1000);
}

static bool read_number(const char *text, int64_t min, int64_t max, int64_t *ret_number)
{
    return fc_str_to_i64(fc_str_of(text), min, max, ret_number);
}

int main(int argc, char **argv)
{
    int64_t seconds;

    if (argc != 8 || !lane_address(argv[1], &flood.address) ||
        (strcmp(argv[2], "charges") != 0 &&
         !read_number(argv[2], 1, INT64_MAX, &flood.template_id)) ||
        !read_number(argv[3], 1, INT64_MAX, &flood.user_first) ||
        !read_number(argv[4], 1, INT32_MAX, &flood.user_count) ||
        !read_number(argv[5], 1, 1000000, &flood.rate) ||
        !read_number(argv[6], 1, 3600, &seconds) ||
        !read_number(argv[7], 0, INT32_MAX, &flood.wait_every))
        return usage();
    (void)lane_count_max();
    flood.free = -1;
    flood.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (flood.epoll < 0)
        return FC_EXIT_LATER;
    run(seconds);
    (void)printf("{\"sent\":%" PRId64 ",\"kept_back\":%" PRId64 ",\"accepted\":%" PRId64
                 ",\"decided\":%" PRId64 ",\"refused\":%" PRId64 ",\"without_retry_after\":%" PRId64
                 ",\"others\":%" PRId64 ",\"connections\":%d",
                 flood.sent, flood.kept_back, flood.accepted, flood.decided, flood.refused,
                 flood.without_end, flood.others, (int)flood.lane_count);
    print_times("refused", &flood.refused_us);
    print_times("accepted", &flood.accepted_us);
    print_times("decided", &flood.decided_us);
    (void)printf("}\n");
    return FC_EXIT_OK;
}
