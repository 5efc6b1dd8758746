#include "wire/read.h"

#include "base/assert.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <string.h>

/* 0001-01-01T00:00:00Z */
#define INSTANT_US_MIN (-62135596800000000LL)

static void fault(struct wire_faults *faults, const struct wire_place *place, const char *detail)
{
    char pointer[WIRE_POINTER_BYTES_MAX];

    wire_fault_add(faults, wire_place_pointer(place, pointer), "%s", detail);
}

static void node_init(struct wire_node *node, const struct wire_place *place,
                      struct json_object *value, struct wire_faults *faults)
{
    node->place = *place;
    node->object = NULL;
    node->faults = faults;
    node->name_count = 0;
    node->found_count = 0;
    if (json_object_is_type(value, json_type_object))
        node->object = value;
    else
        fault(faults, &node->place, "must be an object");
}

void wire_node_begin(struct wire_node *node, struct json_object *value, struct wire_faults *faults)
{
    struct wire_place root = {NULL, FC_STR_NONE, 0};

    node_init(node, &root, value, faults);
}

static bool asked_for(const struct wire_node *node, const char *name)
{
    for (int32_t i = 0; i < node->name_count; i++)
        if (strcmp(node->names[i], name) == 0)
            return true;
    return false;
}

void wire_node_end(struct wire_node *node)
{
    if (node->object == NULL || json_object_object_length(node->object) == node->found_count)
        return;
    struct json_object_iterator at = json_object_iter_begin(node->object);
    struct json_object_iterator end = json_object_iter_end(node->object);

    while (!json_object_iter_equal(&at, &end)) {
        const char *name = json_object_iter_peek_name(&at);

        if (!asked_for(node, name))
            wire_node_fault(node, name, "is no member of this object");
        json_object_iter_next(&at);
    }
}

void wire_node_fault(struct wire_node *node, const char *name, const char *detail)
{
    struct wire_place place = {&node->place, fc_str_of(name), 0};

    fault(node->faults, &place, detail);
}

/* The member, which must be of `type`; NULL and, where that is wrong, a fault. */
static struct json_object *find(struct wire_node *node, const char *name, enum wire_need need,
                                enum json_type type, const char *otherwise)
{
    struct json_object *value = NULL;

    if (node->object == NULL)
        return NULL;
    if (!asked_for(node, name)) {
        FC_ASSERT(node->name_count < WIRE_NODE_NAMES_MAX);
        node->names[node->name_count++] = name;
        if (json_object_object_get_ex(node->object, name, &value))
            node->found_count++;
    } else {
        (void)json_object_object_get_ex(node->object, name, &value);
    }
    if (value != NULL && json_object_get_type(value) == type)
        return value;
    if (value != NULL)
        wire_node_fault(node, name, otherwise);
    else if (need == WIRE_REQUIRED)
        wire_node_fault(node, name, "is required");
    return NULL;
}

static bool in_range(int64_t value, struct wire_range range)
{
    /* json-c brings an integer that is too large as the largest one. */
    FC_ASSERT(range.min > INT64_MIN && range.max < INT64_MAX && range.min <= range.max);
    return value >= range.min && value <= range.max;
}

static void range_fault(struct wire_faults *faults, const struct wire_place *place,
                        struct wire_range range)
{
    char pointer[WIRE_POINTER_BYTES_MAX];

    wire_fault_add(faults, wire_place_pointer(place, pointer),
                   "must be from %" PRId64 " to %" PRId64, range.min, range.max);
}

bool wire_read_i64(struct wire_node *node, const char *name, enum wire_need need,
                   struct wire_range range, int64_t *ret_value)
{
    struct json_object *value = find(node, name, need, json_type_int, "must be an integer");

    if (value == NULL)
        return false;
    int64_t number = json_object_get_int64(value);

    if (!in_range(number, range)) {
        struct wire_place place = {&node->place, fc_str_of(name), 0};

        range_fault(node->faults, &place, range);
        return false;
    }
    *ret_value = number;
    return true;
}

