#include "support/json_oracle.h"

#include "base/assert.h"
#include "base/limits.h"
#include "wire/value.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

static bool agrees(struct fc_str value, struct json_object *tree);

static struct json_object *parsed(struct fc_str text)
{
    /* json-c counts what stands in the innermost array as a level of its own. */
    struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);

    FC_ASSERT(tokener != NULL);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    struct json_object *tree = json_tokener_parse_ex(tokener, text.ptr, (int)text.len);

    /* A number is not known to have ended until something follows it. */
    if (json_tokener_get_error(tokener) == json_tokener_continue)
        tree = json_tokener_parse_ex(tokener, "", 1);
    FC_ASSERT(json_tokener_get_error(tokener) == json_tokener_success);
    json_tokener_free(tokener);
    return tree;
}

/* json-c brings an integer that is too large as the largest one. */
static bool integer_agrees(struct fc_str value, struct json_object *tree)
{
    int64_t want = json_object_get_int64(tree);
    int64_t number;

    if (!json_object_is_type(tree, json_type_int))
        return false;
    if (fc_str_to_i64(value, INT64_MIN, INT64_MAX, &number))
        return number == want;
    return want == INT64_MAX || want == INT64_MIN;
}

static bool string_agrees(struct fc_str value, struct json_object *tree)
{
    char *memory = malloc(value.len);
    struct fc_buf buf = fc_buf_of(memory, value.len);

    FC_ASSERT(memory != NULL);
    bool same = json_object_is_type(tree, json_type_string) &&
                fc_str_eq(wire_value_string(value, &buf),
                          (struct fc_str){json_object_get_string(tree),
                                          (size_t)json_object_get_string_len(tree)});

    free(memory);
    return same;
}

static bool array_agrees(struct fc_str value, struct json_object *tree)
{
    struct fc_str element;
    struct wire_walk walk;
    size_t count = 0;

    if (!json_object_is_type(tree, json_type_array))
        return false;
    wire_walk_begin(&walk, value);
    while (wire_walk_element(&walk, &element))
        if (count == json_object_array_length(tree) ||
            !agrees(element, json_object_array_get_idx(tree, count++)))
            return false;
    return count == json_object_array_length(tree);
}

static bool name_agrees(const struct wire_member *member, const char *want)
{
    char memory[1024];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct fc_str name = fc_str_of(want);

    /* With escapes it is asked for by nobody. */
    if (name.len >= 100)
        return true;
    return fc_str_eq(wire_member_name(member, &buf), name) && wire_member_is(member, name);
}

static bool object_agrees(struct fc_str value, struct json_object *tree)
{
    struct wire_member member;
    struct wire_walk walk;

    if (!json_object_is_type(tree, json_type_object))
        return false;
    wire_walk_begin(&walk, value);
    json_object_object_foreach(tree, name, below)
    {
        if (!wire_walk_member(&walk, &member) || !name_agrees(&member, name) ||
            !agrees(member.value, below))
            return false;
    }
    return !wire_walk_member(&walk, &member);
}

static bool agrees(struct fc_str value, struct json_object *tree)
{
    switch (wire_value_kind(value)) {
    case WIRE_NONE:
        return false;
    case WIRE_NULL:
        return tree == NULL;
    case WIRE_BOOL:
        return json_object_is_type(tree, json_type_boolean) &&
               json_object_get_boolean(tree) == fc_str_eq(value, FC_STR("true"));
    case WIRE_INTEGER:
        return integer_agrees(value, tree);
    case WIRE_FRACTION:
        return json_object_is_type(tree, json_type_double);
    case WIRE_STRING:
        return string_agrees(value, tree);
    case WIRE_ARRAY:
        return array_agrees(value, tree);
    case WIRE_OBJECT:
        return object_agrees(value, tree);
    }
    FC_UNREACHABLE("no such kind");
}

/* No blank between the parts, and the same value. */
static bool line_agrees(struct fc_str value, struct json_object *tree)
{
    char *memory = malloc(value.len);
    struct fc_buf line = fc_buf_of(memory, value.len);

    FC_ASSERT(memory != NULL);
    wire_value_put(&line, value);
    FC_ASSERT(!line.overflow);
    struct json_object *again = parsed(fc_buf_str(&line));
    bool same = json_object_equal(tree, again) != 0;
    bool quoted = false;

    for (size_t i = 0; i < line.len; i++) {
        if (memory[i] == '"')
            quoted = !quoted;
        else if (quoted && memory[i] == '\\')
            i++;
        same = same && (quoted || (memory[i] != ' ' && memory[i] != '\t')) && memory[i] != '\n' &&
               memory[i] != '\r';
    }
    json_object_put(again);
    free(memory);
    return same;
}

/*
 * Whether there may be a pair of surrogates in it of which json-c 0.16 makes U+FFFD: it looks at
 * the low 16 bits of what the pair means and takes them for one half more, as those of U+1D800.
 */
static bool is_spoiled(struct fc_str text)
{
    static const char *const halves[] = {"36", "37", "76", "77", "b6", "b7", "f6", "f7"};

    for (size_t at = 0; at + 6 <= text.len; at++) {
        const char *escape = text.ptr + at;

        if (memcmp(escape, "\\u", 2) != 0 || (escape[2] | 0x20) != 'd')
            continue;
        for (size_t i = 0; i < FC_ARRAY_COUNT(halves); i++)
            if ((escape[4] | 0x20) == halves[i][0] && escape[5] == halves[i][1])
                return true;
    }
    return false;
}

bool json_oracle_agrees(struct fc_str text)
{
    _Alignas(16) static char memory[65536];
    struct wire_faults faults;
    struct fc_arena arena;

    fc_arena_init(&arena, memory, sizeof(memory));
    wire_faults_init(&faults, &arena);
    if (!wire_scan(text, &faults) || faults.count > 0 || is_spoiled(text))
        return true;
    struct json_object *tree = parsed(text);
    struct fc_str value = wire_value_of(text);
    bool same = agrees(value, tree) && line_agrees(value, tree);

    json_object_put(tree);
    return same;
}
