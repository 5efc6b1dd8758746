#include "wire/body.h"

#include "wire/words.h"

static void option_read(struct wire_list *list, int32_t index, struct option_put *option)
{
    struct wire_node node;

    wire_list_object(list, index, &node);
    (void)wire_read_i64(&node, "option_id", WIRE_OPTIONAL, WIRE_IDS, &option->option_id);
    (void)wire_read_text(&node, "name", WIRE_REQUIRED, (struct wire_range){1, NAME_BYTES_MAX},
                         &option->name);
    (void)wire_read_i64(&node, "surcharge", WIRE_OPTIONAL,
                        (struct wire_range){-PRICE_KRW_MAX, PRICE_KRW_MAX}, &option->surcharge.won);
    (void)wire_read_i64(&node, "stock", WIRE_REQUIRED, (struct wire_range){0, STOCK_MAX},
                        &option->stock);
    wire_node_end(&node);
}

static void options_read(struct wire_node *node, struct product_put *product)
{
    struct wire_list list;

    product->options = wire_read_items(node, "options", (struct wire_range){1, PRODUCT_OPTIONS_MAX},
                                       sizeof(*product->options), &list);
    if (product->options == NULL)
        return;
    product->option_count = list.count;
    for (int32_t i = 0; i < list.count; i++)
        option_read(&list, i, &product->options[i]);
}

void wire_body_product_read(struct wire_node *node, struct command *command)
{
    struct product_put *product = &command->body.product_put;
    int32_t status;

    *product = (struct product_put){.status = PRODUCT_ON_SALE};
    wire_body_id(node, "product_id", WIRE_OPTIONAL, wire_body_key_id(command, COMMAND_KEY_PRODUCT),
                 &product->product_id);
    (void)wire_read_text(node, "name", WIRE_REQUIRED, (struct wire_range){1, NAME_BYTES_MAX},
                         &product->name);
    (void)wire_read_i64(node, "price", WIRE_REQUIRED, (struct wire_range){0, PRICE_KRW_MAX},
                        &product->price.won);
    (void)wire_read_text(node, "category", WIRE_OPTIONAL,
                         (struct wire_range){0, CATEGORY_BYTES_MAX}, &product->category);
    if (wire_read_word(node, "status", WIRE_OPTIONAL, wire_product_words, &status))
        product->status = (enum product_status)status;
    (void)wire_read_bool(node, "first_come", WIRE_OPTIONAL, &product->first_come);
    options_read(node, product);
}

void wire_body_product_put(struct wire_json *json, const struct product_put *product)
{
    /* 0: the id is not chosen yet. */
    if (product->product_id != 0)
        wire_put_int(json, "product_id", product->product_id);
    wire_put_str(json, "name", product->name);
    wire_put_int(json, "price", product->price.won);
    if (product->category.len > 0)
        wire_put_str(json, "category", product->category);
    if (product->status != PRODUCT_ON_SALE)
        wire_put_word(json, "status", wire_product_words[product->status]);
    if (product->first_come)
        wire_put_bool(json, "first_come", true);
    wire_json_key(json, "options");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < product->option_count; i++) {
        const struct option_put *option = &product->options[i];

        wire_json_object_begin(json);
        if (option->option_id != 0)
            wire_put_int(json, "option_id", option->option_id);
        wire_put_str(json, "name", option->name);
        if (option->surcharge.won != 0)
            wire_put_int(json, "surcharge", option->surcharge.won);
        wire_put_int(json, "stock", option->stock);
        wire_json_object_end(json);
    }
    wire_json_array_end(json);
}

void wire_body_restock_read(struct wire_node *node, struct command *command)
{
    struct option_restock *restock = &command->body.option_restock;

    restock->quantity = 0;
    wire_body_id(node, "option_id", WIRE_REQUIRED, restock->option_id, &restock->option_id);
    if (wire_read_i64(node, "quantity", WIRE_REQUIRED, (struct wire_range){-STOCK_MAX, STOCK_MAX},
                      &restock->quantity) &&
        restock->quantity == 0)
        wire_node_fault(node, "quantity", "must not be 0");
}

void wire_body_restock_put(struct wire_json *json, const struct option_restock *restock)
{
    wire_put_int(json, "option_id", restock->option_id);
    wire_put_int(json, "quantity", restock->quantity);
}
