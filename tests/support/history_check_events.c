/*
 * The events of the journal and of the data platform, read with json-c alone: nothing of the code
 * that wrote them.
 */
#include "base/assert.h"
#include "base/index.h"
#include "support/history_check_evidence.h"

#include <json-c/json.h>

#include <string.h>

/* --- comparing -------------------------------------------------------------------------------- */

static uint64_t value_hash(struct json_object *value);

static uint64_t mixed(uint64_t a, uint64_t b)
{
    return fc_hash_pair((int64_t)a, (int64_t)b);
}

static uint64_t object_hash(struct json_object *value)
{
    uint64_t sum = 0;

    json_object_object_foreach(value, key, member)
    {
        sum += mixed(fc_hash_str(fc_str_of(key)), value_hash(member));
    }
    return mixed(0x6f, sum);
}

static uint64_t value_hash(struct json_object *value)
{
    enum json_type type = json_object_get_type(value);

    if (type == json_type_object)
        return object_hash(value);
    if (type == json_type_array) {
        uint64_t hash = 0x61;

        for (size_t i = 0; i < json_object_array_length(value); i++)
            hash = mixed(hash, value_hash(json_object_array_get_idx(value, i)));
        return hash;
    }
    if (type == json_type_string)
        return mixed(0x73, fc_hash_str((struct fc_str){json_object_get_string(value),
                                                       (size_t)json_object_get_string_len(value)}));
    return mixed(0x76, fc_hash_str(fc_str_of(json_object_to_json_string(value))));
}

/* NULL: no JSON. json_object_put it. */
static struct json_object *parsed(struct fc_str json)
{
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *root;

    FC_ASSERT(tokener != NULL && json.len < INT32_MAX);
    root = json_tokener_parse_ex(tokener, json.ptr, (int)json.len);
    if (json_tokener_get_error(tokener) == json_tokener_continue)
        root = json_tokener_parse_ex(tokener, "", 1);
    if (json_tokener_get_error(tokener) != json_tokener_success) {
        json_object_put(root);
        root = NULL;
    }
    json_tokener_free(tokener);
    return root;
}

bool evidence_json_hash(struct fc_str json, uint64_t *ret_hash)
{
    struct json_object *root = parsed(json);

    if (root == NULL)
        return false;
    *ret_hash = value_hash(root);
    json_object_put(root);
    return true;
}

/* --- members ---------------------------------------------------------------------------------- */

static struct json_object *member(struct json_object *object, const char *name)
{
    struct json_object *value = NULL;

    if (!json_object_is_type(object, json_type_object))
        return NULL;
    (void)json_object_object_get_ex(object, name, &value);
    return value;
}

static int64_t number(struct json_object *object, const char *name)
{
    return json_object_get_int64(member(object, name));
}

static struct fc_str text(struct json_object *object, const char *name)
{
    struct json_object *value = member(object, name);

    return json_object_is_type(value, json_type_string) ? fc_str_of(json_object_get_string(value))
                                                        : FC_STR_NONE;
}

static struct fc_uuid id_of(struct json_object *object, const char *name)
{
    struct fc_uuid id = {{0}};

    if (!fc_uuid_parse(text(object, name), &id))
        id = (struct fc_uuid){{0}};
    return id;
}

static int32_t put_lines(struct evidence *evidence, struct json_object *list)
{
    int32_t count = 0;

    if (!json_object_is_type(list, json_type_array))
        return 0;
    for (; count < (int32_t)json_object_array_length(list); count++) {
        struct json_object *line = json_object_array_get_idx(list, (size_t)count);

        *ARRAY_ADD(evidence, line) = (struct evidence_line){
            .option_id = number(line, "option_id"),
            .product_id = number(line, "product_id"),
            .quantity = number(line, "quantity"),
            .unit_price = number(line, "unit_price"),
            .category = names_put(&evidence->names, text(line, "category")),
        };
    }
    return count;
}

