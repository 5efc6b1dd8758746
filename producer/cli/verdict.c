#include "producer/cli/verdict.h"

#include <json-c/json.h>
#include <string.h>

static struct json_object *parse(struct fc_str body)
{
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *root = NULL;

    if (tokener != NULL && body.len <= INT32_MAX)
        root = json_tokener_parse_ex(tokener, body.ptr, (int)body.len);
    if (tokener != NULL)
        json_tokener_free(tokener);
    return root;
}

static struct fc_str text_of(struct json_object *object, const char *name)
{
    struct json_object *value;

    if (!json_object_object_get_ex(object, name, &value) ||
        !json_object_is_type(value, json_type_string))
        return FC_STR_NONE;
    return (struct fc_str){json_object_get_string(value),
                           (size_t)json_object_get_string_len(value)};
}

static int64_t int_of(struct json_object *object, const char *name)
{
    struct json_object *value;

    return json_object_object_get_ex(object, name, &value) ? json_object_get_int64(value) : 0;
}

static struct fc_uuid uuid_of(struct json_object *object, const char *name)
{
    struct fc_uuid id = {{0}};

    if (!fc_uuid_parse(text_of(object, name), &id))
        return (struct fc_uuid){{0}};
    return id;
}

static void read_problem(struct json_object *problem, struct cli_verdict *verdict)
{
    (void)fc_str_copy(text_of(problem, "code"), verdict->code, sizeof(verdict->code));
    (void)fc_str_copy(text_of(problem, "detail"), verdict->detail, sizeof(verdict->detail));
}

static void read_result(struct json_object *result, struct cli_verdict *verdict)
{
    verdict->position = int_of(result, "position");
    verdict->template_id = int_of(result, "template_id");
    verdict->coupon_id = uuid_of(result, "coupon_id");
}

static bool read_state(struct fc_str state, struct cli_verdict *verdict)
{
    static const char *const words[] = {"accepted", "succeeded", "refused", "parked"};

    for (size_t i = 0; i < FC_ARRAY_COUNT(words); i++) {
        if (fc_str_eq(state, fc_str_of(words[i]))) {
            verdict->state = (enum cli_verdict_state)i;
            return true;
        }
    }
    return false;
}

static bool read_root(struct json_object *root, struct cli_verdict *verdict)
{
    struct json_object *part;
    struct fc_str state;

    if (!json_object_is_type(root, json_type_object))
        return false;
    state = text_of(root, "state");
    verdict->command_id = uuid_of(root, "command_id");
    if (state.len == 0) {
        verdict->state = CLI_VERDICT_REFUSED;
        read_problem(root, verdict);
        return verdict->code[0] != '\0';
    }
    if (!read_state(state, verdict))
        return false;
    if (json_object_object_get_ex(root, "problem", &part))
        read_problem(part, verdict);
    if (json_object_object_get_ex(root, "result", &part))
        read_result(part, verdict);
    return true;
}

bool cli_verdict_parse(struct fc_str body, struct cli_verdict *ret_verdict)
{
    struct cli_verdict verdict = {.state = CLI_VERDICT_ACCEPTED};
    struct json_object *root = body.len > 0 ? parse(body) : NULL;
    bool good = root != NULL && read_root(root, &verdict);

    (void)json_object_put(root);
    if (good)
        *ret_verdict = verdict;
    return good;
}
