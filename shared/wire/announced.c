#include "wire/announced.h"

#include "base/assert.h"

static const char does_not_fit[] = "the message does not fit the memory of a batch";

/* A message, cut into its elements. */
struct message {
    struct wire_element *elements;
    int32_t count;
};

/* The index of that type, -1 when it is not asked for. */
static int32_t type_of(const struct announced *announced, struct fc_str name)
{
    for (int32_t i = 0; i < announced->type_count; i++)
        if (fc_str_eq(fc_str_of(announced->types[i].name), name))
            return i;
    return -1;
}

/* Opens an element as an event: its type, -1 when that is not asked for; false when it is none. */
static bool event_open(const struct announced *announced, struct fc_str element,
                       struct wire_faults *faults, struct wire_node *event, int32_t *ret_type)
{
    wire_node_begin(event, element, faults);
    size_t mark = fc_arena_mark(faults->arena);
    struct fc_str name = wire_peek_text(event, "type");

    *ret_type = type_of(announced, name);
    fc_arena_rewind(faults->arena, mark);
    return name.len > 0;
}

/* How many are asked for, up to an element that is no event (false). */
static bool count_asked(const struct announced *announced, const struct message *message,
                        struct wire_faults *faults, int32_t *ret_count)
{
    *ret_count = 0;
    for (int32_t i = 0; i < message->count; i++) {
        struct wire_node event;
        int32_t type;

        if (!event_open(announced, message->elements[i].text, faults, &event, &type))
            return false;
        *ret_count += type >= 0 ? 1 : 0;
    }
    return true;
}

/* Why the events could not be read, NULL when all that are asked for could. */
static const char *asked_read(const struct announced *announced, const struct message *message,
                              struct wire_faults *faults, char *items, int32_t *ret_count)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < message->count; i++) {
        int32_t before = faults->count;
        struct wire_node event;
        int32_t type;

        if (!event_open(announced, message->elements[i].text, faults, &event, &type))
            return "an element of the message is no event";
        if (type < 0)
            continue;
        if (announced->read(&event, type, items + (size_t)kept * announced->item_bytes))
            kept++;
        if (faults->arena_full)
            return does_not_fit;
        if (faults->count > before)
            return announced->types[type].spoiled;
    }
    *ret_count = kept;
    return NULL;
}

/* Why the message could not be cut into its elements, NULL when it could. */
static const char *message_cut(struct fc_str bytes, struct fc_arena *arena,
                               struct message *ret_message)
{
    switch (wire_scan_list(bytes, arena, &ret_message->elements, &ret_message->count)) {
    case WIRE_SCAN_ARRAY:
        return NULL;
    case WIRE_SCAN_TOO_MANY:
        return does_not_fit;
    case WIRE_SCAN_VALUE:
    case WIRE_SCAN_NO_JSON:
        return "the message is no JSON array";
    }
    FC_UNREACHABLE("no such outcome");
}

static bool is_faulty(const struct message *message)
{
    for (int32_t i = 0; i < message->count; i++)
        if (message->elements[i].faulty)
            return true;
    return false;
}

/* Why the message could not be read, NULL when it could. Most messages hold nothing for most of
 * their readers: they are looked over, and no memory is taken for items. */
static const char *message_read(const struct announced *announced, struct fc_str bytes,
                                struct wire_faults *faults, void **ret_items, int32_t *ret_count)
{
    struct message message;
    const char *reason = message_cut(bytes, faults->arena, &message);
    int32_t asked;

    if (reason != NULL)
        return reason;
    if (!count_asked(announced, &message, faults, &asked) || asked > 0) {
        *ret_items = fc_arena_take(faults->arena, (size_t)asked, announced->item_bytes);
        reason = *ret_items == NULL
                     ? does_not_fit
                     : asked_read(announced, &message, faults, *ret_items, ret_count);
    }
    if (reason == NULL && is_faulty(&message))
        reason = "the message holds a member twice or a text that is none";
    return reason;
}

bool wire_announced_read(const struct announced *announced, struct fc_str bytes,
                         struct fc_arena *arena, void **ret_items, int32_t *ret_count,
                         const char **ret_reason)
{
    size_t mark = fc_arena_mark(arena);
    struct wire_faults faults;
    void *items = NULL;
    int32_t count = 0;

    wire_faults_init(&faults, arena);
    const char *reason = message_read(announced, bytes, &faults, &items, &count);

    if (reason != NULL) {
        fc_arena_rewind(arena, mark);
        *ret_reason = reason;
        return false;
    }
    *ret_items = items;
    *ret_count = count;
    return true;
}