bool wire_read_bool(struct wire_node *node, const char *name, enum wire_need need, bool *ret_value)
{
    struct json_object *value = find(node, name, need, json_type_boolean, "must be true or false");

    if (value == NULL)
        return false;
    *ret_value = json_object_get_boolean(value) != 0;
    return true;
}

static struct fc_str string_of(struct json_object *value)
{
    return (struct fc_str){json_object_get_string(value),
                           (size_t)json_object_get_string_len(value)};
}

static bool has_control(struct fc_str text)
{
    for (size_t at = 0; at < text.len; at++)
        if ((unsigned char)text.ptr[at] < 0x20 || text.ptr[at] == 0x7F)
            return true;
    return false;
}

bool wire_read_text(struct wire_node *node, const char *name, enum wire_need need,
                    struct wire_range bytes, struct fc_str *ret_text)
{
    struct json_object *value = find(node, name, need, json_type_string, "must be a string");
    struct wire_place place = {&node->place, fc_str_of(name), 0};
    char pointer[WIRE_POINTER_BYTES_MAX];

    if (value == NULL)
        return false;
    struct fc_str text = string_of(value);

    if (!in_range((int64_t)text.len, bytes)) {
        wire_fault_add(node->faults, wire_place_pointer(&place, pointer),
                       "must be of %" PRId64 " to %" PRId64 " bytes", bytes.min, bytes.max);
        return false;
    }
    if (has_control(text)) {
        fault(node->faults, &place, "must not hold control characters");
        return false;
    }
    if (!fc_arena_copy(node->faults->arena, text, ret_text)) {
        node->faults->arena_full = true;
        return false;
    }
    return true;
}

bool wire_read_uuid(struct wire_node *node, const char *name, enum wire_need need,
                    struct fc_uuid *ret_id)
{
    struct json_object *value = find(node, name, need, json_type_string, "must be a UUID");

    if (value == NULL)
        return false;
    if (fc_uuid_parse(string_of(value), ret_id))
        return true;
    wire_node_fault(node, name, "must be a UUID");
    return false;
}

bool wire_read_instant(struct wire_node *node, const char *name, enum wire_need need,
                       struct fc_instant *ret_at)
{
    static const char otherwise[] = "must be an instant such as 2026-01-31T23:59:59.999999Z";
    struct json_object *value = find(node, name, need, json_type_string, otherwise);
    struct fc_instant at;

    if (value == NULL)
        return false;
    /* Both ends of the years 1 to 9999 can be written; an offset may lead before the first. */
    if (!fc_instant_parse(string_of(value), &at) || at.us < INSTANT_US_MIN) {
        wire_node_fault(node, name, otherwise);
        return false;
    }
    *ret_at = at;
    return true;
}

bool wire_read_day(struct wire_node *node, const char *name, enum wire_need need,
                   struct fc_day *ret_day)
{
    static const char otherwise[] = "must be a day such as 2026-01-31";
    struct json_object *value = find(node, name, need, json_type_string, otherwise);

    if (value == NULL)
        return false;
    if (fc_day_parse(string_of(value), ret_day))
        return true;
    wire_node_fault(node, name, otherwise);
    return false;
}

bool wire_read_word(struct wire_node *node, const char *name, enum wire_need need,
                    const char *const *words, int32_t *ret_index)
{
    struct json_object *value = find(node, name, need, json_type_string, "must be a string");
    struct wire_place place = {&node->place, fc_str_of(name), 0};
    char pointer[WIRE_POINTER_BYTES_MAX];
    char memory[128];
    struct fc_buf list = fc_buf_of(memory, sizeof(memory));

    if (value == NULL)
        return false;
    for (int32_t i = 0; words[i] != NULL; i++) {
        if (fc_str_eq(string_of(value), fc_str_of(words[i]))) {
            *ret_index = i;
            return true;
        }
        fc_buf_put_text(&list, i > 0 ? ", " : "");
        fc_buf_put_text(&list, words[i]);
    }
    wire_fault_add(node->faults, wire_place_pointer(&place, pointer), "must be one of " FC_STR_FMT,
                   FC_STR_ARG(fc_buf_str(&list)));
    return false;
}

