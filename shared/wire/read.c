#include "wire/read_value.h"

#include "base/assert.h"

#include <inttypes.h>

/* 0001-01-01T00:00:00Z */
#define INSTANT_US_MIN (-62135596800000000LL)

void wire_node_init(struct wire_node *node, const struct wire_place *place, struct fc_str value,
                    struct wire_faults *faults)
{
    node->place = *place;
    node->object = FC_STR_NONE;
    node->faults = faults;
    node->member_count = 0;
    node->asked = 0;
    if (wire_value_kind(value) == WIRE_OBJECT) {
        node->object = value;
        wire_walk_begin(&node->walk, value);
    } else {
        wire_value_fault(faults, &node->place, "must be an object");
    }
}

void wire_node_begin(struct wire_node *node, struct fc_str text, struct wire_faults *faults)
{
    struct wire_place root = {NULL, FC_STR_NONE, 0};

    wire_node_init(node, &root, wire_value_of(text), faults);
}

/* The member of that name and its place among all, where it is remembered if there is room. */
static bool look(struct wire_node *node, const char *name, struct wire_member *ret_member,
                 int32_t *ret_index)
{
    struct fc_str wanted = fc_str_of(name);
    int32_t i = 0;

    if (node->object.ptr == NULL)
        return false;
    for (; i < node->member_count; i++) {
        if (wire_member_is(&node->members[i], wanted)) {
            *ret_member = node->members[i];
            *ret_index = i;
            return true;
        }
    }
    struct wire_walk walk = node->walk;

    for (; wire_walk_member(&walk, ret_member); i++) {
        if (i < WIRE_NODE_MEMBERS_MAX) {
            node->members[node->member_count++] = *ret_member;
            node->walk = walk;
        }
        *ret_index = i;
        if (wire_member_is(ret_member, wanted))
            return true;
    }
    return false;
}

/* Whether the object's member at that place was named before. */
static bool is_repeated(const struct wire_node *node, int32_t index, struct fc_str name)
{
    struct wire_member member;
    struct wire_walk walk;

    wire_walk_begin(&walk, node->object);
    for (int32_t i = 0; i < index && wire_walk_member(&walk, &member); i++)
        if (wire_member_is(&member, name))
            return true;
    return false;
}

void wire_node_end(struct wire_node *node)
{
    struct wire_member member;
    struct wire_walk walk;

    if (node->object.ptr == NULL)
        return;
    wire_walk_begin(&walk, node->object);
    /* That there are more members is a fault of the scan, and so is one that is named twice. */
    for (int32_t i = 0; i < WIRE_MEMBERS_MAX && wire_walk_member(&walk, &member); i++) {
        char memory[WIRE_POINTER_BYTES_MAX];
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

        if ((node->asked >> i & 1) != 0)
            continue;
        struct fc_str name = wire_member_name(&member, &buf);

        if (!is_repeated(node, i, name))
            wire_node_name_fault(node, name, "is no member of this object");
    }
}

static_assert(WIRE_MEMBERS_MAX <= 64, "a bit each says what was asked for");

void wire_node_name_fault(struct wire_node *node, struct fc_str name, const char *detail)
{
    struct wire_place place = {&node->place, name, 0};

    wire_value_fault(node->faults, &place, detail);
}

void wire_node_fault(struct wire_node *node, const char *name, const char *detail)
{
    wire_node_name_fault(node, fc_str_of(name), detail);
}

/* The member, which must be of `kind`; none (ptr NULL) and, where that is wrong, a fault. */
static struct fc_str find(struct wire_node *node, const char *name, enum wire_need need,
                          enum wire_kind kind, const char *otherwise)
{
    enum wire_kind found = WIRE_NONE;
    struct wire_member member;
    int32_t index;

    if (node->object.ptr == NULL)
        return FC_STR_NONE;
    if (look(node, name, &member, &index)) {
        found = wire_value_kind(member.value);
        node->asked |= index < WIRE_MEMBERS_MAX ? (uint64_t)1 << index : 0;
    }

    if (found == kind)
        return member.value;
    if (found != WIRE_NONE && found != WIRE_NULL)
        wire_node_fault(node, name, otherwise);
    else if (need == WIRE_REQUIRED)
        wire_node_fault(node, name, "is required");
    return FC_STR_NONE;
}

static bool in_range(int64_t value, struct wire_range range)
{
    FC_ASSERT(range.min <= range.max);
    return value >= range.min && value <= range.max;
}

bool wire_read_i64(struct wire_node *node, const char *name, enum wire_need need,
                   struct wire_range range, int64_t *ret_value)
{
    struct fc_str value = find(node, name, need, WIRE_INTEGER, "must be an integer");
    struct wire_place place = {&node->place, fc_str_of(name), 0};

    return value.ptr != NULL && wire_value_i64(node->faults, &place, value, range, ret_value);
}

