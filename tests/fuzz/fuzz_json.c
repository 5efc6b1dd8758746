/* The scan that stands before json-c: what it lets pass json-c takes, and means the same by it; it
 * cuts an array where json-c does. */
#include "support/fuzz.h"

#include "base/limits.h"
#include "wire/read.h"
#include "wire/scan.h"

#include <json-c/json.h>
#include <string.h>

/* No member twice, no depth beyond the bound, in the tree as well. */
static void check_tree(struct json_object *value, int32_t depth)
{
    FC_ASSERT(depth <= JSON_DEPTH_MAX + 1);
    if (json_object_is_type(value, json_type_object)) {
        FC_ASSERT(json_object_object_length(value) <= WIRE_MEMBERS_MAX);
        json_object_object_foreach(value, name, member)
        {
            FC_ASSERT(fc_str_is_utf8(fc_str_of(name)));
            check_tree(member, depth + 1);
        }
    } else if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            check_tree(json_object_array_get_idx(value, i), depth + 1);
    } else if (json_object_is_type(value, json_type_string)) {
        FC_ASSERT(fc_str_is_utf8((struct fc_str){json_object_get_string(value),
                                                 (size_t)json_object_get_string_len(value)}));
    }
}

static void check_elements(struct fc_str text, const struct wire_tree *tree)
{
    static struct wire_element elements[MESSAGE_COMMANDS_MAX];
    const char *reason = NULL;
    int32_t count = 0;

    switch (wire_scan_elements(text, elements, MESSAGE_COMMANDS_MAX, &count, &reason)) {
    case WIRE_SCAN_VALUE:
        FC_ASSERT(count == 1 && !json_object_is_type(tree->root, json_type_array));
        break;
    case WIRE_SCAN_ARRAY:
        FC_ASSERT(json_object_array_length(tree->root) == (size_t)count);
        break;
    case WIRE_SCAN_TOO_MANY:
        FC_ASSERT(json_object_array_length(tree->root) > MESSAGE_COMMANDS_MAX);
        return;
    case WIRE_SCAN_NO_JSON:
        FC_UNREACHABLE("the scan took it");
    }
    for (int32_t i = 0; i < count; i++)
        FC_ASSERT(elements[i].text.ptr >= text.ptr &&
                  elements[i].text.ptr + elements[i].text.len <= text.ptr + text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fc_str text = fuzz_text(data, size);
    struct wire_tree tree = {NULL};
    struct wire_faults faults;

    wire_faults_init(&faults, fuzz_arena());
    if (!wire_scan(text, &faults)) {
        FC_ASSERT(faults.no_json && faults.count >= 1);
        return 0;
    }
    FC_ASSERT(!faults.no_json);
    bool clean = faults.count == 0;

    FC_ASSERT(wire_tree_open(&tree, text, &faults));
    if (clean)
        check_tree(tree.root, 1);
    check_elements(text, &tree);
    wire_tree_close(&tree);
    return 0;
}
