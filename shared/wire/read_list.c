#include "wire/read_value.h"

#include "base/assert.h"

void wire_list_init(struct wire_list *list, const struct wire_place *place, struct fc_str array,
                    struct wire_faults *faults)
{
    struct fc_str value;

    *list = (struct wire_list){.place = *place, .faults = faults, .array = array};
    wire_walk_begin(&list->walk, array);
    while (wire_walk_element(&list->walk, &value))
        list->count++;
    wire_walk_begin(&list->walk, array);
}

static struct fc_str element(struct wire_list *list, int32_t index)
{
    FC_ASSERT(index >= 0 && index < list->count);
    if (index + 1 < list->next) {
        wire_walk_begin(&list->walk, list->array);
        list->next = 0;
    }
    while (list->next <= index && wire_walk_element(&list->walk, &list->value))
        list->next++;
    FC_ASSERT(list->next == index + 1);
    return list->value;
}

void wire_list_object(struct wire_list *list, int32_t index, struct wire_node *ret_node)
{
    struct wire_place place = {&list->place, FC_STR_NONE, index};

    wire_node_init(ret_node, &place, element(list, index), list->faults);
}

void wire_list_fault(const struct wire_list *list, int32_t index, const char *detail)
{
    struct wire_place place = {&list->place, FC_STR_NONE, index};

    wire_value_fault(list->faults, &place, detail);
}

bool wire_list_i64(struct wire_list *list, int32_t index, struct wire_range range,
                   int64_t *ret_value)
{
    struct wire_place place = {&list->place, FC_STR_NONE, index};
    struct fc_str value = element(list, index);

    if (wire_value_kind(value) == WIRE_INTEGER)
        return wire_value_i64(list->faults, &place, value, range, ret_value);
    wire_value_fault(list->faults, &place, "must be an integer");
    return false;
}

bool wire_list_uuid(struct wire_list *list, int32_t index, struct fc_uuid *ret_id)
{
    struct fc_str value = element(list, index);

    if (wire_value_kind(value) == WIRE_STRING && wire_value_uuid(value, ret_id))
        return true;
    wire_list_fault(list, index, "must be a UUID");
    return false;
}

struct fc_str wire_list_peek_text(struct wire_list *list, int32_t index)
{
    return wire_value_peek(list->faults, element(list, index));
}