bool wire_read_object(struct wire_node *node, const char *name, enum wire_need need,
                      struct wire_node *ret_child)
{
    struct json_object *value = find(node, name, need, json_type_object, "must be an object");
    struct wire_place place = {&node->place, fc_str_of(name), 0};

    *ret_child = (struct wire_node){.place = place, .faults = node->faults};
    ret_child->object = value;
    return value != NULL;
}

bool wire_read_list(struct wire_node *node, const char *name, enum wire_need need,
                    struct wire_range count, struct wire_list *ret_list)
{
    struct json_object *value = find(node, name, need, json_type_array, "must be an array");
    struct wire_place place = {&node->place, fc_str_of(name), 0};
    char pointer[WIRE_POINTER_BYTES_MAX];

    if (value == NULL)
        return false;
    int64_t length = (int64_t)json_object_array_length(value);

    if (!in_range(length, count)) {
        wire_fault_add(node->faults, wire_place_pointer(&place, pointer),
                       "must have %" PRId64 " to %" PRId64 " elements", count.min, count.max);
        return false;
    }
    *ret_list = (struct wire_list){place, value, node->faults, (int32_t)length};
    return true;
}

void *wire_read_items(struct wire_node *node, const char *name, struct wire_range count,
                      size_t size, struct wire_list *ret_list)
{
    struct wire_list list;

    if (!wire_read_list(node, name, WIRE_REQUIRED, count, &list))
        return NULL;
    void *items = fc_arena_take(node->faults->arena, (size_t)list.count, size);

    if (items == NULL)
        node->faults->arena_full = true;
    else
        *ret_list = list;
    return items;
}

bool wire_read_null(struct wire_node *node, const char *name)
{
    struct json_object *value = NULL;

    return node->object != NULL && json_object_object_get_ex(node->object, name, &value) &&
           value == NULL;
}

bool wire_list_begin(struct wire_list *list, struct json_object *value, struct wire_faults *faults)
{
    *list = (struct wire_list){{NULL, FC_STR_NONE, 0}, NULL, faults, 0};
    if (!json_object_is_type(value, json_type_array)) {
        fault(faults, &list->place, "must be an array");
        return false;
    }
    list->array = value;
    list->count = (int32_t)json_object_array_length(value);
    return true;
}

void wire_list_object(const struct wire_list *list, int32_t index, struct wire_node *ret_node)
{
    struct wire_place place = {&list->place, FC_STR_NONE, index};

    FC_ASSERT(index >= 0 && index < list->count);
    node_init(ret_node, &place, json_object_array_get_idx(list->array, (size_t)index),
              list->faults);
}

void wire_list_fault(const struct wire_list *list, int32_t index, const char *detail)
{
    struct wire_place place = {&list->place, FC_STR_NONE, index};

    fault(list->faults, &place, detail);
}

bool wire_list_i64(const struct wire_list *list, int32_t index, struct wire_range range,
                   int64_t *ret_value)
{
    struct wire_place place = {&list->place, FC_STR_NONE, index};

    FC_ASSERT(index >= 0 && index < list->count);
    struct json_object *value = json_object_array_get_idx(list->array, (size_t)index);

    if (!json_object_is_type(value, json_type_int)) {
        fault(list->faults, &place, "must be an integer");
        return false;
    }
    int64_t number = json_object_get_int64(value);

    if (!in_range(number, range)) {
        range_fault(list->faults, &place, range);
        return false;
    }
    *ret_value = number;
    return true;
}

bool wire_list_uuid(const struct wire_list *list, int32_t index, struct fc_uuid *ret_id)
{
    FC_ASSERT(index >= 0 && index < list->count);
    struct json_object *value = json_object_array_get_idx(list->array, (size_t)index);

    if (json_object_is_type(value, json_type_string) && fc_uuid_parse(string_of(value), ret_id))
        return true;
    wire_list_fault(list, index, "must be a UUID");
    return false;
}

struct fc_str wire_peek_text(struct wire_node *node, const char *name)
{
    struct json_object *value = NULL;

    if (node->object == NULL || !json_object_object_get_ex(node->object, name, &value) ||
        !json_object_is_type(value, json_type_string))
        return FC_STR_NONE;
    return string_of(value);
}
