#include "wire/read.h"

#include "base/assert.h"

#include <json-c/json.h>

bool wire_tree_open(struct wire_tree *tree, struct fc_str text, struct wire_faults *faults)
{
    FC_ASSERT(text.len <= MESSAGE_BYTES_MAX);
    /* json-c counts what stands in the innermost array as a level of its own. */
    struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);

    FC_ASSERT(tokener != NULL);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    tree->root = json_tokener_parse_ex(tokener, text.ptr, (int)text.len);
    enum json_tokener_error error = json_tokener_get_error(tokener);

    /* A number is not known to have ended until something follows it. */
    if (error == json_tokener_continue) {
        tree->root = json_tokener_parse_ex(tokener, "", 1);
        error = json_tokener_get_error(tokener);
    }
    json_tokener_free(tokener);
    if (error == json_tokener_success)
        return true;
    faults->no_json = true;
    wire_fault_add(faults, FC_STR(""), "the text is no JSON: %s", json_tokener_error_desc(error));
    return false;
}

void wire_tree_close(struct wire_tree *tree)
{
    json_object_put(tree->root);
    tree->root = NULL;
}

struct json_object *wire_tree_element(const struct wire_tree *tree, int32_t index)
{
    FC_ASSERT(index >= 0);
    if (!json_object_is_type(tree->root, json_type_array))
        return tree->root;
    return json_object_array_get_idx(tree->root, (size_t)index);
}

static bool json_copy(struct fc_arena *arena, struct json_object *value, struct fc_str *ret_json)
{
    size_t len = 0;
    const char *text = json_object_to_json_string_length(
        value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);

    return fc_arena_copy(arena, (struct fc_str){text, len}, ret_json);
}

bool wire_peek_json(struct wire_node *node, const char *name, struct fc_str *ret_json)
{
    struct json_object *value = NULL;

    *ret_json = FC_STR_NONE;
    if (node->object == NULL || !json_object_object_get_ex(node->object, name, &value))
        return true;
    return json_copy(node->faults->arena, value, ret_json);
}

bool wire_node_json(const struct wire_node *node, struct fc_str *ret_json)
{
    FC_ASSERT(node->object != NULL);
    return json_copy(node->faults->arena, node->object, ret_json);
}
