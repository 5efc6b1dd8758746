#include "wire/event_data.h"

#include "wire/words.h"

static void option_put(struct wire_json *json, const struct option_state *option)
{
    wire_json_object_begin(json);
    wire_put_int(json, "option_id", option->option_id);
    wire_put_str(json, "name", option->name);
    wire_put_int(json, "surcharge", option->surcharge.won);
    wire_put_bool(json, "is_new", option->is_new);
    if (option->is_new)
        wire_put_int(json, "stock", option->stock);
    wire_json_object_end(json);
}

static void option_read(struct wire_list *list, int32_t index, struct option_state *option)
{
    struct wire_node node;

    wire_list_object(list, index, &node);
    (void)wire_read_i64(&node, "option_id", WIRE_REQUIRED, WIRE_IDS, &option->option_id);
    (void)wire_read_text(&node, "name", WIRE_REQUIRED, (struct wire_range){1, NAME_BYTES_MAX},
                         &option->name);
    (void)wire_read_i64(&node, "surcharge", WIRE_REQUIRED,
                        (struct wire_range){-PRICE_KRW_MAX, PRICE_KRW_MAX}, &option->surcharge.won);
    (void)wire_read_bool(&node, "is_new", WIRE_REQUIRED, &option->is_new);
    if (option->is_new)
        (void)wire_read_i64(&node, "stock", WIRE_REQUIRED, (struct wire_range){0, STOCK_MAX},
                            &option->stock);
}

void wire_event_product_put(struct wire_json *json, const struct event *event)
{
    const struct product_changed *product = &event->data.product_put;

    wire_put_int(json, "product_id", product->product_id);
    wire_put_str(json, "name", product->name);
    wire_put_int(json, "price", product->price.won);
    wire_put_str(json, "category", product->category);
    wire_put_word(json, "status", wire_product_words[product->status]);
    wire_put_bool(json, "first_come", product->first_come);
    wire_json_key(json, "options");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < product->option_count; i++)
        option_put(json, &product->options[i]);
    wire_json_array_end(json);
}

void wire_event_product_read(struct wire_node *data, struct event *event)
{
    struct product_changed *product = &event->data.product_put;
    int32_t status = PRODUCT_ON_SALE;
    struct wire_list list;

    (void)wire_read_i64(data, "product_id", WIRE_REQUIRED, WIRE_IDS, &product->product_id);
    (void)wire_read_text(data, "name", WIRE_REQUIRED, (struct wire_range){1, NAME_BYTES_MAX},
                         &product->name);
    (void)wire_read_i64(data, "price", WIRE_REQUIRED, (struct wire_range){0, PRICE_KRW_MAX},
                        &product->price.won);
    (void)wire_read_text(data, "category", WIRE_REQUIRED, (struct wire_range){0, NAME_BYTES_MAX},
                         &product->category);
    (void)wire_read_word(data, "status", WIRE_REQUIRED, wire_product_words, &status);
    product->status = (enum product_status)status;
    (void)wire_read_bool(data, "first_come", WIRE_REQUIRED, &product->first_come);
    product->options = wire_read_items(data, "options", (struct wire_range){1, PRODUCT_OPTIONS_MAX},
                                       sizeof(*product->options), &list);
    product->option_count = product->options != NULL ? list.count : 0;
    for (int32_t i = 0; i < product->option_count; i++)
        option_read(&list, i, &product->options[i]);
}

void wire_event_deleted_put(struct wire_json *json, const struct event *event)
{
    const struct product_deleted *product = &event->data.product_deleted;

    wire_put_int(json, "product_id", product->product_id);
    wire_json_key(json, "option_ids");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < product->option_count; i++)
        wire_json_i64(json, product->option_ids[i]);
    wire_json_array_end(json);
}

void wire_event_deleted_read(struct wire_node *data, struct event *event)
{
    struct product_deleted *product = &event->data.product_deleted;
    struct wire_list list;

    (void)wire_read_i64(data, "product_id", WIRE_REQUIRED, WIRE_IDS, &product->product_id);
    product->option_ids =
        wire_read_items(data, "option_ids", (struct wire_range){0, PRODUCT_OPTIONS_MAX},
                        sizeof(*product->option_ids), &list);
    product->option_count = product->option_ids != NULL ? list.count : 0;
    for (int32_t i = 0; i < product->option_count; i++)
        (void)wire_list_i64(&list, i, WIRE_IDS, &product->option_ids[i]);
}

void wire_event_restocked_put(struct wire_json *json, const struct event *event)
{
    const struct stock_restocked *restocked = &event->data.stock_restocked;

    wire_put_int(json, "option_id", restocked->option_id);
    wire_put_int(json, "product_id", restocked->product_id);
    wire_put_int(json, "quantity", restocked->quantity);
}

void wire_event_restocked_read(struct wire_node *data, struct event *event)
{
    struct stock_restocked *restocked = &event->data.stock_restocked;

    (void)wire_read_i64(data, "option_id", WIRE_REQUIRED, WIRE_IDS, &restocked->option_id);
    (void)wire_read_i64(data, "product_id", WIRE_REQUIRED, WIRE_IDS, &restocked->product_id);
    (void)wire_read_i64(data, "quantity", WIRE_REQUIRED, (struct wire_range){-STOCK_MAX, STOCK_MAX},
                        &restocked->quantity);
}

void wire_stock_lines_put(struct wire_json *json, const struct stock_line *lines, int32_t count)
{
    wire_json_key(json, "lines");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < count; i++) {
        wire_json_object_begin(json);
        wire_put_int(json, "option_id", lines[i].option_id);
        wire_put_int(json, "quantity", lines[i].quantity);
        wire_json_object_end(json);
    }
    wire_json_array_end(json);
}

struct stock_line *wire_stock_lines_read(struct wire_node *data, int32_t *ret_count)
{
    struct wire_list list;
    struct stock_line *lines = wire_read_items(
        data, "lines", (struct wire_range){1, ORDER_LINES_MAX}, sizeof(*lines), &list);

    *ret_count = lines != NULL ? list.count : 0;
    for (int32_t i = 0; i < *ret_count; i++) {
        struct wire_node node;

        wire_list_object(&list, i, &node);
        (void)wire_read_i64(&node, "option_id", WIRE_REQUIRED, WIRE_IDS, &lines[i].option_id);
        (void)wire_read_i64(&node, "quantity", WIRE_REQUIRED, WIRE_PIECES, &lines[i].quantity);
    }
    return lines;
}

void wire_event_stock_put(struct wire_json *json, const struct event *event)
{
    const struct stock_moved *moved = &event->data.stock_moved;

    wire_put_uuid(json, "order_id", &moved->order_id);
    if (moved->from_reserved)
        wire_put_bool(json, "from_reserved", true);
    wire_stock_lines_put(json, moved->lines, moved->line_count);
}

void wire_event_stock_read(struct wire_node *data, struct event *event)
{
    struct stock_moved *moved = &event->data.stock_moved;

    (void)wire_read_uuid(data, "order_id", WIRE_REQUIRED, &moved->order_id);
    (void)wire_read_bool(data, "from_reserved", WIRE_OPTIONAL, &moved->from_reserved);
    moved->lines = wire_stock_lines_read(data, &moved->line_count);
}