/* The options that a product.put brings anew. */
static int32_t put_births(struct evidence *evidence, struct json_object *list)
{
    int32_t count = 0;

    for (size_t i = 0; list != NULL && i < json_object_array_length(list); i++) {
        struct json_object *option = json_object_array_get_idx(list, i);

        if (!json_object_get_boolean(member(option, "is_new")))
            continue;
        *ARRAY_ADD(evidence, line) = (struct evidence_line){
            .option_id = number(option, "option_id"), .quantity = number(option, "stock")};
        count++;
    }
    return count;
}

/* --- an event --------------------------------------------------------------------------------- */

static const char *const told_names[TOLD_COUNT] = {
    [TOLD_OTHER] = "",
    [TOLD_WALLET_CHARGED] = "wallet.charged",
    [TOLD_WALLET_USED] = "wallet.used",
    [TOLD_WALLET_REFUNDED] = "wallet.refunded",
    [TOLD_WALLET_HELD] = "wallet.held",
    [TOLD_WALLET_RELEASED] = "wallet.released",
    [TOLD_COUPON_ISSUED] = "coupon.issued",
    [TOLD_ORDER_PLACED] = "order.placed",
    [TOLD_ORDER_PAID] = "order.paid",
    [TOLD_ORDER_CHANGED] = "order.changed",
    [TOLD_ORDER_CANCELLED] = "order.cancelled",
    [TOLD_STOCK_RESERVED] = "stock.reserved",
    [TOLD_STOCK_RELEASED] = "stock.released",
    [TOLD_STOCK_TAKEN] = "stock.taken",
    [TOLD_STOCK_RETURNED] = "stock.returned",
    [TOLD_STOCK_RESTOCKED] = "stock.restocked",
    [TOLD_PRODUCT_PUT] = "product.put",
    [TOLD_TEMPLATE_PUT] = "template.put",
    [TOLD_DAY_CLOSED] = "day.closed",
};

static enum told told_of(struct fc_str name)
{
    for (int told = TOLD_OTHER + 1; told < TOLD_COUNT; told++)
        if (fc_str_eq(fc_str_of(told_names[told]), name))
            return (enum told)told;
    return TOLD_OTHER;
}

static void read_order(struct evidence *evidence, struct json_object *data,
                       struct evidence_event *event)
{
    struct json_object *payment = member(data, "payment");
    struct fc_day day = {0};

    if (fc_day_parse(text(data, "day"), &day))
        event->day = day.days;
    event->amount = number(data, "paid");
    event->transfer = fc_str_eq(text(payment, "method"), FC_STR("bank_transfer"));
    event->after = number(payment, "from_balance");
    event->line_count = put_lines(evidence, member(data, "lines"));
    event->previous_count = put_lines(evidence, member(data, "previous"));
    if (event->told == TOLD_ORDER_PAID || event->told == TOLD_ORDER_CANCELLED)
        event->data_hash = value_hash(data);
}

static void read_stock(struct evidence *evidence, struct json_object *data,
                       struct evidence_event *event)
{
    event->from_held = json_object_get_boolean(member(data, "from_reserved"));
    event->line_count = put_lines(evidence, member(data, "lines"));
}

