#include "support/schema.h"

#include "support/expect.h"

#include <json-c/json.h>
#include <string.h>

struct keyword {
    const char *name;
    bool (*holds)(struct json_object *schema, struct json_object *argument,
                  struct json_object *value);
};

static bool holds_always(struct json_object *schema, struct json_object *argument,
                         struct json_object *value)
{
    (void)schema;
    (void)argument;
    (void)value;
    return true;
}

/* --- any value -------------------------------------------------------------------------------- */

static bool is_of(struct json_object *value, const char *type)
{
    static const struct {
        const char *name;
        json_type type;
    } types[] = {
        {"null", json_type_null},     {"boolean", json_type_boolean}, {"integer", json_type_int},
        {"string", json_type_string}, {"array", json_type_array},     {"object", json_type_object},
    };

    for (size_t i = 0; i < FC_ARRAY_COUNT(types); i++)
        if (strcmp(types[i].name, type) == 0)
            return json_object_get_type(value) == types[i].type;
    fail_msg("the schema has the type %s", type);
    return false;
}

static bool holds_type(struct json_object *schema, struct json_object *argument,
                       struct json_object *value)
{
    (void)schema;
    if (json_object_is_type(argument, json_type_string))
        return is_of(value, json_object_get_string(argument));
    for (size_t i = 0; i < json_object_array_length(argument); i++)
        if (is_of(value, json_object_get_string(json_object_array_get_idx(argument, i))))
            return true;
    return false;
}

static bool holds_const(struct json_object *schema, struct json_object *argument,
                        struct json_object *value)
{
    (void)schema;
    return json_object_equal(argument, value) != 0;
}

static bool holds_enum(struct json_object *schema, struct json_object *argument,
                       struct json_object *value)
{
    for (size_t i = 0; i < json_object_array_length(argument); i++)
        if (holds_const(schema, json_object_array_get_idx(argument, i), value))
            return true;
    return false;
}

static bool holds_if(struct json_object *schema, struct json_object *argument,
                     struct json_object *value)
{
    struct json_object *then = NULL;

    return !schema_takes(argument, value) || !json_object_object_get_ex(schema, "then", &then) ||
           schema_takes(then, value);
}

/* --- numbers and strings ---------------------------------------------------------------------- */

static bool holds_minimum(struct json_object *schema, struct json_object *argument,
                          struct json_object *value)
{
    (void)schema;
    return !json_object_is_type(value, json_type_int) ||
           json_object_get_int64(value) >= json_object_get_int64(argument);
}

static bool holds_maximum(struct json_object *schema, struct json_object *argument,
                          struct json_object *value)
{
    (void)schema;
    return !json_object_is_type(value, json_type_int) ||
           json_object_get_int64(value) <= json_object_get_int64(argument);
}

/* In bytes: for ASCII the same as in characters. */
static bool holds_min_length(struct json_object *schema, struct json_object *argument,
                             struct json_object *value)
{
    (void)schema;
    return !json_object_is_type(value, json_type_string) ||
           json_object_get_string_len(value) >= json_object_get_int(argument);
}

static bool holds_max_length(struct json_object *schema, struct json_object *argument,
                             struct json_object *value)
{
    (void)schema;
    return !json_object_is_type(value, json_type_string) ||
           json_object_get_string_len(value) <= json_object_get_int(argument);
}

/* --- arrays ----------------------------------------------------------------------------------- */

static size_t length(struct json_object *value)
{
    return json_object_is_type(value, json_type_array) ? json_object_array_length(value) : 0;
}

static bool holds_items(struct json_object *schema, struct json_object *argument,
                        struct json_object *value)
{
    (void)schema;
    for (size_t i = 0; i < length(value); i++)
        if (!schema_takes(argument, json_object_array_get_idx(value, i)))
            return false;
    return true;
}

static bool holds_contains(struct json_object *schema, struct json_object *argument,
                           struct json_object *value)
{
    (void)schema;
    for (size_t i = 0; i < length(value); i++)
        if (schema_takes(argument, json_object_array_get_idx(value, i)))
            return true;
    return !json_object_is_type(value, json_type_array);
}

