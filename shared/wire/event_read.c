#include "wire/announced.h"
#include "wire/event.h"
#include "wire/event_data.h"

#include <string.h>

static const struct announced_type sale_types[] = {
    [WIRE_SALE_PAID] = {"order.paid", ANNOUNCED_SPOILED("an order.paid")},
    [WIRE_SALE_CANCELLED] = {"order.cancelled", ANNOUNCED_SPOILED("an order.cancelled")},
    [WIRE_SALE_CHANGED] = {"order.changed", ANNOUNCED_SPOILED("an order.changed")},
    [WIRE_SALE_DAY_CLOSED] = {"day.closed", ANNOUNCED_SPOILED("a day.closed")},
};

static bool sale_read(struct wire_node *event, int32_t type, void *item)
{
    struct wire_order_event *sale = item;
    struct wire_node data;

    sale->kind = (enum wire_sale)type;
    (void)wire_read_uuid(event, "id", WIRE_REQUIRED, &sale->event_id);
    (void)wire_read_uuid(event, "command_id", WIRE_REQUIRED, &sale->command_id);
    (void)wire_read_instant(event, "at", WIRE_REQUIRED, &sale->at);
    (void)wire_read_object(event, "data", WIRE_REQUIRED, &data);
    (void)wire_read_day(&data, "day", WIRE_REQUIRED, &sale->day);
    if (sale->kind != WIRE_SALE_DAY_CLOSED)
        sale->lines = wire_sold_lines_read(&data, "lines", &sale->line_count);
    if (sale->kind == WIRE_SALE_CHANGED)
        sale->previous = wire_sold_lines_read(&data, "previous", &sale->previous_count);
    return true;
}

bool wire_order_events_parse(struct fc_str bytes, struct fc_arena *arena,
                             struct wire_order_event **ret_events, int32_t *ret_count,
                             const char **ret_reason)
{
    static const struct announced sales = {sale_types, FC_ARRAY_COUNT(sale_types),
                                           sizeof(struct wire_order_event), sale_read};
    void *items;

    if (!wire_announced_read(&sales, bytes, arena, &items, ret_count, ret_reason))
        return false;
    *ret_events = items;
    return true;
}

enum { CATALOG_PUT, CATALOG_DELETED };

static const struct announced_type catalog_types[] = {
    [CATALOG_PUT] = {"product.put", ""},
    [CATALOG_DELETED] = {"product.deleted", ""},
};

/* {"option_id":…} each for a put, numbers for a deletion. */
static void option_id_read(struct wire_list *list, int32_t index, bool deleted, int64_t *option_id)
{
    struct wire_node option;

    if (deleted) {
        (void)wire_list_i64(list, index, WIRE_IDS, option_id);
        return;
    }
    wire_list_object(list, index, &option);
    (void)wire_read_i64(&option, "option_id", WIRE_REQUIRED, WIRE_IDS, option_id);
}

static bool change_read(struct wire_node *event, int32_t type, void *item)
{
    struct wire_catalog_change *change = item;
    struct wire_node data;
    struct wire_list list;

    change->deleted = type == CATALOG_DELETED;
    (void)wire_read_object(event, "data", WIRE_REQUIRED, &data);
    (void)wire_read_i64(&data, "product_id", WIRE_REQUIRED, WIRE_IDS, &change->product_id);
    if (!change->deleted)
        (void)wire_read_bool(&data, "first_come", WIRE_REQUIRED, &change->first_come);
    change->option_ids = wire_read_items(&data, change->deleted ? "option_ids" : "options",
                                         (struct wire_range){0, PRODUCT_OPTIONS_MAX},
                                         sizeof(*change->option_ids), &list);
    change->option_count = change->option_ids != NULL ? list.count : 0;
    for (int32_t i = 0; i < change->option_count; i++)
        option_id_read(&list, i, change->deleted, &change->option_ids[i]);
    return true;
}

/* Stock that moves is announced with each order, and is nearly all there is. Its messages are told
 * by how they begin and end and what stands in them, without being read: no escape that could hide
 * a type's name, and no word that begins as the types asked for do. What is spoiled in such a
 * message could not have been believed anyhow. */
static bool has_no_product(struct fc_str bytes)
{
    const char *end = bytes.ptr + bytes.len;
    const char *dot;

    if (bytes.len < 5 || memcmp(bytes.ptr, "[{", 2) != 0 || memcmp(end - 3, "}}]", 3) != 0 ||
        memchr(bytes.ptr, '\\', bytes.len) != NULL)
        return false;
    for (const char *at = bytes.ptr; (dot = memchr(at, '.', (size_t)(end - at))) != NULL;
         at = dot + 1)
        if (dot - bytes.ptr >= 8 && memcmp(dot - 8, "\"product", 8) == 0)
            return false;
    return true;
}

bool wire_catalog_changes_parse(struct fc_str bytes, struct fc_arena *arena,
                                struct wire_catalog_change **ret_changes, int32_t *ret_count)
{
    static const struct announced changes = {catalog_types, FC_ARRAY_COUNT(catalog_types),
                                             sizeof(struct wire_catalog_change), change_read};
    const char *reason;
    void *items;

    if (has_no_product(bytes)) {
        *ret_changes = NULL;
        *ret_count = 0;
        return true;
    }
    if (!wire_announced_read(&changes, bytes, arena, &items, ret_count, &reason))
        return false;
    *ret_changes = items;
    return true;
}
