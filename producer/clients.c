#include "producer/clients.h"

#include "base/assert.h"
#include "base/limits.h"

#include <stdlib.h>
#include <sys/socket.h>

enum fc_rc clients_open(struct clients *clients, int32_t count_max, struct fc_err *ret_err)
{
    FC_ASSERT(count_max > 0);
    *clients = (struct clients){.count_max = count_max};
    clients->list.next = &clients->list;
    clients->list.previous = &clients->list;
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

struct client *client_take(struct clients *clients, int descriptor, struct fc_mono now)
{
    struct client *client = clients->free;

    if (client != NULL)
        clients->free = client->next;
    else if (clients->count_touched < clients->count_max)
        client = &clients->all[clients->count_touched++];
    else
        return NULL;
    *client =
        (struct client){descriptor, CLIENT_READING, now, &clients->list, clients->list.previous};
    client->previous->next = client;
    clients->list.previous = client;
    clients->count++;
    return client;
}

void client_give(struct clients *clients, struct client *client)
{
    FC_ASSERT(clients->count > 0);
    client->previous->next = client->next;
    client->next->previous = client->previous;
    client->next = clients->free;
    clients->free = client;
    clients->count--;
}

void client_enter(struct client *client, enum client_phase phase, struct fc_mono now)
{
    client->phase = phase;
    client->since = now;
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

void clients_cut_late(const struct clients *clients, struct fc_mono now)
{
    for (const struct client *client = clients->list.next; client != &clients->list;
         client = client->next)
        if (client_is_late(client, now))
            (void)shutdown(client->descriptor, SHUT_RDWR);
}
