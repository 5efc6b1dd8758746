#include "support/history_check_files.h"

#include "base/assert.h"

#include <json-c/json.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One file, line by line. */
struct reading {
    struct evidence *evidence;
    const char *path;
    struct evidence_file file; /* of a history */
    int64_t line;
};

typedef bool take_line_fn(struct reading *reading, struct fc_str line, char ret_why[256]);

static bool fail(const char *path, const char *why, char ret_why[HISTORY_WHY_BYTES])
{
    (void)snprintf(ret_why, HISTORY_WHY_BYTES, "%s: %s", path, why);
    return false;
}

/* The next whole line, without its end; false at the end of the file. */
static bool next_line(FILE *file, char **memory, size_t *room, struct fc_str *ret_line)
{
    ssize_t len = getline(memory, room, file);

    if (len <= 0 || (*memory)[len - 1] != '\n')
        return false;
    *ret_line = (struct fc_str){*memory, (size_t)len - 1};
    return true;
}

static bool each_line(struct reading *reading, take_line_fn *take, char ret_why[HISTORY_WHY_BYTES])
{
    FILE *file = fopen(reading->path, "r");
    char *memory = NULL;
    size_t room = 0;
    struct fc_str line;
    char why[256] = "";
    bool good = true;

    if (file == NULL)
        return fail(reading->path, strerror(errno), ret_why);
    while (good && next_line(file, &memory, &room, &line)) {
        reading->line++;
        good = take(reading, line, why);
    }
    if (!good)
        (void)snprintf(ret_why, HISTORY_WHY_BYTES, "%s:%" PRId64 ": %s", reading->path,
                       reading->line, why);
    free(memory);
    (void)fclose(file);
    return good;
}

/* --- histories -------------------------------------------------------------------------------- */

static bool take_history(struct reading *reading, struct fc_str text, char ret_why[256])
{
    struct history_line line;

    return history_read(text, &line, ret_why) &&
           evidence_put_line(reading->evidence, &reading->file, &line, ret_why);
}

bool history_file_read(struct evidence *evidence, const char *path, char ret_why[HISTORY_WHY_BYTES])
{
    struct reading reading = {.evidence = evidence, .path = path};

    evidence_file_open(evidence, fc_str_of(path), &reading.file);
    bool good = each_line(&reading, take_history, ret_why);

    evidence_file_close(&reading.file);
    return good;
}

/* --- the platform ----------------------------------------------------------------------------- */

static bool take_array(struct evidence *evidence, const char *text)
{
    struct json_object *list = json_tokener_parse(text);
    bool good = json_object_is_type(list, json_type_array);

    for (size_t i = 0; good && i < json_object_array_length(list); i++)
        good = evidence_put_delivery(
            evidence, fc_str_of(json_object_to_json_string(json_object_array_get_idx(list, i))));
    json_object_put(list);
    return good;
}

static bool take_platform(struct reading *reading, struct fc_str text, char ret_why[256])
{
    struct fc_buf why = fc_buf_of(ret_why, 255);
    bool good;

    if (text.len == 0)
        return true;
    if (text.ptr[0] != '[') {
        good = evidence_put_delivery(reading->evidence, text);
    } else {
        char *copy = array_new((int64_t)text.len + 1, 1);

        memcpy(copy, text.ptr, text.len);
        good = take_array(reading->evidence, copy);
        free(copy);
    }
    if (!good)
        fc_buf_put_text(&why, "is no event as the platform is told");
    return good;
}

bool history_platform_read(struct evidence *evidence, const char *path,
                           char ret_why[HISTORY_WHY_BYTES])
{
    struct reading reading = {.evidence = evidence, .path = path};

    evidence->has_platform = true;
    return each_line(&reading, take_platform, ret_why);
}

/* --- the gateway ------------------------------------------------------------------------------ */

static struct fc_str text_of(struct json_object *object, const char *name)
{
    return fc_str_of(json_object_get_string(json_object_object_get(object, name)));
}

static int64_t number_of(struct json_object *object, const char *name)
{
    return json_object_get_int64(json_object_object_get(object, name));
}

bool history_gateway_read(struct evidence *evidence, const char *path,
                          char ret_why[HISTORY_WHY_BYTES])
{
    struct json_object *root = json_object_from_file(path);
    struct json_object *list = NULL;

    evidence->has_gateway = true;
    if (!json_object_object_get_ex(root, "payments", &list) ||
        !json_object_is_type(list, json_type_array)) {
        json_object_put(root);
        return fail(path, "is no ledger of the gateway's stand-in", ret_why);
    }
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *entry = json_object_array_get_idx(list, i);
        struct evidence_payment payment = {
            .user_id = number_of(entry, "user_id"),
            .amount = number_of(entry, "amount"),
            .approvals = number_of(entry, "approvals"),
            .status = names_put(&evidence->names, text_of(entry, "status")),
        };

        if (!fc_uuid_parse(text_of(entry, "order_id"), &payment.order_id)) {
            json_object_put(root);
            return fail(path, "has a payment of no order", ret_why);
        }
        *ARRAY_ADD(evidence, payment) = payment;
    }
    json_object_put(root);
    return true;
}
