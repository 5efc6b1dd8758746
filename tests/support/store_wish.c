#include "support/store_wish.h"

#include "base/assert.h"
#include "host/clock.h"
#include "host/process.h"
#include "wire/route.h"

#include <stdio.h>
#include <stdlib.h>

#define REPLY_TO "amq.gen-JzTY20BRgKO-HjmUJj0wLg"

static uint64_t draw(struct store_asker *asker)
{
    asker->state ^= asker->state << 13;
    asker->state ^= asker->state >> 7;
    asker->state ^= asker->state << 17;
    return asker->state;
}

/* From 1 to `count`. */
static int64_t draw_id(struct store_asker *asker, int64_t count)
{
    return (int64_t)(draw(asker) % (uint64_t)count) + 1;
}

static int32_t key_put(char key[ROUTE_KEY_BYTES_MAX], int64_t user_id)
{
    int len = snprintf(key, ROUTE_KEY_BYTES_MAX, "user:%lld", (long long)user_id);

    return wire_route_partition((struct fc_str){key, (size_t)len}, STORE_PARTITIONS);
}

/* Users by partition: counted, then laid behind one another. */
static void users_sort(struct store_asker *asker)
{
    char key[ROUTE_KEY_BYTES_MAX];
    int64_t next[STORE_PARTITIONS] = {0};

    for (int64_t user_id = 1; user_id <= asker->crowd.user_count; user_id++)
        next[key_put(key, user_id)]++;
    for (int32_t i = 0; i < STORE_PARTITIONS; i++) {
        asker->begin[i + 1] = asker->begin[i] + next[i];
        next[i] = asker->begin[i];
    }
    for (int64_t user_id = 1; user_id <= asker->crowd.user_count; user_id++)
        asker->users[next[key_put(key, user_id)]++] = user_id;
}

void store_asker_open(struct store_asker *asker, const struct store_crowd *crowd)
{
    struct fc_err err;

    *asker = (struct store_asker){.crowd = *crowd, .state = fc_process_chance() | 1};
    if (fc_ticket_init(&asker->ticket, "00112233445566778899aabbccddeeff", &err) != FC_OK)
        FC_UNREACHABLE("32 hex digits are a key");
    asker->users = calloc((size_t)crowd->user_count, sizeof(*asker->users)); /* heap: at start */
    FC_ASSERT(asker->users != NULL);
    users_sort(asker);
}

void store_asker_close(struct store_asker *asker)
{
    free(asker->users);
    *asker = (struct store_asker){0};
}

/* The next of those that the process holds, and that somebody lives in. */
static void partition_next(struct store_asker *asker)
{
    for (int32_t tries = 0; tries < 2 * STORE_PARTITIONS; tries++) {
        int32_t at = asker->partition = (asker->partition + 1) % STORE_PARTITIONS;

        if (at % asker->crowd.processes == asker->crowd.process &&
            asker->begin[at + 1] > asker->begin[at])
            return;
    }
    FC_UNREACHABLE("too few users for so many processes");
}

static void lines_draw(struct store_asker *asker, struct store_wish *wish)
{
    int64_t one = draw_id(asker, asker->crowd.option_count);
    int64_t other = draw(asker) % 2 == 0 ? one : draw_id(asker, asker->crowd.option_count);

    wish->line_count = one == other ? 1 : 2;
    wish->option_ids[0] = one < other ? one : other;
    wish->option_ids[1] = one < other ? other : one;
}

void store_ask(struct store_asker *asker, int32_t together, struct store_wish *wishes,
               int32_t count)
{
    struct fc_instant now = fc_clock_now();

    for (int32_t i = 0; i < count; i++) {
        struct store_wish *wish = &wishes[i];

        if (i % together == 0)
            partition_next(asker);
        int64_t first = asker->begin[asker->partition];
        int64_t place = draw_id(asker, asker->begin[asker->partition + 1] - first) - 1;

        *wish = (struct store_wish){.id = fc_ticket_next(&asker->ticket, now),
                                    .accepted_at = now,
                                    .user_id = asker->users[first + place]};
        wish->partition = key_put(wish->key, wish->user_id);
        lines_draw(asker, wish);
        (void)snprintf(wish->idempotency_key, sizeof(wish->idempotency_key),
                       "%08llx-0000-4000-8000-%012llx",
                       (unsigned long long)draw(asker) & 0xffffffffU,
                       (unsigned long long)draw(asker) & 0xffffffffffffU);
    }
}

/* --- as bytes --------------------------------------------------------------------------------- */

void store_wish_body_put(struct fc_buf *buf, const struct store_wish *wish)
{
    fc_buf_put(buf, FC_STR("{\"user_id\":"));
    fc_buf_put_i64(buf, wish->user_id);
    fc_buf_put(buf, FC_STR(",\"lines\":["));
    for (int32_t i = 0; i < wish->line_count; i++) {
        fc_buf_put(buf, i == 0 ? FC_STR("{\"option_id\":") : FC_STR(",{\"option_id\":"));
        fc_buf_put_i64(buf, wish->option_ids[i]);
        fc_buf_put(buf, FC_STR(",\"quantity\":1}"));
    }
    fc_buf_put(buf, FC_STR("]}"));
}

void store_wish_command_put(struct fc_buf *buf, const struct store_wish *wish)
{
    fc_buf_put(buf, FC_STR("{\"id\":\""));
    fc_uuid_put(buf, &wish->id);
    fc_buf_put(buf, FC_STR("\",\"type\":\"order.place\",\"key\":\""));
    fc_buf_put_text(buf, wish->key);
    fc_buf_put(buf, FC_STR("\",\"user_id\":"));
    fc_buf_put_i64(buf, wish->user_id);
    fc_buf_put(buf, FC_STR(",\"idempotency_key\":\""));
    fc_buf_put_text(buf, wish->idempotency_key);
    fc_buf_put(buf, FC_STR("\",\"accepted_at\":\""));
    fc_instant_put(buf, wish->accepted_at);
    fc_buf_put(buf, FC_STR("\",\"reply_to\":\"" REPLY_TO "\",\"body\":"));
    store_wish_body_put(buf, wish);
    fc_buf_put_char(buf, '}');
}
