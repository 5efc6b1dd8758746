#include "producer/cli/jsonl.h"

#include "producer/cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MAX (1024LL * 1024 * 1024)

void cli_record_fault(struct cli_record *record, const char *format, ...)
{
    va_list args;

    if (record->faulty)
        return;
    record->faulty = true;
    va_start(args, format);
    (void)vsnprintf(record->fault, sizeof(record->fault), format, args);
    va_end(args);
}

void cli_record_open(struct cli_record *record, struct fc_str text)
{
    struct json_tokener *tokener = json_tokener_new();

    *record = (struct cli_record){.root = NULL};
    if (tokener == NULL || text.len == 0 || text.len > INT32_MAX) {
        cli_record_fault(record, "no JSON");
        goto out;
    }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    record->root = json_tokener_parse_ex(tokener, text.ptr, (int)text.len);
    if (json_tokener_get_error(tokener) != json_tokener_success)
        cli_record_fault(record, "no JSON: %s at byte %d",
                         json_tokener_error_desc(json_tokener_get_error(tokener)),
                         (int)json_tokener_get_parse_end(tokener) + 1);
    else if (json_tokener_get_parse_end(tokener) != text.len)
        cli_record_fault(record, "something stands behind the JSON");
out:
    if (tokener != NULL)
        json_tokener_free(tokener);
}

void cli_record_close(struct cli_record *record)
{
    (void)json_object_put(record->root);
    record->root = NULL;
}

bool cli_record_has(const struct cli_record *record, const char *name)
{
    return json_object_object_get_ex(record->root, name, NULL);
}

/* The member, or NULL with a fault unless it may be missing. */
static struct json_object *member(struct cli_record *record, struct json_object *object,
                                  const char *name, bool may_miss)
{
    struct json_object *value = NULL;

    if (object == NULL)
        object = record->root;
    if (record->faulty)
        return NULL;
    if (!json_object_is_type(object, json_type_object)) {
        cli_record_fault(record, "no object");
        return NULL;
    }
    if (!json_object_object_get_ex(object, name, &value) && !may_miss)
        cli_record_fault(record, "\"%s\" is missing", name);
    return value;
}

int64_t cli_record_int(struct cli_record *record, struct json_object *object, const char *name,
                       int64_t min, int64_t max)
{
    struct json_object *value = member(record, object, name, false);
    int64_t number;

    if (value == NULL)
        return 0;
    if (!json_object_is_type(value, json_type_int)) {
        cli_record_fault(record, "\"%s\" is no whole number", name);
        return 0;
    }
    number = json_object_get_int64(value);
    if (number < min || number > max) {
        cli_record_fault(record, "\"%s\" is not between %lld and %lld", name, (long long)min,
                         (long long)max);
        return 0;
    }
    return number;
}

bool cli_record_bool(struct cli_record *record, struct json_object *object, const char *name)
{
    struct json_object *value = member(record, object, name, true);

    if (value == NULL)
        return false;
    if (!json_object_is_type(value, json_type_boolean))
        cli_record_fault(record, "\"%s\" is neither true nor false", name);
    return json_object_get_boolean(value);
}

struct fc_str cli_record_text(struct cli_record *record, struct json_object *object,
                              const char *name, struct fc_arena *arena, bool may_miss)
{
    struct json_object *value = member(record, object, name, may_miss);
    struct fc_str copy = FC_STR_NONE;

    if (value == NULL)
        return copy;
    if (!json_object_is_type(value, json_type_string)) {
        cli_record_fault(record, "\"%s\" is no text", name);
        return copy;
    }
    struct fc_str text = {json_object_get_string(value), (size_t)json_object_get_string_len(value)};

    if (text.len == 0 && !may_miss)
        cli_record_fault(record, "\"%s\" is empty", name);
    if (!fc_arena_copy(arena, text, &copy))
        cli_record_fault(record, "no memory for \"%s\"", name);
    return copy;
}

/* A text that lives as long as the record. */
static struct fc_str view(struct cli_record *record, const char *name)
{
    struct json_object *value = member(record, NULL, name, false);

