/*
 * Events as bytes. The journal keeps an event in its short form,
 *     {"type":…,"subject":…,"version":…,"data":{…}}
 * and a command's events as a JSON array of these with a newline behind each comma: no JSON
 * string holds a raw newline, so that the array is cut without parsing. What is announced is the
 * same bytes with id, at, command_id and traceparent in front, made from the journal's row: the
 * first announcement and a repeat are equal to the byte.
 *
 * Members are added and never change what they mean. What was added is left out where it says
 * nothing, and read so: from_held, from_reserved, category, reason; in "payment" from_balance,
 * transfer_rate and transfer_discount, of a bank transfer alone. The template_id of a coupon that
 * the policy itself issued is null, in events and results alike; a coupon.used of the first version
 * names no template at all and is read as such a one.
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
 * product.*, template.*, stock.*, policy.* for catalog, order.* and day.* for order. */
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

/*
 * The other way: a journal's array as the events that core/decide.h applies, whatever version of
 * the program wrote it (members that came later are read as what was meant before them). Texts are
 * copied into the arena. False when the text is none of ours or the arena is full, with the reason;
 * the arena is rewound then.
 */
FC_MUST_USE bool wire_events_parse(struct fc_str journal_events, struct fc_arena *arena,
                                   struct event **ret_events, int32_t *ret_count,
                                   const char **ret_reason);

/* What the stats worker reads out of a message of announcements. */
enum wire_sale { WIRE_SALE_PAID, WIRE_SALE_CANCELLED, WIRE_SALE_CHANGED, WIRE_SALE_DAY_CLOSED };

struct wire_order_event {
    struct fc_uuid event_id;
    struct fc_uuid command_id;
    enum wire_sale kind;
    struct fc_instant at;    /* when it was decided */
    struct fc_day day;       /* of ordered_at in Seoul, whatever the kind; the day that is closed */
    struct sold_line *lines; /* of a change: as they are now */
    int32_t line_count;
    struct sold_line *previous; /* of a change: as they were */
    int32_t previous_count;
};

/* order.paid, order.cancelled, order.changed and day.closed are kept (others are skipped:
 * *ret_count counts the kept); false when the bytes are no JSON array of events, with the reason;
 * the arena is rewound then. */
FC_MUST_USE bool wire_order_events_parse(struct fc_str bytes, struct fc_arena *arena,
                                         struct wire_order_event **ret_events, int32_t *ret_count,
                                         const char **ret_reason);

/* What the payment worker reads: order.placed asks for a payment, order.failed may need one given
 * back. Of bank transfers only; the others are skipped. All else is as with the orders above. */
struct wire_payment_event {
    struct fc_uuid order_id;
    int64_t user_id;
    bool placed;            /* else failed, and the rest stays zero but for `failure` */
    struct command_key key; /* under which payment.settle stands in line */
    struct krw amount;      /* to be transferred: paid - from_balance */
    struct fc_instant expires_at;
    enum order_failure failure;
    struct fc_str traceparent; /* empty: none */
    bool postponed;            /* "postponed": true; it has been asked for before */
    struct fc_str json;        /* the event as it was announced, to the byte */
};

FC_MUST_USE bool wire_payment_events_parse(struct fc_str bytes, struct fc_arena *arena,
                                           struct wire_payment_event **ret_events,
                                           int32_t *ret_count, const char **ret_reason);

/* An element of the message by which the payment worker puts an event off: it comes back behind all
 * that waits, `postponed`. */
void wire_payment_postponed_put(struct fc_buf *buf, const struct wire_payment_event *event);

/* What the platform worker passes on: order.paid and order.cancelled, each as one line of JSON as
 * it was announced, to the byte. All else is as with the orders above. */
struct wire_told_event {
    struct fc_uuid event_id;
    struct fc_uuid order_id;
    struct fc_str json;
};

FC_MUST_USE bool wire_told_events_parse(struct fc_str bytes, struct fc_arena *arena,
                                        struct wire_told_event **ret_events, int32_t *ret_count,
                                        const char **ret_reason);

/* What the ingress reads out of catalog events: which options and products are first-come. Of a
 * message without any no more is looked at than it takes to see that, and no memory is taken. */
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
