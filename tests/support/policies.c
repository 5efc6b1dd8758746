#include "support/policies.h"

#include "support/bodies.h"
#include "support/expect.h"

#include "wire/policy.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_BYTES_MAX (64 * 1024)

const char *const policy_names[] = {"option-stock",  "coupon-ledger",    "idempotent-rush",
                                    "event-sourced", "coupon-templates", NULL};

struct fc_str policy_file_read(const char *file)
{
    static char texts[2][FILE_BYTES_MAX];
    static size_t next;
    char *text = texts[next++ % FC_ARRAY_COUNT(texts)];
    const char *source = getenv("FIRSTCOME_SOURCE");
    char path[512];
    int len =
        snprintf(path, sizeof(path), "%s/deploy/policies/%s", source != NULL ? source : ".", file);

    assert_in_range(len, 1, sizeof(path) - 1);
    FILE *stream = fopen(path, "rb");

    if (stream == NULL)
        fail_msg("cannot open %s", path);
    size_t size = fread(text, 1, FILE_BYTES_MAX, stream);

    assert_int_equal(fclose(stream), 0);
    assert_in_range(size, 1, FILE_BYTES_MAX - 1);
    return (struct fc_str){text, size};
}

struct json_object *policy_document(const char *name)
{
    char file[64];

    (void)snprintf(file, sizeof(file), "%s.json", name);
    struct fc_str text = policy_file_read(file);
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *document = json_tokener_parse_ex(tokener, text.ptr, (int)text.len);

    json_tokener_free(tokener);
    assert_true(json_object_is_type(document, json_type_object));
    return document;
}

struct policy policy_of(const char *name)
{
    char file[64];
    struct policy policy;
    struct wire_faults faults;
    struct fc_arena *arena = body_arena();

    (void)snprintf(file, sizeof(file), "%s.json", name);
    wire_faults_init(&faults, arena);
    if (!wire_policy_parse(policy_file_read(file), arena, &policy, &faults))
        fail_msg("%s: " FC_STR_FMT, file, FC_STR_ARG(policy_outcome(policy_file_read(file))));
    return policy;
}

struct fc_str policy_outcome(struct fc_str document)
{
    struct fc_arena *arena = body_arena();
    struct wire_faults faults;
    struct policy policy;
    struct fc_str text;

    wire_faults_init(&faults, arena);
    bool good = wire_policy_parse(document, arena, &policy, &faults);
    struct fc_buf buf = fc_arena_buf_begin(arena);

    assert_int_equal(good, faults.count == 0);
    if (good) {
        wire_policy_put(&buf, &policy);
    } else {
        fc_buf_put(&buf, FC_STR("! "));
        faults_text_put(&buf, &faults);
    }
    assert_true(fc_arena_buf_end(arena, &buf, &text));
    return text;
}
