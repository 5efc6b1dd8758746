#include "host/fault.h"

#ifdef FC_FAULTS

#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define PATH_BYTES_MAX 512
#define JOB_BYTES_MAX 64
/* Lines that wait, one behind the other. */
#define ORDERS_BYTES_MAX 4096
#define PASSAGES_MAX 1000000

enum way { FREE, BATCH, START, HANDOVER, CAREFUL };

struct row {
    const char *name;
    enum way way;
};

#define ROW(id, name, jobs, way) {name, way},
static const struct row rows[FC_CRASH_POINT_COUNT] = {FC_CRASH_POINTS(ROW)};

/* One line of the file. */
struct order {
    struct fc_str name;
    int64_t passage;
    bool again;
};

static struct {
    bool ready;
    bool armed; /* there is a folder */
    char instance[JOB_BYTES_MAX];
    char orders[PATH_BYTES_MAX];
    char died[PATH_BYTES_MAX];
    enum fc_mutation mutation;
    enum fc_crash_point when_sent; /* FC_CRASH_POINT_COUNT: none */
    bool redelivered;
    char seen[ORDERS_BYTES_MAX]; /* the line that is counted */
    int64_t passages;
} fault;

/* --- at start --------------------------------------------------------------------------------- */

static enum fc_mutation mutation_read(void)
{
    struct fc_str name = fc_str_of(getenv("FIRSTCOME_MUTATION"));

    if (name.len == 0)
        return FC_MUTATION_NONE;
    if (fc_str_eq(name, FC_STR("nack-requeue")))
        return FC_MUTATION_NACK_REQUEUE;
    FC_ASSERT(fc_str_eq(name, FC_STR("ack-first")));
    return FC_MUTATION_ACK_FIRST;
}

static void prepare(void)
{
    struct fc_str instance = fc_str_of(getenv("FIRSTCOME_INSTANCE"));
    const char *folder = getenv("FIRSTCOME_CRASH_DIR");
    struct fc_str job = instance;

    fault.ready = true;
    fault.mutation = mutation_read();
    fault.when_sent = FC_CRASH_POINT_COUNT;
    if (folder == NULL || instance.len == 0)
        return;
    while (job.len > 0 && job.ptr[job.len - 1] != '-')
        job.len--;
    FC_ASSERT(job.len > 1);
    job.len--;
    fault.armed = fc_str_copy(instance, fault.instance, sizeof(fault.instance));
    int length = snprintf(fault.orders, PATH_BYTES_MAX, "%s/" FC_STR_FMT, folder, FC_STR_ARG(job));
    int longer = snprintf(fault.died, PATH_BYTES_MAX, "%s.died", fault.orders);

    FC_ASSERT(fault.armed && length > 0 && longer < PATH_BYTES_MAX);
}

/* --- orders ----------------------------------------------------------------------------------- */

/* What the file holds; `ret_bytes` keeps it. */
static struct fc_str orders_read(int fd, char ret_bytes[ORDERS_BYTES_MAX])
{
    ssize_t count = pread(fd, ret_bytes, ORDERS_BYTES_MAX, 0);

    FC_ASSERT(count >= 0 && count < ORDERS_BYTES_MAX);
    return (struct fc_str){ret_bytes, (size_t)count};
}

static struct order order_of(struct fc_str line)
{
    struct order order = {fc_str_cut(&line, ':'), 1, false};
    struct fc_str passage = fc_str_cut(&line, ':');
    bool known = false;

    FC_ASSERT(passage.len == 0 || fc_str_to_i64(passage, 1, PASSAGES_MAX, &order.passage));
    order.again = line.len > 0;
    FC_ASSERT(!order.again || fc_str_eq(line, FC_STR("again")));
    for (int i = 0; i < FC_CRASH_POINT_COUNT; i++)
        known = known || fc_str_eq(order.name, fc_str_of(rows[i].name));
    FC_ASSERT(known);
    return order;
}

/* Counts the passages of one line. */
static int64_t count_of(struct fc_str line)
{
    if (!fc_str_eq(line, fc_str_of(fault.seen))) {
        FC_ASSERT(fc_str_copy(line, fault.seen, sizeof(fault.seen)));
        fault.passages = 0;
    }
    return ++fault.passages;
}

static bool is_meant(enum fc_crash_point point, struct fc_str line)
{
    struct order order = order_of(line);
    bool in_batch = rows[point].way == BATCH || rows[point].way == CAREFUL;

    if (!fc_str_eq(order.name, fc_str_of(rows[point].name)))
        return false;
    if (order.again && in_batch && !fault.redelivered)
        return false;
    return count_of(line) >= order.passage;
}

/* --- dying ------------------------------------------------------------------------------------ */

static void testify(enum fc_crash_point point)
{
    char text[2 * JOB_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));
    int fd = open(fault.died, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);

    FC_ASSERT(fd >= 0);
    fc_buf_put_fmt(&buf, "%s %s %d\n", rows[point].name, fault.instance, (int)getpid());
    FC_ASSERT(write(fd, text, buf.len) == (ssize_t)buf.len);
}

/* Of several that pass at once one takes the line; the lock falls with its death. */
static void die_if_first(int fd, enum fc_crash_point point, struct fc_str seen)
{
    char bytes[ORDERS_BYTES_MAX];
    struct fc_str rest;

    if (flock(fd, LOCK_EX) != 0)
        return;
    rest = orders_read(fd, bytes);
    if (!fc_str_eq(fc_str_cut(&rest, '\n'), seen))
        return;
    /* First the lines, then their end: whoever looks meanwhile finds the next line. */
    FC_ASSERT(pwrite(fd, rest.ptr, rest.len, 0) == (ssize_t)rest.len);
    testify(point);
    FC_ASSERT(ftruncate(fd, (off_t)rest.len) == 0);
    (void)kill(getpid(), SIGKILL);
    FC_UNREACHABLE("nobody outlives SIGKILL");
}

void fc_fault_pass(enum fc_crash_point point)
{
    char bytes[ORDERS_BYTES_MAX];
    struct fc_str orders;
    struct fc_str line;

    FC_ASSERT(point < FC_CRASH_POINT_COUNT);
    if (!fault.ready)
        prepare();
    if (!fault.armed)
        return;
    int fd = open(fault.orders, O_RDWR | O_CLOEXEC);

    if (fd < 0) {
        FC_ASSERT(errno == ENOENT);
        return;
    }
    orders = orders_read(fd, bytes);
    line = fc_str_cut(&orders, '\n');
    if (line.len > 0 && is_meant(point, line))
        die_if_first(fd, point, line);
    (void)close(fd);
}

/* --- what is remembered meanwhile ------------------------------------------------------------- */

void fc_fault_when_sent(enum fc_crash_point point)
{
    if (!fault.ready)
        prepare();
    fault.when_sent = point;
}

void fc_fault_sent(void)
{
    enum fc_crash_point point = fault.when_sent;

    if (!fault.ready || point == FC_CRASH_POINT_COUNT)
        return;
    fault.when_sent = FC_CRASH_POINT_COUNT;
    fc_fault_pass(point);
}

void fc_fault_batch(void)
{
    fault.redelivered = false;
}

void fc_fault_redelivered(void)
{
    fault.redelivered = true;
}

bool fc_fault_mutated(enum fc_mutation mutation)
{
    if (!fault.ready)
        prepare();
    return fault.mutation == mutation;
}

#endif
