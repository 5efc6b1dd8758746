#include "platform/behaviour.h"

#include "wire/scan.h"

static void read_orders(struct wire_node *node, struct behaviour *behaviour)
{
    const struct wire_range any = {0, REFUSED_ORDERS_MAX};
    struct wire_list list;

    if (!wire_read_list(node, "refuse_orders", WIRE_OPTIONAL, any, &list))
        return;
    for (int32_t i = 0; i < list.count; i++)
        if (wire_list_uuid(&list, i, &behaviour->refuse_orders[behaviour->refuse_count]))
            behaviour->refuse_count++;
}

bool behaviour_parse(struct fc_str json, struct fc_arena *arena, struct behaviour *ret_behaviour,
                     struct wire_faults *faults)
{
    struct behaviour behaviour = {.refuse_status = 400};
    struct wire_node node;
    int64_t value;

    wire_faults_init(faults, arena);
    if (!wire_scan(json, faults))
        return false;
    wire_node_begin(&node, json, faults);
    nasty_read(&node, &behaviour.nasty);
    if (wire_read_i64(&node, "half_rate", WIRE_OPTIONAL, (struct wire_range){0, 100}, &value))
        behaviour.half_rate = (int32_t)value;
    if (wire_read_i64(&node, "refuse_status", WIRE_OPTIONAL, (struct wire_range){400, 499}, &value))
        behaviour.refuse_status = (int32_t)value;
    read_orders(&node, &behaviour);
    wire_node_end(&node);
    if (faults->count > 0)
        return false;
    *ret_behaviour = behaviour;
    return true;
}

void behaviour_put(struct fc_buf *buf, const struct behaviour *behaviour)
{
    struct wire_json json;

    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    nasty_put(&json, &behaviour->nasty);
    wire_json_key(&json, "half_rate");
    wire_json_i64(&json, behaviour->half_rate);
    wire_json_key(&json, "refuse_status");
    wire_json_i64(&json, behaviour->refuse_status);
    wire_json_key(&json, "refuse_orders");
    wire_json_array_begin(&json);
    for (int32_t i = 0; i < behaviour->refuse_count; i++)
        wire_json_uuid(&json, &behaviour->refuse_orders[i]);
    wire_json_array_end(&json);
    wire_json_object_end(&json);
}

bool behaviour_refuses(const struct behaviour *behaviour, const struct fc_uuid *order_id)
{
    for (int32_t i = 0; i < behaviour->refuse_count; i++)
        if (fc_uuid_eq(&behaviour->refuse_orders[i], order_id))
            return true;
    return false;
}
