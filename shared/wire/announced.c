#include "wire/announced.h"

#include "wire/scan.h"

static const char does_not_fit[] = "the message does not fit the memory of a batch";

/* The index of that type, -1 when it is not asked for. */
static int32_t type_of(const struct announced *announced, struct fc_str name)
{
    for (int32_t i = 0; i < announced->type_count; i++)
        if (fc_str_eq(fc_str_of(announced->types[i].name), name))
            return i;
    return -1;
}

/* Why the message could not be read, NULL when it could. */
static const char *elements_read(const struct announced *announced, const struct wire_list *list,
                                 char *items, int32_t *ret_count)
{
    struct wire_faults *faults = list->faults;
    int32_t kept = 0;

    for (int32_t i = 0; i < list->count; i++) {
        int32_t before = faults->count;
        struct wire_node node;

        wire_list_object(list, i, &node);
        struct fc_str name = wire_peek_text(&node, "type");

        if (name.len == 0)
            return "an element of the message is no event";
        int32_t type = type_of(announced, name);

        if (type < 0)
            continue;
        if (announced->read(&node, type, items + (size_t)kept * announced->item_bytes))
            kept++;
        if (faults->arena_full)
            return does_not_fit;
        if (faults->count > before)
            return announced->types[type].spoiled;
    }
    if (faults->count > 0)
        return "the message holds a member twice or a text that is none";
    *ret_count = kept;
    return NULL;
}

static const char *message_read(const struct announced *announced, struct fc_str bytes,
                                struct wire_faults *faults, void **ret_items, int32_t *ret_count)
{
    const char *reason = "the message is no JSON array";
    struct wire_tree tree = {NULL};
    struct wire_list list;

    if (wire_scan(bytes, faults) && wire_tree_open(&tree, bytes, faults) &&
        wire_list_begin(&list, tree.root, faults)) {
        *ret_items = fc_arena_take(faults->arena, (size_t)list.count, announced->item_bytes);
        reason = *ret_items == NULL ? does_not_fit
                                    : elements_read(announced, &list, *ret_items, ret_count);
    }
    wire_tree_close(&tree);
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
