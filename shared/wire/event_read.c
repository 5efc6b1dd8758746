#include "wire/event.h"

#include "base/limits.h"
#include "wire/read.h"
#include "wire/scan.h"

/* A price and a surcharge. */
#define UNIT_PRICE_KRW_MAX (2 * PRICE_KRW_MAX)

static_assert(1LL * QUANTITY_MAX * UNIT_PRICE_KRW_MAX <= 9223372036854775807LL / ORDER_LINES_MAX,
              "what is read of an order can be added up");

struct event_message {
    struct wire_tree tree;
    struct wire_faults faults;
    struct wire_list list;
};

/* False when the bytes are no JSON array. */
static bool message_open(struct event_message *message, struct fc_str bytes, struct fc_arena *arena)
{
    message->tree.root = NULL;
    wire_faults_init(&message->faults, arena);
    return wire_scan(bytes, &message->faults) &&
           wire_tree_open(&message->tree, bytes, &message->faults) &&
           wire_list_begin(&message->list, message->tree.root, &message->faults);
}

static bool sold_line_read(const struct wire_list *list, int32_t index, struct sold_line *line)
{
    struct wire_node node;

    wire_list_object(list, index, &node);
    return wire_read_i64(&node, "option_id", WIRE_REQUIRED, WIRE_IDS, &line->option_id) &&
           wire_read_i64(&node, "product_id", WIRE_REQUIRED, WIRE_IDS, &line->product_id) &&
           wire_read_i64(&node, "quantity", WIRE_REQUIRED, (struct wire_range){1, QUANTITY_MAX},
                         &line->quantity) &&
           wire_read_i64(&node, "unit_price", WIRE_REQUIRED,
                         (struct wire_range){0, UNIT_PRICE_KRW_MAX}, &line->unit_price.won);
}

static bool order_read(struct wire_node *node, struct wire_order_event *ret_order)
{
    struct fc_arena *arena = node->faults->arena;
    struct wire_list list;
    struct wire_node data;

    if (!wire_read_uuid(node, "id", WIRE_REQUIRED, &ret_order->event_id) ||
        !wire_read_uuid(node, "command_id", WIRE_REQUIRED, &ret_order->command_id) ||
        !wire_read_object(node, "data", WIRE_REQUIRED, &data) ||
        !fc_day_parse(wire_peek_text(&data, "day"), &ret_order->day) ||
        !wire_read_list(&data, "lines", WIRE_REQUIRED, (struct wire_range){1, ORDER_LINES_MAX},
                        &list))
        return false;
    ret_order->lines = fc_arena_take(arena, (size_t)list.count, sizeof(*ret_order->lines));
    if (ret_order->lines == NULL) {
        node->faults->arena_full = true;
        return false;
    }
    ret_order->line_count = list.count;
    for (int32_t i = 0; i < list.count; i++)
        if (!sold_line_read(&list, i, &ret_order->lines[i]))
            return false;
    return true;
}

/* Why the message could not be read, NULL when it could. */
static const char *orders_read(struct event_message *message, struct fc_str bytes,
                               struct fc_arena *arena, struct wire_order_event **ret_events,
                               int32_t *ret_count)
{
    int32_t kept = 0;

    if (!message_open(message, bytes, arena))
        return "the message is no JSON array";
    struct wire_order_event *events =
        fc_arena_take(arena, (size_t)message->list.count, sizeof(*events));

    if (events == NULL)
        return "the message does not fit the memory of a batch";
    for (int32_t i = 0; i < message->list.count; i++) {
        struct wire_node node;

        wire_list_object(&message->list, i, &node);
        struct fc_str type = wire_peek_text(&node, "type");

        if (type.len == 0)
            return "an element of the message is no event";
        if (!fc_str_eq(type, FC_STR("order.paid")))
            continue;
        if (order_read(&node, &events[kept]))
            kept++;
        else if (message->faults.arena_full)
            return "the message does not fit the memory of a batch";
        else
            return "an order.paid event of the message is not as the contract has it";
    }
    if (message->faults.count > 0)
        return "the message holds a member twice or a text that is none";
    *ret_events = events;
    *ret_count = kept;
    return NULL;
}

bool wire_order_events_parse(struct fc_str bytes, struct fc_arena *arena,
                             struct wire_order_event **ret_events, int32_t *ret_count,
                             const char **ret_reason)
{
    size_t mark = fc_arena_mark(arena);
    struct event_message message;
    const char *reason = orders_read(&message, bytes, arena, ret_events, ret_count);

    wire_tree_close(&message.tree);
    if (reason == NULL)
        return true;
    fc_arena_rewind(arena, mark);
    *ret_reason = reason;
    return false;
}

/* The ids of the options: {"option_id":…} each for a put, numbers for a deletion. */
static bool option_ids_read(struct wire_node *data, struct wire_catalog_change *change)
{
    struct wire_list list;

    if (!wire_read_list(data, change->deleted ? "option_ids" : "options", WIRE_REQUIRED,
                        (struct wire_range){0, PRODUCT_OPTIONS_MAX}, &list))
        return false;
    change->option_ids =
        fc_arena_take(data->faults->arena, (size_t)list.count, sizeof(*change->option_ids));
    if (change->option_ids == NULL)
        return false;
    change->option_count = list.count;
    for (int32_t i = 0; i < list.count; i++) {
        struct wire_node option;
        bool good;

        if (change->deleted) {
            good = wire_list_i64(&list, i, WIRE_IDS, &change->option_ids[i]);
        } else {
            wire_list_object(&list, i, &option);
            good = wire_read_i64(&option, "option_id", WIRE_REQUIRED, WIRE_IDS,
                                 &change->option_ids[i]);
        }
        if (!good)
            return false;
    }
    return true;
}

static bool change_read(struct wire_node *node, bool deleted, struct wire_catalog_change *change)
{
    struct wire_node data;

    change->deleted = deleted;
    return wire_read_object(node, "data", WIRE_REQUIRED, &data) &&
           wire_read_i64(&data, "product_id", WIRE_REQUIRED, WIRE_IDS, &change->product_id) &&
           (deleted || wire_read_bool(&data, "first_come", WIRE_REQUIRED, &change->first_come)) &&
           option_ids_read(&data, change);
}

static bool changes_read(struct event_message *message, struct wire_catalog_change *changes,
                         int32_t *ret_count)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < message->list.count; i++) {
        struct wire_node node;

        wire_list_object(&message->list, i, &node);
        struct fc_str type = wire_peek_text(&node, "type");
        bool deleted = fc_str_eq(type, FC_STR("product.deleted"));

        if (type.len == 0)
            return false;
        if (!deleted && !fc_str_eq(type, FC_STR("product.put")))
            continue;
        if (!change_read(&node, deleted, &changes[kept]))
            return false;
        kept++;
    }
    *ret_count = kept;
    return message->faults.count == 0;
}

bool wire_catalog_changes_parse(struct fc_str bytes, struct fc_arena *arena,
                                struct wire_catalog_change **ret_changes, int32_t *ret_count)
{
    size_t mark = fc_arena_mark(arena);
    struct wire_catalog_change *changes = NULL;
    struct event_message message;
    int32_t count = 0;
    bool good = false;

    if (!message_open(&message, bytes, arena))
        goto out;
    changes = fc_arena_take(arena, (size_t)message.list.count, sizeof(*changes));
    if (changes == NULL)
        goto out;
    good = changes_read(&message, changes, &count);
out:
    wire_tree_close(&message.tree);
    if (good) {
        *ret_changes = changes;
        *ret_count = count;
    } else {
        fc_arena_rewind(arena, mark);
    }
    return good;
}
