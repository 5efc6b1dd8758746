/* docs/openapi.json and the program's own tables say the same. */
#include "support/expect.h"

#include "producer/openapi.h"
#include "producer/routes.h"

#include <json-c/json.h>
#include <string.h>
#include <strings.h>

/* Codes that any path may answer, before there is an operation. */
static const char *const everywhere[] = {"not_found", "method_not_allowed"};
/* Codes of failed orders, which stand in their documents. */
static const char *const in_documents[] = {"payment_declined", "payment_timed_out"};
/* Those of a command whatever it is, and what makes them. */
static const char *const of_commands[] = {
    "invalid_json",           "invalid_request", "payload_too_large", "unsupported_media_type",
    "idempotency_key_reused", "misrouted",       "unavailable",
};
/* Codes that no verdict of the core has (wire/problem.h). */
static const char *const of_http[] = {
    "invalid_json",
    "unauthenticated",
    "forbidden",
    "not_found",
    "unknown_command",
    "payload_too_large",
    "unsupported_media_type",
    "unavailable",
    "method_not_allowed",
};

static struct json_object *document;

static int setup(void **state)
{
    struct json_tokener *tokener = json_tokener_new();

    (void)state;
    assert_non_null(tokener);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    document = json_tokener_parse_ex(tokener, openapi_text, (int)openapi_bytes);
    assert_int_equal(json_tokener_get_error(tokener), json_tokener_success);
    json_tokener_free(tokener);
    return document == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    json_object_put(document);
    return 0;
}

/* --- finding ---------------------------------------------------------------------------------- */

static struct json_object *member(struct json_object *object, const char *name)
{
    struct json_object *value = NULL;

    (void)json_object_object_get_ex(object, name, &value);
    return value;
}

static bool holds(struct json_object *list, const char *word)
{
    for (size_t i = 0; list != NULL && i < json_object_array_length(list); i++)
        if (strcmp(json_object_get_string(json_object_array_get_idx(list, i)), word) == 0)
            return true;
    return false;
}

static bool is_among(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

/* The document names what {id} and {uuid} are ids of. */
static bool same_path(const char *pattern, const char *path)
{
    struct fc_str left = fc_str_of(pattern);
    struct fc_str right = fc_str_of(path);

    while (left.len > 0 && right.len > 0) {
        struct fc_str wanted = fc_str_cut(&left, '/');
        struct fc_str segment = fc_str_cut(&right, '/');
        bool named = fc_str_starts_with(segment, FC_STR("{"));

        if (fc_str_starts_with(wanted, FC_STR("{")) ? !named : !fc_str_eq(wanted, segment))
            return false;
    }
    return left.len == 0 && right.len == 0;
}

static bool same_method(enum request_method method, const char *name)
{
    return strcasecmp(request_method_name(method), name) == 0;
}

static struct json_object *operation_of(const struct route *route)
{
    json_object_object_foreach(member(document, "paths"), path, methods)
    {
        if (!same_path(route->pattern, path))
            continue;
        json_object_object_foreach(methods, method, operation)
        {
            if (same_method(route->method, method))
                return operation;
        }
    }
    fail_msg("%s %s is not in the document", request_method_name(route->method), route->pattern);
    return NULL;
}

/* --- the same operations ---------------------------------------------------------------------- */

static void test_openapi_has_every_route(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++)
        assert_non_null(operation_of(&routes[i]));
}

static void test_openapi_has_no_operation_without_a_route(void **state)
{
    size_t operations = 0;

    (void)state;
    json_object_object_foreach(member(document, "paths"), path, methods)
    {
        json_object_object_foreach(methods, method, operation)
        {
            bool found = false;

            for (size_t i = 0; i < routes_count && !found; i++)
                found = same_path(routes[i].pattern, path) && same_method(routes[i].method, method);
            if (!found)
                fail_msg("%s %s has no route", method, path);
            assert_non_null(member(operation, "operationId"));
            operations++;
        }
    }
    assert_int_equal(operations, routes_count);
}

/* "#/components/parameters/order_id" stands for one in the path. */
static bool is_in_path(struct json_object *parameter)
{
    const char *ref = json_object_get_string(member(parameter, "$ref"));

    return ref != NULL && strlen(ref) > 3 && strcmp(ref + strlen(ref) - 3, "_id") == 0;
}

static void test_openapi_names_the_parameter_of_each_path_that_has_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++) {
        struct json_object *parameters = member(operation_of(&routes[i]), "parameters");
        int32_t named = 0;

        for (size_t k = 0; parameters != NULL && k < json_object_array_length(parameters); k++)
            named += is_in_path(json_object_array_get_idx(parameters, k));
        if (named != (strchr(routes[i].pattern, '{') != NULL))
            fail_msg("%s: %d parameters", routes[i].pattern, named);
    }
}

static void test_openapi_says_who_may_ask(void **state)
{
    static const char *const roles[] = {
        [ROUTE_FOR_ALL] = NULL,
        [ROUTE_FOR_USERS] = NULL,
        [ROUTE_FOR_OWNER] = "owner",
        [ROUTE_FOR_ADMINS] = "admin",
    };

    (void)state;
    for (size_t i = 0; i < routes_count; i++) {
        struct json_object *operation = operation_of(&routes[i]);
        struct json_object *security = member(operation, "security");
        const char *said = json_object_get_string(member(operation, "x-role"));
        const char *role = roles[routes[i].role];

        if ((role == NULL) != (said == NULL) || (role != NULL && strcmp(role, said) != 0))
            fail_msg("%s: x-role is %s", routes[i].pattern, said);
        /* An empty list lets everybody in; without a list the document's own holds. */
        assert_int_equal(security != NULL, routes[i].role == ROUTE_FOR_ALL);
        if (security != NULL)
            assert_int_equal(json_object_array_length(security), 0);
    }
    assert_int_equal(json_object_array_length(member(document, "security")), 1);
}

