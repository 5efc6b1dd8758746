#include "producer/wait.h"

#include "base/assert.h"
#include "base/index.h"

#define NEVER INT64_MAX

static void list_init(struct wait *list)
{
    *list = (struct wait){.kind = WAIT_NONE, .next = list, .previous = list};
}

static void list_append(struct wait *list, struct wait *wait)
{
    wait->next = list;
    wait->previous = list->previous;
    list->previous->next = wait;
    list->previous = wait;
}

static void list_unlink(struct wait *wait)
{
    wait->previous->next = wait->next;
    wait->next->previous = wait->previous;
}

void wait_table_init(struct wait_table *table, struct wait **buckets, uint32_t count)
{
    FC_ASSERT(count > 0 && (count & (count - 1)) == 0);
    table->buckets = buckets;
    table->mask = count - 1;
    table->look_next.us = NEVER;
    table->count = 0;
    list_init(&table->rest);
}

void wait_round_init(struct wait_round *round)
{
    list_init(&round->list);
    round->under_way = false;
}

static struct wait **bucket_of(const struct wait_table *table, const struct fc_uuid *command_id)
{
    return &table->buckets[fc_hash_uuid(command_id) & table->mask];
}

static void put_at_rest(struct wait_table *table, struct wait *wait)
{
    list_append(&table->rest, wait);
    if (wait->look_at.us < table->look_next.us)
        table->look_next = wait->look_at;
}

void wait_add(struct wait_table *table, struct wait *wait, enum wait_kind kind,
              const struct fc_uuid *command_id, struct fc_mono now)
{
    struct wait **bucket = bucket_of(table, command_id);

    FC_ASSERT(wait->kind == WAIT_NONE);
    FC_ASSERT(kind != WAIT_NONE);
    wait->kind = kind;
    wait->command_id = *command_id;
    wait->look_at = now;
    wait->look_ms = 0;
    if (kind == WAIT_REPLY) {
        wait->look_ms = WAIT_REPLY_LOOK_MS_MIN;
        wait->look_at.us += WAIT_REPLY_LOOK_MS_MIN * 1000LL;
    }
    wait->bucket_next = *bucket;
    *bucket = wait;
    put_at_rest(table, wait);
    table->count++;
}

void wait_remove(struct wait_table *table, struct wait *wait)
{
    if (wait->kind == WAIT_NONE)
        return;
    struct wait **link = bucket_of(table, &wait->command_id);

    while (*link != wait) {
        FC_ASSERT(*link != NULL);
        link = &(*link)->bucket_next;
    }
    *link = wait->bucket_next;
    list_unlink(wait);
    wait->kind = WAIT_NONE;
    table->count--;
}

struct wait *wait_find(const struct wait_table *table, const struct fc_uuid *command_id,
                       const struct wait *after)
{
    struct wait *wait = after == NULL ? *bucket_of(table, command_id) : after->bucket_next;

    while (wait != NULL && !fc_uuid_eq(&wait->command_id, command_id))
        wait = wait->bucket_next;
    return wait;
}

bool wait_look_is_due(const struct wait_table *table, struct fc_mono now)
{
    return table->look_next.us <= now.us;
}

int32_t wait_round_gather(struct wait_table *table, struct wait_round *round, int32_t count_max,
                          struct fc_mono now)
{
    int32_t count = 0;
    struct wait *next;

    table->look_next.us = NEVER;
    for (struct wait *wait = table->rest.next; wait != &table->rest; wait = next) {
        next = wait->next;
        if (wait->look_at.us <= now.us && count < count_max) {
            list_unlink(wait);
            list_append(&round->list, wait);
            count++;
        } else if (wait->look_at.us < table->look_next.us) {
            table->look_next = wait->look_at;
        }
    }
    return count;
}

void wait_rest(struct wait_table *table, struct wait *wait, struct fc_mono now)
{
    bool reply = wait->kind == WAIT_REPLY;
    int32_t min_ms = reply ? WAIT_REPLY_LOOK_MS_MIN : WAIT_LOOK_MS_MIN;
    int32_t max_ms = reply ? WAIT_REPLY_LOOK_MS_MAX : WAIT_LOOK_MS_MAX;
    int32_t ms = wait->look_ms + wait->look_ms / 2;

    FC_ASSERT(wait->kind != WAIT_NONE);
    if (ms < min_ms)
        ms = min_ms;
    if (ms > max_ms)
        ms = max_ms;
    wait->look_ms = ms;
    wait->look_at.us = now.us + ms * 1000LL;
    list_unlink(wait);
    put_at_rest(table, wait);
}

void wait_hurry(struct wait_table *table, struct fc_mono now)
{
    for (struct wait *wait = table->rest.next; wait != &table->rest; wait = wait->next)
        wait->look_at = now;
    if (table->rest.next != &table->rest)
        table->look_next = now;
}

struct wait *wait_list_next(const struct wait *list, const struct wait *after)
{
    struct wait *next = after == NULL ? list->next : after->next;

    return next == list ? NULL : next;
}
