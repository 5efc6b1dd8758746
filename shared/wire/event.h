/*
 * Events as bytes. The journal keeps an event in its short form,
 *     {"type":…,"subject":…,"version":…,"data":{…}}
 * and a command's events as a JSON array of these with a newline behind each comma: no JSON
 * string holds a raw newline, so that the array is cut without parsing. What is announced is the
 * same bytes with id, at, command_id and traceparent in front, made from the journal's row: the
 * first announcement and a repeat are equal to the byte.
 */
#ifndef FC_WIRE_EVENT_H
#define FC_WIRE_EVENT_H

#include "base/arena.h"
#include "core/event.h"

enum wire_event_family {
    WIRE_EVENT_ORDER,
    WIRE_EVENT_COUPON,
    WIRE_EVENT_WALLET,
    WIRE_EVENT_CATALOG,
    WIRE_EVENT_USER,
    WIRE_EVENT_FAMILY_COUNT
};

const char *wire_event_type_name(enum event_type type);
const char *wire_event_family_name(enum wire_event_family family);
/* By the type's name in short form or announcement: order.*, coupon.*, wallet.*, user.*, and
 * product.*, template.*, stock.* for catalog. */
FC_MUST_USE bool wire_event_family_of(struct fc_str type_name, enum wire_event_family *ret_family);

/* All events of one command in short form: "[…,\n…]". */
void wire_events_put(struct fc_buf *buf, const struct event *events, int32_t count);

struct wire_event_origin {
    struct fc_uuid command_id;
    struct fc_instant decided_at;
    struct fc_str traceparent; /* empty: none */
};

/* Walks the short forms in a journal's array: *rest starts as the whole text; false at the end. */
bool wire_events_next(struct fc_str *rest, struct fc_str *ret_short);

/* The type's name inside a short form; empty when it is none. */
struct fc_str wire_event_short_type(struct fc_str short_form);

/* The announcement of the index-th event of its command. */
void wire_event_announce(struct fc_buf *buf, const struct wire_event_origin *origin, int32_t index,
                         struct fc_str short_form);

/* What the stats worker reads: order events out of a message of announcements. */
struct wire_order_event {
    struct fc_uuid event_id;
    struct fc_uuid command_id;
    struct fc_day day; /* of ordered_at in Seoul */
    struct sold_line *lines;
    int32_t line_count;
};

/* Only order.paid is kept (others are skipped: *ret_count counts the kept); false when the bytes
 * are no JSON array of events, with the reason; the arena is rewound then. */
FC_MUST_USE bool wire_order_events_parse(struct fc_str bytes, struct fc_arena *arena,
                                         struct wire_order_event **ret_events, int32_t *ret_count,
                                         const char **ret_reason);

/* What the ingress reads out of catalog events: which options and products are first-come. */
struct wire_catalog_change {
    int64_t product_id;
    bool deleted;
    bool first_come;
    int64_t *option_ids;
    int32_t option_count;
};

FC_MUST_USE bool wire_catalog_changes_parse(struct fc_str bytes, struct fc_arena *arena,
                                            struct wire_catalog_change **ret_changes,
                                            int32_t *ret_count);

#endif