static bool holds_unique(struct json_object *schema, struct json_object *argument,
                         struct json_object *value)
{
    (void)schema;
    assert_true(json_object_get_boolean(argument));
    for (size_t i = 0; i < length(value); i++)
        for (size_t k = 0; k < i; k++)
            if (json_object_equal(json_object_array_get_idx(value, i),
                                  json_object_array_get_idx(value, k)))
                return false;
    return true;
}

static bool holds_min_items(struct json_object *schema, struct json_object *argument,
                            struct json_object *value)
{
    (void)schema;
    return !json_object_is_type(value, json_type_array) ||
           length(value) >= (size_t)json_object_get_int(argument);
}

static bool holds_max_items(struct json_object *schema, struct json_object *argument,
                            struct json_object *value)
{
    (void)schema;
    return length(value) <= (size_t)json_object_get_int(argument);
}

/* --- objects ---------------------------------------------------------------------------------- */

static bool holds_properties(struct json_object *schema, struct json_object *argument,
                             struct json_object *value)
{
    (void)schema;
    if (!json_object_is_type(value, json_type_object))
        return true;
    json_object_object_foreach(argument, name, property)
    {
        struct json_object *member = NULL;

        if (json_object_object_get_ex(value, name, &member) && !schema_takes(property, member))
            return false;
    }
    return true;
}

static bool holds_additional(struct json_object *schema, struct json_object *argument,
                             struct json_object *value)
{
    struct json_object *properties = NULL;

    if (!json_object_is_type(value, json_type_object))
        return true;
    (void)json_object_object_get_ex(schema, "properties", &properties);
    json_object_object_foreach(value, name, member)
    {
        if (json_object_object_get_ex(properties, name, NULL))
            continue;
        if (json_object_is_type(argument, json_type_boolean)) {
            assert_false(json_object_get_boolean(argument));
            return false;
        }
        if (!schema_takes(argument, member))
            return false;
    }
    return true;
}

static bool holds_names(struct json_object *schema, struct json_object *argument,
                        struct json_object *value)
{
    (void)schema;
    if (!json_object_is_type(value, json_type_object))
        return true;
    json_object_object_foreach(value, name, member)
    {
        struct json_object *text = json_object_new_string(name);
        bool takes = schema_takes(argument, text);

        (void)member;
        json_object_put(text);
        if (!takes)
            return false;
    }
    return true;
}

static bool holds_required(struct json_object *schema, struct json_object *argument,
                           struct json_object *value)
{
    (void)schema;
    if (!json_object_is_type(value, json_type_object))
        return true;
    for (size_t i = 0; i < json_object_array_length(argument); i++)
        if (!json_object_object_get_ex(
                value, json_object_get_string(json_object_array_get_idx(argument, i)), NULL))
            return false;
    return true;
}

static const struct keyword keywords[] = {
    {"$schema", holds_always},
    {"title", holds_always},
    {"description", holds_always},
    {"then", holds_always}, /* with "if" */
    {"type", holds_type},
    {"const", holds_const},
    {"enum", holds_enum},
    {"if", holds_if},
    {"minimum", holds_minimum},
    {"maximum", holds_maximum},
    {"minLength", holds_min_length},
    {"maxLength", holds_max_length},
    {"items", holds_items},
    {"contains", holds_contains},
    {"uniqueItems", holds_unique},
    {"minItems", holds_min_items},
    {"maxItems", holds_max_items},
    {"properties", holds_properties},
    {"propertyNames", holds_names},
    {"additionalProperties", holds_additional},
    {"required", holds_required},
};

static const struct keyword *keyword_of(const char *name)
{
    for (size_t i = 0; i < FC_ARRAY_COUNT(keywords); i++)
        if (strcmp(keywords[i].name, name) == 0)
            return &keywords[i];
    return NULL;
}

bool schema_takes(struct json_object *schema, struct json_object *value)
{
    bool takes = true;

    assert_true(json_object_is_type(schema, json_type_object));
    json_object_object_foreach(schema, name, argument)
    {
        const struct keyword *keyword = keyword_of(name);

        if (keyword == NULL)
            fail_msg("tests/support/schema.c does not know the keyword %s", name);
        else
            takes = keyword->holds(schema, argument, value) && takes;
    }
    return takes;
}
