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

void watch_begin(int watch, struct client *client, struct request *request)
{
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLONESHOT, .data.ptr = client};

    client->watched_for = request;
    if (!client->is_watched) {
        client->is_watched = epoll_ctl(watch, EPOLL_CTL_ADD, client->descriptor, &event) == 0;
    } else if (client->has_left) {
        /* It was told when nobody asked, and is told once more. */
        client->has_left = false;
        (void)epoll_ctl(watch, EPOLL_CTL_MOD, client->descriptor, &event);
    }
}

void watch_end(struct client *client)
{
    client->watched_for = NULL;
}

int32_t watch_gone(int watch, struct request **ret_requests, int32_t size)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(watch, events, size < EVENTS_MAX ? size : EVENTS_MAX, 0);
    int32_t gone = 0;

    for (int i = 0; i < count; i++) {
        struct client *client = events[i].data.ptr;

        if (client == NULL)
            continue;
        client->has_left = true;
        if (client->watched_for != NULL)
            ret_requests[gone++] = client->watched_for;
    }
    return gone;
}
