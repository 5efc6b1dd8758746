#include "producer/watch.h"

#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_MAX 64

int watch_open(int library_fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    int watch = epoll_create1(EPOLL_CLOEXEC);

    if (watch >= 0 && epoll_ctl(watch, EPOLL_CTL_ADD, library_fd, &event) != 0) {
        (void)close(watch);
        return -1;
    }
    return watch;
}

void watch_begin(int watch, struct request *request)
{
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLONESHOT, .data.ptr = request};

    if (!request->watched)
        request->watched = epoll_ctl(watch, EPOLL_CTL_ADD, request->descriptor, &event) == 0;
}

void watch_end(int watch, struct request *request)
{
    if (request->watched)
        (void)epoll_ctl(watch, EPOLL_CTL_DEL, request->descriptor, NULL);
    request->watched = false;
}

int32_t watch_gone(int watch, struct request **ret_requests, int32_t size)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(watch, events, size < EVENTS_MAX ? size : EVENTS_MAX, 0);
    int32_t gone = 0;

    for (int i = 0; i < count; i++)
        if (events[i].data.ptr != NULL)
            ret_requests[gone++] = events[i].data.ptr;
    return gone;
}