    if (value == NULL || !json_object_is_type(value, json_type_string))
        return FC_STR_NONE;
    return (struct fc_str){json_object_get_string(value),
                           (size_t)json_object_get_string_len(value)};
}

struct fc_instant cli_record_instant(struct cli_record *record, const char *name)
{
    struct fc_instant at = {0};

    if (!fc_instant_parse(view(record, name), &at))
        cli_record_fault(record, "\"%s\" is no instant such as 2010-12-01T08:26:00Z", name);
    return at;
}

struct fc_day cli_record_day(struct cli_record *record, const char *name)
{
    struct fc_day day = {0};

    if (!fc_day_parse(view(record, name), &day))
        cli_record_fault(record, "\"%s\" is no day such as 2010-12-01", name);
    return day;
}

int32_t cli_record_list(struct cli_record *record, const char *name, int32_t count_max,
                        struct json_object **ret_array)
{
    struct json_object *value = member(record, NULL, name, false);

    if (value == NULL)
        return 0;
    if (!json_object_is_type(value, json_type_array)) {
        cli_record_fault(record, "\"%s\" is no list", name);
        return 0;
    }
    if (json_object_array_length(value) > (size_t)count_max) {
        cli_record_fault(record, "\"%s\" has more than %d elements", name, (int)count_max);
        return 0;
    }
    *ret_array = value;
    return (int32_t)json_object_array_length(value);
}

struct json_object *cli_record_item(struct cli_record *record, struct json_object *array,
                                    int32_t index)
{
    struct json_object *item = json_object_array_get_idx(array, (size_t)index);

    if (json_object_is_type(item, json_type_object))
        return item;
    cli_record_fault(record, "element %d is no object", (int)index + 1);
    return NULL;
}

/* --- files ------------------------------------------------------------------------------------ */

static enum fc_rc read_all(int fd, const char *path, char *memory, size_t size,
                           struct fc_err *ret_err)
{
    size_t len = 0;

    while (len < size) {
        ssize_t count = read(fd, memory + len, size - len);

        if (count > 0) {
            len += (size_t)count;
            continue;
        }
        if (count < 0 && errno == EINTR)
            continue;
        return count < 0 ? fc_err_set_sys(ret_err, FC_CURE_PARK, path, errno)
                         : fc_err_set(ret_err, FC_CURE_PARK, path, "it became shorter");
    }
    return FC_OK;
}

enum fc_rc cli_file_read(const char *path, struct fc_str *ret_text, struct fc_err *ret_err)
{
    struct stat stat;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *memory = NULL;
    enum fc_rc rc = FC_FAIL;

    if (fd < 0)
        return fc_err_set_sys(ret_err, FC_CURE_PARK, path, errno);
    if (fstat(fd, &stat) != 0) {
        (void)fc_err_set_sys(ret_err, FC_CURE_PARK, path, errno);
        goto out;
    }
    if (!S_ISREG(stat.st_mode) || stat.st_size > FILE_BYTES_MAX) {
        (void)fc_err_set(ret_err, FC_CURE_PARK, path, "it is no file of at most 1 GiB");
        goto out;
    }
    memory = cli_memory((size_t)stat.st_size + 1);
    if (memory == NULL) {
        (void)fc_err_set(ret_err, FC_CURE_RETRY, path, "out of memory");
        goto out;
    }
    rc = read_all(fd, path, memory, (size_t)stat.st_size, ret_err);
    if (rc == FC_OK)
        *ret_text = (struct fc_str){memory, (size_t)stat.st_size};
out:
    (void)close(fd);
    return rc;
}

bool cli_line_next(struct fc_str *rest, int32_t *number, struct fc_str *ret_line)
{
    while (rest->len > 0) {
        struct fc_str line = fc_str_cut(rest, '\n');

        (*number)++;
        while (line.len > 0 && strchr(" \t\r", line.ptr[line.len - 1]) != NULL)
            line.len--;
        if (line.len == 0)
            continue;
        *ret_line = line;
        return true;
    }
    return false;
}

int32_t cli_line_count(struct fc_str text)
{
    struct fc_str line;
    int32_t number = 0;
    int32_t count = 0;

    while (cli_line_next(&text, &number, &line))
        count++;
    return count;
}