bool wire_read_bool(struct wire_node *node, const char *name, enum wire_need need, bool *ret_value)
{
    struct fc_str value = find(node, name, need, WIRE_BOOL, "must be true or false");

    if (value.ptr == NULL)
        return false;
    *ret_value = value.ptr[0] == 't';
    return true;
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
    struct fc_str value = find(node, name, need, WIRE_STRING, "must be a string");
    struct wire_place place = {&node->place, fc_str_of(name), 0};
    char pointer[WIRE_POINTER_BYTES_MAX];

    if (value.ptr == NULL)
        return false;
    struct fc_str text;

    if (!wire_value_text(node->faults, value, &text))
        return false;
    if (!in_range((int64_t)text.len, bytes)) {
        wire_fault_add(node->faults, wire_place_pointer(&place, pointer),
                       "must be of %" PRId64 " to %" PRId64 " bytes", bytes.min, bytes.max);
        return false;
    }
    if (has_control(text)) {
        wire_value_fault(node->faults, &place, "must not hold control characters");
        return false;
    }
    /* What had escapes is in the arena already. */
    if (text.ptr != value.ptr + 1) {
        *ret_text = text;
        return true;
    }
    node->faults->arena_full = !fc_arena_copy(node->faults->arena, text, ret_text);
    return !node->faults->arena_full;
}

bool wire_read_uuid(struct wire_node *node, const char *name, enum wire_need need,
                    struct fc_uuid *ret_id)
{
    struct fc_str value = find(node, name, need, WIRE_STRING, "must be a UUID");

    if (value.ptr == NULL)
        return false;
    if (wire_value_uuid(value, ret_id))
        return true;
    wire_node_fault(node, name, "must be a UUID");
    return false;
}

bool wire_read_instant(struct wire_node *node, const char *name, enum wire_need need,
                       struct fc_instant *ret_at)
{
    static const char otherwise[] = "must be an instant such as 2026-01-31T23:59:59.999999Z";
    struct fc_str value = find(node, name, need, WIRE_STRING, otherwise);
    char memory[WIRE_SHORT_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct fc_instant at;

    if (value.ptr == NULL)
        return false;
    /* Both ends of the years 1 to 9999 can be written; an offset may lead before the first. */
    if (!fc_instant_parse(wire_value_string(value, &buf), &at) || at.us < INSTANT_US_MIN) {
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
    struct fc_str value = find(node, name, need, WIRE_STRING, otherwise);
    char memory[WIRE_SHORT_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    if (value.ptr == NULL)
        return false;
    if (fc_day_parse(wire_value_string(value, &buf), ret_day))
        return true;
    wire_node_fault(node, name, otherwise);
    return false;
}

bool wire_read_word(struct wire_node *node, const char *name, enum wire_need need,
                    const char *const *words, int32_t *ret_index)
{
    struct fc_str value = find(node, name, need, WIRE_STRING, "must be a string");
    struct wire_place place = {&node->place, fc_str_of(name), 0};
    char pointer[WIRE_POINTER_BYTES_MAX];
    char short_memory[WIRE_SHORT_BYTES_MAX];
    struct fc_buf decoded = fc_buf_of(short_memory, sizeof(short_memory));
    char memory[128];
    struct fc_buf list = fc_buf_of(memory, sizeof(memory));

    if (value.ptr == NULL)
        return false;
    struct fc_str word = wire_value_string(value, &decoded);

    for (int32_t i = 0; words[i] != NULL; i++) {
        if (fc_str_eq(word, fc_str_of(words[i]))) {
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
    struct fc_str value = find(node, name, need, WIRE_OBJECT, "must be an object");
    struct wire_place place = {&node->place, fc_str_of(name), 0};

    ret_child->place = place;
    ret_child->object = value;
    ret_child->faults = node->faults;
    ret_child->member_count = 0;
    ret_child->asked = 0;
    if (value.ptr == NULL)
        return false;
    wire_walk_begin(&ret_child->walk, value);
    return true;
}

bool wire_read_list(struct wire_node *node, const char *name, enum wire_need need,
                    struct wire_range count, struct wire_list *ret_list)
{
    struct fc_str value = find(node, name, need, WIRE_ARRAY, "must be an array");
    struct wire_place place = {&node->place, fc_str_of(name), 0};
    char pointer[WIRE_POINTER_BYTES_MAX];
    struct wire_list list;

    if (value.ptr == NULL)
        return false;
    wire_list_init(&list, &place, value, node->faults);
    if (!in_range(list.count, count)) {
        wire_fault_add(node->faults, wire_place_pointer(&place, pointer),
                       "must have %" PRId64 " to %" PRId64 " elements", count.min, count.max);
        return false;
    }
    *ret_list = list;
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

/* The member's value, whose presence is no fault; ptr NULL: there is none. */
static struct fc_str peek(struct wire_node *node, const char *name)
{
    struct wire_member member;
    int32_t index;

    return look(node, name, &member, &index) ? member.value : FC_STR_NONE;
}

bool wire_read_null(struct wire_node *node, const char *name)
{
    return wire_value_kind(peek(node, name)) == WIRE_NULL;
}

struct fc_str wire_peek_text(struct wire_node *node, const char *name)
{
    return wire_value_peek(node->faults, peek(node, name));
}

static bool json_copy(struct fc_arena *arena, struct fc_str value, struct fc_str *ret_json)
{
    struct fc_buf buf = fc_arena_buf_begin(arena);

    wire_value_put(&buf, value);
    return fc_arena_buf_end(arena, &buf, ret_json);
}

bool wire_peek_json(struct wire_node *node, const char *name, struct fc_str *ret_json)
{
    struct fc_str value = peek(node, name);

    *ret_json = FC_STR_NONE;
    return value.ptr == NULL || json_copy(node->faults->arena, value, ret_json);
}

bool wire_node_json(const struct wire_node *node, struct fc_str *ret_json)
{
    FC_ASSERT(node->object.ptr != NULL);
    return json_copy(node->faults->arena, node->object, ret_json);
}
