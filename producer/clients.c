#include "producer/clients.h"

#include "base/assert.h"
#include "base/limits.h"

#include <stdlib.h>
#include <sys/socket.h>

/* So many are let in above the soft bound, until those that were cut are gone. */
#define ROOM_SHARE 16

enum fc_rc clients_open(struct clients *clients, int32_t count_max, struct fc_err *ret_err)
{
    FC_ASSERT(count_max > 0);
    *clients =
        (struct clients){.count_max = count_max, .count_soft = count_max - count_max / ROOM_SHARE};
    for (int32_t i = 0; i < CLIENT_PHASE_COUNT; i++) {
        clients->lists[i].next = &clients->lists[i];
        clients->lists[i].previous = &clients->lists[i];
    }
    clients->all = calloc((size_t)count_max, sizeof(struct client)); /* heap: at start */
    if (clients->all == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "clients_open", "no memory");
    return FC_OK;
}

void clients_close(struct clients *clients)
{
    free(clients->all);
    clients->all = NULL;
}

static void list_leave(struct client *client)
{
    client->previous->next = client->next;
    client->next->previous = client->previous;
}

/* At its end: time does not go back, so the first has been there for longest. */
static void list_join(struct clients *clients, struct client *client)
{
    struct client *head = &clients->lists[client->phase];

    client->next = head;
    client->previous = head->previous;
    head->previous->next = client;
    head->previous = client;
}

struct client *client_take(struct clients *clients, int descriptor, struct fc_mono now)
{
    struct client *client = clients->free;

    if (client != NULL)
        clients->free = client->next;
    else if (clients->count_touched < clients->count_max)
        client = &clients->all[clients->count_touched++];
    else
        return NULL;
    *client = (struct client){.descriptor = descriptor, .phase = CLIENT_READING, .since = now};
    list_join(clients, client);
    clients->count++;
    return client;
}

void client_give(struct clients *clients, struct client *client)
{
    FC_ASSERT(clients->count > 0);
    list_leave(client);
    clients->count_cut -= client->is_cut ? 1 : 0;
    client->next = clients->free;
    clients->free = client;
    clients->count--;
}

void client_enter(struct clients *clients, struct client *client, enum client_phase phase,
                  struct fc_mono now)
{
    list_leave(client);
    client->phase = phase;
    client->since = now;
    list_join(clients, client);
}

bool client_is_late(const struct client *client, struct fc_mono now)
{
    int64_t ms = (now.us - client->since.us) / 1000;

    switch (client->phase) {
    case CLIENT_IDLE:
    case CLIENT_SENDING:
        return ms > CLIENT_IDLE_MS_MAX;
    case CLIENT_READING:
        return ms > HTTP_REQUEST_DEADLINE_MS;
    case CLIENT_SERVED:
        return false;
    case CLIENT_PHASE_COUNT:
        break;
    }
    FC_UNREACHABLE("no such phase");
}

static void cut(struct clients *clients, struct client *client)
{
    if (client->is_cut)
        return;
    (void)shutdown(client->descriptor, SHUT_RDWR);
    client->is_cut = true;
    clients->count_cut++;
}

void clients_cut_late(struct clients *clients, struct fc_mono now)
{
    for (int32_t i = 0; i < CLIENT_PHASE_COUNT; i++) {
        const struct client *head = &clients->lists[i];

        for (struct client *client = head->next; client != head && client_is_late(client, now);
             client = client->next)
            cut(clients, client);
    }
}

/* The one that has been in this phase for longest, that long at least, and is not cut yet. */
static struct client *oldest_of(struct clients *clients, enum client_phase phase, int64_t ms,
                                struct fc_mono now)
{
    struct client *head = &clients->lists[phase];
    struct client *client = head->next;

    while (client != head && client->is_cut)
        client = client->next;
    return client == head || now.us - client->since.us < ms * 1000 ? NULL : client;
}

void clients_make_room(struct clients *clients, struct fc_mono now)
{
    while (clients->count - clients->count_cut > clients->count_soft) {
        struct client *client = oldest_of(clients, CLIENT_IDLE, 0, now);

        if (client == NULL)
            client = oldest_of(clients, CLIENT_READING, CLIENT_SLOW_MS, now);
        if (client == NULL)
            return;
        cut(clients, client);
        clients->count_moved++;
    }
}
