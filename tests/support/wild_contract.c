#include "support/wild.h"

#include "base/assert.h"
#include "wire/problem.h"

#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPERATIONS_MAX 64

static struct wild_operation operations[OPERATIONS_MAX];
static int32_t operation_count;

static void operation_read(const char *path, const char *method, struct json_object *object)
{
    struct wild_operation *operation = &operations[operation_count++];
    struct json_object *responses = NULL;
    struct json_object *codes = NULL;
    int64_t status;

    FC_ASSERT(operation_count <= OPERATIONS_MAX);
    FC_ASSERT(fc_str_copy(fc_str_of(path), operation->path, sizeof(operation->path)));
    FC_ASSERT(fc_str_copy(fc_str_of(method), operation->method, sizeof(operation->method)));
    for (char *c = operation->method; *c != '\0'; c++)
        *c = (char)toupper(*c);
    FC_ASSERT(json_object_object_get_ex(object, "responses", &responses));
    json_object_object_foreach(responses, name, response)
    {
        (void)response;
        if (fc_str_to_i64(fc_str_of(name), 100, 599, &status)) {
            FC_ASSERT(operation->status_count < WILD_STATUSES_MAX);
            operation->statuses[operation->status_count++] = (int32_t)status;
        }
    }
    if (!json_object_object_get_ex(object, "x-problems", &codes))
        return;
    for (size_t i = 0; i < json_object_array_length(codes); i++) {
        struct json_object *code = json_object_array_get_idx(codes, i);

        FC_ASSERT(operation->code_count < WILD_CODES_MAX);
        FC_ASSERT(fc_str_copy(fc_str_of(json_object_get_string(code)),
                              operation->codes[operation->code_count++],
                              sizeof(operation->codes[0])));
    }
}

void wild_contract_open(const char *path)
{
    struct json_object *root = json_object_from_file(path);
    struct json_object *paths = NULL;

    if (root == NULL || !json_object_object_get_ex(root, "paths", &paths)) {
        (void)fprintf(stderr, "%s: no contract\n", path);
        exit(1);
    }
    json_object_object_foreach(paths, name,
                               methods){json_object_object_foreach(methods, method, operation){
        if (strcmp(method, "parameters") != 0) operation_read(name, method, operation);
}
}
(void)json_object_put(root);
}

int32_t wild_operation_count(void)
{
    return operation_count;
}

const struct wild_operation *wild_operation(int32_t index)
{
    FC_ASSERT(index >= 0 && index < operation_count);
    return &operations[index];
}

/* Codes that say nothing about the operation, but that there is none. */
static bool is_of_no_operation(const char *code)
{
    return strcmp(code, "not_found") == 0 || strcmp(code, "method_not_allowed") == 0;
}

static bool has_code(const struct wild_operation *operation, const char *code)
{
    for (int32_t i = 0; i < operation->code_count; i++)
        if (strcmp(operation->codes[i], code) == 0)
            return true;
    return false;
}

static const char *judge_problem(const struct wild_request *request,
                                 const struct torture_answer *answer)
{
    static const char *const members[] = {"type", "title", "detail", "code"};
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *root;
    struct json_object *member = NULL;
    const char *wrong = NULL;

    FC_ASSERT(tokener != NULL);
    root = json_tokener_parse_ex(tokener, answer->body.ptr, (int)answer->body.len);
    json_tokener_free(tokener);
    for (size_t i = 0; i < FC_ARRAY_COUNT(members) && wrong == NULL; i++)
        if (!json_object_object_get_ex(root, members[i], &member) ||
            json_object_get_string_len(member) == 0)
            wrong = "a problem without type, title, detail or code";
    if (wrong == NULL) {
        const char *code = json_object_get_string(member);
        const struct wire_problem *problem = wire_problem_named(fc_str_of(code));

        if (problem == NULL || problem->status != answer->status)
            wrong = "a code that is none, or of another status";
        else if (!request->spoiled_path &&
                 !(request->spoiled_head && strcmp(code, "invalid_request") == 0) &&
                 (is_of_no_operation(code) || !has_code(request->operation, code)))
            wrong = "a code that the contract does not have for this operation";
    }
    (void)json_object_put(root);
    return wrong;
}

const char *wild_judge(const struct wild_request *request, const struct torture_answer *answer)
{
    if (answer->status >= 500)
        return "an error of the server";
    if (answer->id[0] == '\0')
        return "no X-Request-Id";
    if (answer->status < 400) {
        for (int32_t i = 0; i < request->operation->status_count; i++)
            if (request->operation->statuses[i] == answer->status)
                return NULL;
        return request->spoiled_path
                   ? NULL
                   : "a status that the contract does not have for this operation";
    }
    if (strcmp(answer->type, "application/problem+json") != 0)
        return "a refusal that is no problem document";
    return judge_problem(request, answer);
}
