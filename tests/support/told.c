#include "support/told.h"

#include <json-c/json_tokener.h>

struct json_object *told_parse(struct fc_str text)
{
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *root = NULL;

    if (tokener == NULL)
        return NULL;
    root = json_tokener_parse_ex(tokener, text.ptr, (int)text.len);
    json_tokener_free(tokener);
    return root;
}

struct json_object *told_member(struct json_object *object, const char *name)
{
    struct json_object *value = NULL;

    if (json_object_is_type(object, json_type_object))
        (void)json_object_object_get_ex(object, name, &value);
    return value;
}

int64_t told_int(struct json_object *object, const char *name)
{
    struct json_object *value = told_member(object, name);

    return json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : 0;
}

struct fc_str told_text(struct json_object *object, const char *name)
{
    struct json_object *value = told_member(object, name);

    if (!json_object_is_type(value, json_type_string))
        return FC_STR_NONE;
    return (struct fc_str){json_object_get_string(value),
                           (size_t)json_object_get_string_len(value)};
}

struct fc_uuid told_uuid(struct json_object *object, const char *name)
{
    struct fc_uuid id = {{0}};

    return fc_uuid_parse(told_text(object, name), &id) ? id : (struct fc_uuid){{0}};
}

static struct fc_instant instant_of(struct json_object *object, const char *name)
{
    struct fc_instant at = {0};

    return fc_instant_parse(told_text(object, name), &at) ? at : (struct fc_instant){0};
}

bool told_read(struct json_object *document, struct told *ret_told)
{
    struct json_object *problem = told_member(document, "problem");
    struct told told = {
        .command_id = told_uuid(document, "command_id"),
        .accepted_at = instant_of(document, "accepted_at"),
        .decided_at = instant_of(document, "decided_at"),
        .status = (int32_t)told_int(problem, "status"),
        .replay_of = told_uuid(document, "replay_of"),
        .result = told_member(document, "result"),
    };

    (void)fc_str_copy(told_text(document, "state"), told.state, sizeof(told.state));
    (void)fc_str_copy(told_text(document, "type"), told.type, sizeof(told.type));
    (void)fc_str_copy(told_text(problem, "code"), told.code, sizeof(told.code));
    *ret_told = told;
    return told.state[0] != '\0' && !fc_uuid_is_zero(&told.command_id);
}
