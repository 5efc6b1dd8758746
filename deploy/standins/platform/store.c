#include "platform/store.h"

#include "base/assert.h"
#include "base/index.h"
#include "base/limits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Powers of two, twice what they hold. */
#define SLOT_COUNT 8388608

static_assert(SLOT_COUNT >= 2 * STORE_EVENTS_MAX, "a search for what is not there ends soon");

struct store_entry {
    struct fc_uuid id;
    int64_t at; /* in the file */
    int32_t len;
    int32_t next; /* of its order; 0: none */
};

struct store_order {
    struct fc_uuid id;
    int64_t version_max;
    int32_t first; /* its entries, from 1 on */
    int32_t last;
};

/* --- finding ---------------------------------------------------------------------------------- */

/* The slot of an id among things of `size` bytes that begin with theirs: taken by it, or free. */
static int32_t *slot_of(int32_t *slots, const void *things, size_t size, const struct fc_uuid *id)
{
    for (uint64_t at = fc_hash_uuid(id);; at++) {
        int32_t *slot = &slots[at & (SLOT_COUNT - 1)];

        if (*slot == 0)
            return slot;
        const void *thing = (const char *)things + (size_t)(*slot - 1) * size;
        const struct fc_uuid *other = thing;

        if (fc_uuid_eq(other, id))
            return slot;
    }
}

static int32_t *entry_slot(const struct store *store, const struct fc_uuid *id)
{
    return slot_of(store->entry_slots, store->entries, sizeof(*store->entries), id);
}

static int32_t *order_slot(const struct store *store, const struct fc_uuid *id)
{
    return slot_of(store->order_slots, store->orders, sizeof(*store->orders), id);
}

/* --- taking ----------------------------------------------------------------------------------- */

bool store_is_full(const struct store *store)
{
    return store->entry_count == STORE_EVENTS_MAX;
}

static struct store_order *order_of(struct store *store, const struct store_event *event)
{
    int32_t *slot = order_slot(store, &event->order_id);

    if (*slot == 0) {
        *slot = ++store->order_count;
        store->orders[*slot - 1] = (struct store_order){.id = event->order_id};
    }
    return &store->orders[*slot - 1];
}

/* Counts an event whose line begins at store->end. */
static void count(struct store *store, const struct store_event *event)
{
    int32_t *slot = entry_slot(store, &event->id);
    struct store_order *order;

    store->event_count++;
    if (*slot != 0) {
        store->repeat_count++;
        return;
    }
    FC_ASSERT(!store_is_full(store));
    *slot = ++store->entry_count;
    store->entries[*slot - 1] =
        (struct store_entry){.id = event->id, .at = store->end, .len = (int32_t)event->json.len};
    order = order_of(store, event);
    if (order->first == 0)
        order->first = *slot;
    else
        store->entries[order->last - 1].next = *slot;
    order->last = *slot;
    if (event->version < order->version_max)
        store->violation_count++;
    else
        order->version_max = event->version;
}

enum fc_rc store_put(struct store *store, const struct store_event *event, struct fc_err *ret_err)
{
    if (lines_append(&store->lines, event->json, ret_err) == FC_FAIL)
        return FC_FAIL;
    count(store, event);
    store->end += (int64_t)event->json.len + 1;
    return FC_OK;
}

/* --- opening ---------------------------------------------------------------------------------- */

struct reading {
    struct store *store;
    store_read_fn *read;
    void *arg;
};

static void read_line(void *arg, struct fc_str line)
{
    struct reading *reading = arg;
    struct store_event event;

    if (!store_is_full(reading->store) && reading->read(reading->arg, line, &event))
        count(reading->store, &event);
    reading->store->end += (int64_t)line.len + 1;
}

enum fc_rc store_open(struct store *store, const char *path, store_read_fn *read, void *arg,
                      struct fc_err *ret_err)
{
    struct reading reading = {store, read, arg};

    *store = (struct store){.end = 0};
    store->entries = calloc(STORE_EVENTS_MAX, sizeof(*store->entries));   /* heap: at start */
    store->orders = calloc(STORE_EVENTS_MAX, sizeof(*store->orders));     /* heap: at start */
    store->entry_slots = calloc(SLOT_COUNT, sizeof(*store->entry_slots)); /* heap: at start */
    store->order_slots = calloc(SLOT_COUNT, sizeof(*store->order_slots)); /* heap: at start */
    if (store->entries == NULL || store->orders == NULL || store->entry_slots == NULL ||
        store->order_slots == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "store_open", "no memory");
    if (lines_open(&store->lines, path, read_line, &reading, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (store->lines.fd < 0) {
        FILE *nameless = tmpfile();

        if (nameless == NULL)
            return fc_err_set_sys(ret_err, FC_CURE_EXIT, "tmpfile", errno);
        store->lines.fd = fileno(nameless);
    }
    return FC_OK;
}

/* --- telling ---------------------------------------------------------------------------------- */

static enum fc_rc entry_put(const struct store *store, const struct store_entry *entry,
                            struct fc_buf *buf, struct fc_err *ret_err)
{
    size_t room = buf->size - buf->len;
    size_t len = (size_t)entry->len;

    if (buf->overflow || room < len) {
        buf->overflow = true;
        return FC_OK;
    }
    if (pread(store->lines.fd, buf->ptr + buf->len, len, (off_t)entry->at) != (ssize_t)len)
        return fc_err_set_sys(ret_err, FC_CURE_EXIT, "pread", errno);
    buf->len += len;
    return FC_OK;
}

enum fc_rc store_order_put(const struct store *store, const struct fc_uuid *order_id,
                           struct fc_buf *buf, struct fc_err *ret_err)
{
    int32_t slot = *order_slot(store, order_id);
    int32_t at = slot == 0 ? 0 : store->orders[slot - 1].first;

    fc_buf_put_char(buf, '[');
    for (bool is_first = true; at != 0; is_first = false) {
        const struct store_entry *entry = &store->entries[at - 1];

        if (!is_first)
            fc_buf_put_char(buf, ',');
        if (entry_put(store, entry, buf, ret_err) == FC_FAIL)
            return FC_FAIL;
        at = entry->next;
    }
    fc_buf_put_char(buf, ']');
    return FC_OK;
}
