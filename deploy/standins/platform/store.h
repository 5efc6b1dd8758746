/*
 * The events that the data platform got, each however often: which are there, whether those of an
 * order came in its order, and their text, which stays in the file.
 */
#ifndef FC_STANDINS_STORE_H
#define FC_STANDINS_STORE_H

#include "base/id.h"
#include "common/lines.h"

/* Different events that are kept; more are not taken. */
#define STORE_EVENTS_MAX 4000000

struct store_event {
    struct fc_uuid id;
    struct fc_uuid order_id;
    int64_t version; /* of the order */
    struct fc_str json;
};

struct store_entry;
struct store_order;

struct store {
    struct lines lines;
    int64_t end; /* of the file, in bytes */
    struct store_entry *entries;
    int32_t entry_count;
    struct store_order *orders;
    int32_t order_count;
    int32_t *entry_slots; /* by hash: the place from 1 on, 0: free */
    int32_t *order_slots;
    int64_t event_count; /* repeats included */
    int64_t repeat_count;
    int64_t violation_count; /* new events behind a later one of their order */
};

/* An empty path: a file without a name. What is there is read again with `read`, which takes a line
 * to pieces; false: it is no event. heap: at start. */
typedef bool store_read_fn(void *arg, struct fc_str json, struct store_event *ret_event);
FC_MUST_USE enum fc_rc store_open(struct store *store, const char *path, store_read_fn *read,
                                  void *arg, struct fc_err *ret_err);

bool store_is_full(const struct store *store);

/* Takes an event, in memory and in the file; there must be room (asserted). */
FC_MUST_USE enum fc_rc store_put(struct store *store, const struct store_event *event,
                                 struct fc_err *ret_err);

/* The different events of an order in the order in which they came, as a JSON array. */
FC_MUST_USE enum fc_rc store_order_put(const struct store *store, const struct fc_uuid *order_id,
                                       struct fc_buf *buf, struct fc_err *ret_err);

#endif