static void test_openapi_commands_are_accepted_or_answered_with_their_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++) {
        struct json_object *responses = member(operation_of(&routes[i]), "responses");
        bool command = routes[i].kind == ROUTE_IS_COMMAND;

        assert_int_equal(member(responses, "202") != NULL, command);
        assert_true(member(responses, "200") != NULL || (command && member(responses, "201")));
    }
}

/* --- the same problems ------------------------------------------------------------------------ */

static void expect_problem(const struct route *route, const char *code)
{
    if (!holds(member(operation_of(route), "x-problems"), code))
        fail_msg("%s %s does not name %s", request_method_name(route->method), route->pattern,
                 code);
}

static void test_openapi_names_the_problems_that_a_route_has_by_its_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++) {
        const struct route *route = &routes[i];

        if (route->role != ROUTE_FOR_ALL)
            expect_problem(route, "unauthenticated");
        if (route->role == ROUTE_FOR_OWNER || route->role == ROUTE_FOR_ADMINS)
            expect_problem(route, "forbidden");
        if (route->unknown != NULL)
            expect_problem(route, route->unknown);
        if (route->kind == ROUTE_IS_READ)
            expect_problem(route, "invalid_request");
        if (route->kind != ROUTE_IS_HEALTH)
            expect_problem(route, "unavailable");
        for (size_t k = 0; k < FC_ARRAY_COUNT(of_commands) && route->kind == ROUTE_IS_COMMAND; k++)
            expect_problem(route, of_commands[k]);
    }
}

static bool is_named_somewhere(const char *code)
{
    for (size_t i = 0; i < routes_count; i++)
        if (holds(member(operation_of(&routes[i]), "x-problems"), code))
            return true;
    return false;
}

static struct json_object *codes_of_document(void)
{
    struct json_object *schemas = member(member(document, "components"), "schemas");

    return member(member(schemas, "ProblemCode"), "enum");
}

static void test_openapi_knows_every_code_of_the_program(void **state)
{
    struct json_object *codes = codes_of_document();

    (void)state;
    for (int verdict = VERDICT_SUCCEEDED + 1; verdict < VERDICT_COUNT; verdict++)
        if (!holds(codes, wire_problem_of((enum verdict)verdict)->code))
            fail_msg("%s is missing", wire_problem_of((enum verdict)verdict)->code);
    for (size_t i = 0; i < FC_ARRAY_COUNT(of_http); i++)
        if (!holds(codes, of_http[i]))
            fail_msg("%s is missing", of_http[i]);
}

static void test_openapi_codes_are_the_programs_and_each_is_answered_somewhere(void **state)
{
    struct json_object *codes = codes_of_document();

    (void)state;
    for (size_t i = 0; i < json_object_array_length(codes); i++) {
        const char *code = json_object_get_string(json_object_array_get_idx(codes, i));

        if (wire_problem_named(fc_str_of(code)) == NULL)
            fail_msg("the program has no code %s", code);
        if (!is_among(everywhere, FC_ARRAY_COUNT(everywhere), code) &&
            !is_among(in_documents, FC_ARRAY_COUNT(in_documents), code) &&
            !is_named_somewhere(code))
            fail_msg("no operation answers %s", code);
    }
    for (size_t i = 0; i < routes_count; i++) {
        struct json_object *named = member(operation_of(&routes[i]), "x-problems");

        for (size_t k = 0; k < json_object_array_length(named); k++)
            assert_true(holds(codes, json_object_get_string(json_object_array_get_idx(named, k))));
    }
}

/* --- the document itself ---------------------------------------------------------------------- */

/* What "#/a/b" points at, or NULL. */
static struct json_object *target_of(const char *ref)
{
    struct json_object *at = document;
    struct fc_str rest = fc_str_of(ref);

    assert_true(fc_str_eq(fc_str_cut(&rest, '/'), FC_STR("#")));
    while (rest.len > 0 && at != NULL) {
        char name[64];
        struct fc_str segment = fc_str_cut(&rest, '/');

        assert_true(segment.len < sizeof(name));
        memcpy(name, segment.ptr, segment.len);
        name[segment.len] = '\0';
        at = member(at, name);
    }
    return at;
}

static int check_refs(struct json_object *value)
{
    int seen = 0;

    if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            seen += check_refs(json_object_array_get_idx(value, i));
    } else if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, name, child)
        {
            seen += check_refs(child);
            if (strcmp(name, "$ref") != 0)
                continue;
            if (target_of(json_object_get_string(child)) == NULL)
                fail_msg("%s points at nothing", json_object_get_string(child));
            seen++;
        }
    }
    return seen;
}

static void test_openapi_references_point_at_something(void **state)
{
    (void)state;
    assert_string_equal(json_object_get_string(member(document, "openapi")), "3.1.0");
    assert_true(check_refs(document) > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_openapi_has_every_route),
        cmocka_unit_test(test_openapi_has_no_operation_without_a_route),
        cmocka_unit_test(test_openapi_names_the_parameter_of_each_path_that_has_one),
        cmocka_unit_test(test_openapi_says_who_may_ask),
        cmocka_unit_test(test_openapi_commands_are_accepted_or_answered_with_their_verdict),
        cmocka_unit_test(test_openapi_names_the_problems_that_a_route_has_by_its_kind),
        cmocka_unit_test(test_openapi_knows_every_code_of_the_program),
        cmocka_unit_test(test_openapi_codes_are_the_programs_and_each_is_answered_somewhere),
        cmocka_unit_test(test_openapi_references_point_at_something),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