static void read_data(struct evidence *evidence, struct json_object *data,
                      struct evidence_event *event)
{
    switch (event->told) {
    case TOLD_WALLET_CHARGED:
    case TOLD_WALLET_USED:
    case TOLD_WALLET_REFUNDED:
    case TOLD_WALLET_HELD:
    case TOLD_WALLET_RELEASED:
        event->amount = number(data, "amount");
        event->after = number(data, "balance");
        event->from_held = json_object_get_boolean(member(data, "from_held"));
        return;
    case TOLD_COUPON_ISSUED:
        event->id = id_of(data, "coupon_id");
        event->thing = number(data, "template_id");
        event->after = number(data, "position");
        return;
    case TOLD_ORDER_PLACED:
    case TOLD_ORDER_PAID:
    case TOLD_ORDER_CHANGED:
    case TOLD_ORDER_CANCELLED:
        read_order(evidence, data, event);
        return;
    case TOLD_STOCK_RESERVED:
    case TOLD_STOCK_RELEASED:
    case TOLD_STOCK_TAKEN:
    case TOLD_STOCK_RETURNED:
        read_stock(evidence, data, event);
        return;
    case TOLD_STOCK_RESTOCKED:
        event->thing = number(data, "option_id");
        event->amount = number(data, "quantity");
        return;
    case TOLD_PRODUCT_PUT:
        event->line_count = put_births(evidence, member(data, "options"));
        return;
    case TOLD_TEMPLATE_PUT:
        event->thing = number(data, "template_id");
        event->amount = member(data, "quantity") == NULL ? -1 : number(data, "quantity");
        return;
    case TOLD_OTHER:
    case TOLD_DAY_CLOSED:
    case TOLD_COUNT:
        return;
    }
    FC_UNREACHABLE("no such event");
}

static bool put_events(struct evidence *evidence, struct json_object *list,
                       struct evidence_row *row)
{
    if (!json_object_is_type(list, json_type_array))
        return false;
    row->first_event = evidence->event_count;
    row->event_count = (int32_t)json_object_array_length(list);
    for (int32_t place = 0; place < row->event_count; place++) {
        struct json_object *event = json_object_array_get_idx(list, (size_t)place);
        struct json_object *data = member(event, "data");
        struct evidence_event read = {
            .id = id_of(data, "order_id"),
            .user_id = number(data, "user_id"),
            .version = number(event, "version"),
            .first_line = evidence->line_count,
            .row = (int32_t)evidence->row_count,
            .place = place,
            .told = told_of(text(event, "type")),
        };

        if (data == NULL)
            return false;
        read_data(evidence, data, &read);
        *ARRAY_ADD(evidence, event) = read;
    }
    return true;
}

bool evidence_put_row(struct evidence *evidence, const struct evidence_row *row,
                      const struct evidence_row_text *text_of, char ret_why[256])
{
    struct names *names = &evidence->names;
    struct evidence_row made = *row;
    struct fc_buf why = fc_buf_of(ret_why, 255);
    bool good = true;

    memset(ret_why, 0, 256);
    made.type = names_put(names, text_of->type);
    made.key = names_put(names, text_of->key);
    made.idempotency_key = names_put(names, text_of->idempotency_key);
    made.verdict = names_put(names, text_of->verdict);
    FC_ASSERT(evidence->row_count < INT32_MAX);
    if (!evidence_json_hash(text_of->result, &made.result_hash)) {
        fc_buf_put_text(&why, "the result of a row of the journal is no JSON");
        good = false;
    } else if (text_of->events.len > 0) {
        struct json_object *list = parsed(text_of->events);

        good = list != NULL && put_events(evidence, list, &made);
        json_object_put(list);
        if (!good)
            fc_buf_put_text(&why, "the events of a row of the journal cannot be read");
    }
    if (good)
        *ARRAY_ADD(evidence, row) = made;
    return good;
}

bool evidence_put_delivery(struct evidence *evidence, struct fc_str json)
{
    struct json_object *event = parsed(json);
    struct json_object *data = member(event, "data");
    struct fc_instant at = {0};
    bool good = data != NULL && fc_instant_parse(text(event, "at"), &at);

    if (good)
        *ARRAY_ADD(evidence, arrival) = (struct evidence_delivery){
            .event_id = id_of(event, "id"),
            .command_id = id_of(event, "command_id"),
            .order_id = id_of(data, "order_id"),
            .at = at.us,
            .version = number(event, "version"),
            .data_hash = value_hash(data),
            .type = names_put(&evidence->names, text(event, "type")),
        };
    json_object_put(event);
    return good;
}
