#include "common/held.h"

#include <microhttpd.h>
#include <stddef.h>

static void forget(struct held_list *list, struct held *held)
{
    struct held **at = &list->first;

    while (*at != NULL && *at != held)
        at = &(*at)->next;
    if (*at != NULL)
        *at = held->next;
}

static void resume(struct held_list *list, struct held *held)
{
    forget(list, held);
    held->suspended = false;
    MHD_resume_connection(held->connection);
}

bool held_turn(struct held_list *list, struct held *held)
{
    if (held->wait_ms > 0) {
        held->due = (struct fc_mono){fc_clock_mono().us + held->wait_ms * 1000LL};
        held->wait_ms = 0;
        held->suspended = true;
        held->next = list->first;
        list->first = held;
        MHD_suspend_connection(held->connection);
        return true;
    }
    return held->response != NULL &&
           MHD_queue_response(held->connection, (unsigned)held->status, held->response) == MHD_YES;
}

void held_end(struct held_list *list, struct held *held)
{
    forget(list, held);
    if (held->response != NULL)
        MHD_destroy_response(held->response);
    held->response = NULL;
}

int32_t held_due_ms(const struct held_list *list, int32_t max_ms)
{
    int64_t now_us = fc_clock_mono().us;
    int64_t wait_ms = max_ms;

    for (const struct held *held = list->first; held != NULL; held = held->next) {
        int64_t left_ms = (held->due.us - now_us + 999) / 1000;

        if (left_ms < wait_ms)
            wait_ms = left_ms > 0 ? left_ms : 0;
    }
    return (int32_t)wait_ms;
}

void held_resume_due(struct held_list *list)
{
    int64_t now_us = fc_clock_mono().us;
    struct held *next;

    for (struct held *held = list->first; held != NULL; held = next) {
        next = held->next;
        if (held->due.us <= now_us)
            resume(list, held);
    }
}

void held_resume_all(struct held_list *list)
{
    while (list->first != NULL) {
        if (list->first->response != NULL)
            MHD_destroy_response(list->first->response);
        list->first->response = NULL;
        resume(list, list->first);
    }
}
