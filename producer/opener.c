#include "producer/opener.h"

#include "base/assert.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct opener_task {
    pthread_t thread;
    opener_fn *work;
    void *arg;
    int fd; /* closed at the end, which is what the other end of the pipe tells */
};

static void *run(void *arg)
{
    struct opener_task *task = arg;

    task->work(task->arg);
    (void)close(task->fd);
    return NULL;
}

static enum fc_rc no_thread(struct fc_err *ret_err, int sys)
{
    return fc_err_set_sys(ret_err, FC_CURE_RECONNECT, "opener_start", sys);
}

enum fc_rc opener_start(struct opener *opener, opener_fn *work, void *arg, struct fc_err *ret_err)
{
    struct opener_task *task = malloc(sizeof(*task)); /* heap: while a connection is opened */
    int ends[2];

    FC_ASSERT(!opener->at_work);
    if (task == NULL || pipe(ends) != 0) {
        free(task);
        return no_thread(ret_err, errno);
    }
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    *task = (struct opener_task){.work = work, .arg = arg, .fd = ends[1]};
    int sys = pthread_create(&task->thread, NULL, run, task);

    if (sys != 0) {
        free(task);
        (void)close(ends[0]);
        (void)close(ends[1]);
        return no_thread(ret_err, sys);
    }
    opener->task = task;
    opener->fd = ends[0];
    opener->at_work = true;
    return FC_OK;
}

bool opener_is_done(struct opener *opener)
{
    struct pollfd end = {.fd = opener->fd, .events = POLLIN};

    if (!opener->at_work || poll(&end, 1, 0) != 1)
        return false;
    int sys = pthread_join(opener->task->thread, NULL);

    FC_ASSERT(sys == 0);
    free(opener->task);
    (void)close(opener->fd);
    opener->at_work = false;
    return true;
}

bool opener_abandon(struct opener *opener)
{
    if (!opener->at_work)
        return false;
    (void)pthread_detach(opener->task->thread);
    (void)close(opener->fd);
    opener->at_work = false;
    return true;
}

int opener_fd(const struct opener *opener)
{
    return opener->at_work ? opener->fd : -1;
}
