#include "support/expect.h"
#include "support/policies.h"
#include "support/schema.h"

#include "wire/policy.h"

#include <json-c/json.h>
#include <json-c/json_pointer.h>
#include <stdio.h>
#include <string.h>

static struct json_object *schema;

static int setup(void **state)
{
    (void)state;
    schema = policy_document("policy.schema");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    json_object_put(schema);
    return 0;
}

static bool is_setting(const char *pointer)
{
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++)
        if (strcmp(wire_policy_pointer(i), pointer) == 0)
            return true;
    return false;
}

static bool is_closed(struct json_object *object)
{
    struct json_object *more = json_object_object_get(object, "additionalProperties");

    return json_object_is_type(more, json_type_boolean) && !json_object_get_boolean(more);
}

/* The schema's members below `object`, which are settings or objects of settings; how many. */
static int32_t members_check(struct json_object *object, const char *above)
{
    struct json_object *properties = json_object_object_get(object, "properties");
    int32_t count = 0;

    assert_true(is_closed(object));
    json_object_object_foreach(properties, name, property)
    {
        char pointer[128];

        (void)snprintf(pointer, sizeof(pointer), "%s/%s", above, name);
        if (strcmp(pointer, "/$schema") == 0 || strcmp(pointer, "/about") == 0)
            continue;
        if (is_setting(pointer))
            count++;
        else if (above[0] == '\0')
            count += members_check(property, pointer);
        else
            fail_msg("the schema names %s, which is no setting", pointer);
    }
    return count;
}

static void test_schema_names_exactly_the_settings(void **state)
{
    struct json_object *names = NULL;

    (void)state;
    assert_int_equal(members_check(schema, ""), WIRE_POLICY_SETTINGS);
    assert_int_equal(json_pointer_get(schema, "/properties/about/propertyNames/enum", &names), 0);
    assert_int_equal(json_object_array_length(names), WIRE_POLICY_SETTINGS);
    for (size_t i = 0; i < WIRE_POLICY_SETTINGS; i++)
        assert_true(is_setting(json_object_get_string(json_object_array_get_idx(names, i))));
}

static void test_schema_takes_the_documents(void **state)
{
    (void)state;
    for (size_t n = 0; policy_names[n] != NULL; n++) {
        struct json_object *document = policy_document(policy_names[n]);

        if (!schema_takes(schema, document))
            fail_msg("the schema does not take %s.json", policy_names[n]);
        json_object_put(document);
    }
}

/* Each number at which the schema or the parser changes its mind, each word, and what is none. */
static const char *const values[] = {
    "-1",
    "0",
    "1",
    "2",
    "8",
    "9",
    "10",
    "11",
    "365",
    "366",
    "367",
    "500",
    "9999",
    "10000",
    "10001",
    "36500",
    "36501",
    "1000000",
    "1000001",
    "2678400",
    "2678401",
    "1000000000",
    "1000000001",
    "1000000000000000",
    "1000000000000001",
    "9223372036854775807",
    "1.5",
    "true",
    "false",
    "\"\"",
    "\"x\"",
    "\"1\"",
    "\"amount\"",
    "\"rate\"",
    "\"stops_at_total\"",
    "\"refused\"",
    "\"balance\"",
    "\"quantity\"",
    "\"orders\"",
    "\"revenue\"",
    "\"live\"",
    "\"daily\"",
    "\"1234567890123456789012345678901234567890\"",
    "\"12345678901234567890123456789012345678901\"",
    "[]",
    "[0]",
    "[1]",
    "[1,1]",
    "[\"1\"]",
    "[1,2,3,4,5,6,7,8]",
    "[1,2,3,4,5,6,7,8,9]",
    "[1000000000000000]",
    "[1000000000000001]",
    "[\"amount\"]",
    "[\"rate\",\"amount\"]",
    "[\"rate\",\"rate\"]",
    "[\"rate\",\"amount\",\"half\"]",
    "[\"balance\"]",
    "[\"bank_transfer\"]",
    "[\"bank_transfer\",\"balance\"]",
    "[\"balance\",\"balance\"]",
    "[\"balance\",\"card\"]",
    "{}",
    "{\"x\":1}",
    "{\"discount\":{\"type\":\"amount\",\"value\":1}}",
    "{\"discount\":{\"type\":\"amount\",\"value\":1,\"x\":1}}",
    "{\"discount\":{\"type\":\"amount\",\"value\":1},\"x\":1}",
    "{\"discount\":{\"type\":\"amount\",\"value\":0}}",
    "{\"discount\":{\"type\":\"amount\"}}",
    "{\"discount\":{\"value\":1}}",
    "{\"discount\":{\"type\":\"half\",\"value\":1}}",
    "{\"discount\":{\"type\":\"amount\",\"value\":1000000000000000}}",
    "{\"discount\":{\"type\":\"amount\",\"value\":1000000000000001}}",
    "{\"discount\":{\"type\":\"rate\",\"value\":10000}}",
    "{\"discount\":{\"type\":\"rate\",\"value\":10001}}",
    "{\"discount\":{\"type\":\"rate\",\"value\":1},\"valid_days\":null}",
    "{\"discount\":{\"type\":\"rate\",\"value\":1},\"valid_days\":0}",
    "{\"discount\":{\"type\":\"rate\",\"value\":1},\"valid_days\":36500}",
    "{\"discount\":{\"type\":\"rate\",\"value\":1},\"valid_days\":36501}",
    "{\"/name\":\"x\"}",
    "{\"/name\":\"\"}",
    "{\"/names\":\"x\"}",
    "{\"/name\":1}",
    "null",
};

/* A document in which no value of a setting contradicts another. */
#define BASE                                                                     \
    "{\"balance\":{},\"catalogue\":{},\"coupons\":{},\"orders\":{},\"payment\":" \
    "{\"methods\":[\"balance\",\"bank_transfer\"]},\"ranking\":{}}"

static void agree(const char *pointer, const char *value)
{
    struct json_object *document = json_tokener_parse(BASE);
    bool is_null = strcmp(value, "null") == 0;

    assert_int_equal(
        json_pointer_set(&document, pointer, is_null ? NULL : json_tokener_parse(value)), 0);
    const char *text = json_object_to_json_string(document);
    bool takes = schema_takes(schema, document);
    bool parses = policy_outcome(fc_str_of(text)).ptr[0] != '!';

    /* The parser takes null for what is left out, wherever something may be; the schema tells an
     * editor so only where null says something. */
    if (takes != parses && !(is_null && parses))
        fail_msg("%s: %s: the schema says %s, the parser says " FC_STR_FMT, pointer, value,
                 takes ? "yes" : "no", FC_STR_ARG(policy_outcome(fc_str_of(text))));
    json_object_put(document);
}

static void test_schema_and_parser_agree_on_every_value(void **state)
{
    static const char *const others[] = {"/about", "/$schema", "/balance", "/x", "/orders/x"};

    (void)state;
    for (size_t v = 0; v < FC_ARRAY_COUNT(values); v++) {
        for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++)
            agree(wire_policy_pointer(i), values[v]);
        for (size_t i = 0; i < FC_ARRAY_COUNT(others); i++)
            agree(others[i], values[v]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_names_exactly_the_settings),
        cmocka_unit_test(test_schema_takes_the_documents),
        cmocka_unit_test(test_schema_and_parser_agree_on_every_value),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
