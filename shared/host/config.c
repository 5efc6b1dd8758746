#include "host/config.h"

#include "base/assert.h"
#include "host/address.h"
#include "host/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define SECRET_BYTES_MAX 1024
/* Of a wrong value, what is shown of it. */
#define SHOWN_BYTES_MAX 40

/* What is wrong so far; faults that do not fit any more are counted. */
struct faults {
    char bytes[sizeof(((struct fc_err *)NULL)->text)];
    struct fc_buf buf;
    int32_t count;
    int32_t left_out;
};

#define FAULTS_TAIL_BYTES 24

static void fault_put(struct faults *faults, const struct fc_setting *setting, struct fc_str what,
                      struct fc_str value)
{
    struct fc_buf *buf = &faults->buf;
    size_t mark = buf->len;

    if (value.len > SHOWN_BYTES_MAX)
        value.len = SHOWN_BYTES_MAX;
    fc_buf_put_text(buf, mark == 0 ? "" : "; ");
    fc_buf_put_text(buf, setting->name);
    fc_buf_put_char(buf, ' ');
    fc_buf_put(buf, what);
    if (value.ptr != NULL)
        fc_buf_put_fmt(buf, ", not \"" FC_STR_FMT "\"", FC_STR_ARG(value));
    faults->count++;
    if (!buf->overflow)
        return;
    /* A shorter one may still fit. */
    buf->overflow = false;
    buf->len = mark;
    faults->left_out++;
}

static const char *environment_find(char *const *environment, const char *name, const char *suffix)
{
    size_t name_len = strlen(name);
    size_t suffix_len = strlen(suffix);

    for (; *environment != NULL; environment++) {
        const char *entry = *environment;

        if (strncmp(entry, name, name_len) == 0 &&
            strncmp(entry + name_len, suffix, suffix_len) == 0 &&
            entry[name_len + suffix_len] == '=')
            return entry + name_len + suffix_len + 1;
    }
    return NULL;
}

static bool has_control(struct fc_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7F)
            return true;
    return false;
}

/* TEXT and SECRET; a secret's value is not shown. */
static void read_text(struct faults *faults, const struct fc_setting *setting, struct fc_str value,
                      char *ret_text)
{
    int64_t max = setting->max > 0 ? setting->max : (int64_t)setting->size - 1;
    struct fc_str shown = setting->kind == FC_SETTING_SECRET ? FC_STR_NONE : value;
    char what[64];
    struct fc_buf buf = fc_buf_of(what, sizeof(what));

    FC_ASSERT(max < (int64_t)setting->size);
    if ((int64_t)value.len < setting->min || (int64_t)value.len > max) {
        fc_buf_put_fmt(&buf, "must be of %lld to %lld bytes", (long long)setting->min,
                       (long long)max);
        fault_put(faults, setting, fc_buf_str(&buf), shown);
        return;
    }
    if (has_control(value)) {
        fault_put(faults, setting, FC_STR("must not hold control characters"), FC_STR_NONE);
        return;
    }
    (void)fc_str_copy(value, ret_text, setting->size);
}

static void read_i32(struct faults *faults, const struct fc_setting *setting, struct fc_str value,
                     int32_t *ret_value)
{
    char what[80];
    struct fc_buf buf = fc_buf_of(what, sizeof(what));
    int64_t number;

    FC_ASSERT(setting->size == sizeof(*ret_value));
    FC_ASSERT(setting->min >= INT32_MIN && setting->max <= INT32_MAX);
    if (fc_str_to_i64(value, setting->min, setting->max, &number)) {
        *ret_value = (int32_t)number;
        return;
    }
    fc_buf_put_fmt(&buf, "must be a whole number from %lld to %lld", (long long)setting->min,
                   (long long)setting->max);
    fault_put(faults, setting, fc_buf_str(&buf), value);
}

static void read_bool(struct faults *faults, const struct fc_setting *setting, struct fc_str value,
                      bool *ret_value)
{
    static const char *const words[2][4] = {{"false", "no", "off", "0"},
                                            {"true", "yes", "on", "1"}};

    FC_ASSERT(setting->size == sizeof(*ret_value));
    for (size_t i = 0; i < 8; i++) {
        if (fc_str_eq(value, fc_str_of(words[i / 4][i % 4]))) {
            *ret_value = i / 4 == 1;
            return;
        }
    }
    fault_put(faults, setting, FC_STR("must be true or false"), value);
}

static void read_address(struct faults *faults, const struct fc_setting *setting,
                         struct fc_str value, char *ret_text)
{
    struct fc_address address;
    bool may_be_empty = setting->value != NULL && setting->value[0] == '\0';

    if (value.len == 0 && may_be_empty) {
        ret_text[0] = '\0';
        return;
    }
    if (!fc_address_parse(value, &address) || value.len >= setting->size) {
        fault_put(faults, setting, FC_STR("must be host:port"), value);
        return;
    }
    (void)fc_str_copy(value, ret_text, setting->size);
}

/* 0 and the file's first line without its end, or errno; EFBIG when it is too long. */
static int secret_file_read(const char *path, char *ret_text, size_t size, size_t *ret_len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t len = 0;
    ssize_t count = 1;
    int sys = 0;

    if (fd < 0)
        return errno;
    while (len < size && count > 0) {
        count = read(fd, ret_text + len, size - len);
        if (count > 0)
            len += (size_t)count;
        else if (count < 0)
            sys = errno;
    }
    (void)close(fd);
    if (sys == 0 && len == size)
        sys = EFBIG;
    while (len > 0 && (ret_text[len - 1] == '\n' || ret_text[len - 1] == '\r'))
        len--;
    *ret_len = len;
    return sys;
}

static void read_secret(struct faults *faults, const struct fc_setting *setting, const char *given,
                        const char *path, char *ret_text)
{
    char secret[SECRET_BYTES_MAX + 1] = "";
    struct fc_str value = fc_str_of(given != NULL ? given : setting->value);

    if (path != NULL && path[0] != '\0') {
        char what[200];
        struct fc_buf buf = fc_buf_of(what, sizeof(what));
        int sys = secret_file_read(path, secret, sizeof(secret), &value.len);

        if (given != NULL && given[0] != '\0') {
            fault_put(faults, setting, FC_STR("and its _FILE are both given: keep one"),
                      FC_STR_NONE);
            return;
        }
        if (sys != 0) {
            fc_buf_put_fmt(&buf, "_FILE: %.80s: %.60s", path, strerror(sys));
            fault_put(faults, setting, fc_buf_str(&buf), FC_STR_NONE);
            return;
        }
        value.ptr = secret;
    } else if (value.ptr == NULL) {
        fault_put(faults, setting, FC_STR("must be given, or a file that holds it as its _FILE"),
                  FC_STR_NONE);
        return;
    }
    read_text(faults, setting, value, ret_text);
}

static void setting_read(struct faults *faults, const struct fc_setting *setting,
                         char *const *environment, void *settings)
{
    const char *given = environment_find(environment, setting->name, "");
    const char *text = given != NULL ? given : setting->value;
    char *member = (char *)settings + setting->offset;
    /* Aligned as the struct that it is a member of. */
    void *aligned = member;

    if (setting->kind == FC_SETTING_SECRET) {
        const char *path = environment_find(environment, setting->name, "_FILE");

        read_secret(faults, setting, given, path, member);
        return;
    }
    if (text == NULL) {
        fault_put(faults, setting, FC_STR("must be given"), FC_STR_NONE);
        return;
    }
    switch (setting->kind) {
    case FC_SETTING_TEXT:
        read_text(faults, setting, fc_str_of(text), member);
        return;
    case FC_SETTING_I32:
        read_i32(faults, setting, fc_str_of(text), aligned);
        return;
    case FC_SETTING_BOOL:
        read_bool(faults, setting, fc_str_of(text), aligned);
        return;
    case FC_SETTING_ADDRESS:
        read_address(faults, setting, fc_str_of(text), member);
        return;
    case FC_SETTING_SECRET:
        break;
    }
    FC_UNREACHABLE("no such kind of setting");
}

enum fc_rc fc_config_read(const struct fc_setting *table, size_t count, char *const *environment,
                          void *ret_settings, struct fc_err *ret_err)
{
    struct faults faults = {.count = 0};

    faults.buf = fc_buf_of(faults.bytes, sizeof(faults.bytes) - FAULTS_TAIL_BYTES);
    for (size_t i = 0; i < count; i++)
        setting_read(&faults, &table[i], environment, ret_settings);
    if (faults.count == 0)
        return FC_OK;
    faults.buf.size = sizeof(faults.bytes);
    if (faults.left_out > 0)
        fc_buf_put_fmt(&faults.buf, "; and %d more", (int)faults.left_out);
    return fc_err_set(ret_err, FC_CURE_EXIT, "fc_config_read", FC_STR_FMT,
                      FC_STR_ARG(fc_buf_str(&faults.buf)));
}

static void put_setting(struct fc_buf *buf, const struct fc_setting *setting, const void *settings)
{
    const char *member = (const char *)settings + setting->offset;
    int32_t number;
    bool flag;

    fc_buf_put_text(buf, setting->name);
    fc_buf_put_char(buf, '=');
    switch (setting->kind) {
    case FC_SETTING_TEXT:
    case FC_SETTING_ADDRESS:
        fc_buf_put_text(buf, member);
        break;
    case FC_SETTING_I32:
        memcpy(&number, member, sizeof(number));
        fc_buf_put_i64(buf, number);
        break;
    case FC_SETTING_BOOL:
        memcpy(&flag, member, sizeof(flag));
        fc_buf_put_text(buf, flag ? "true" : "false");
        break;
    case FC_SETTING_SECRET:
        fc_buf_put_text(buf, member[0] != '\0' ? "(set)" : "(not set)");
        break;
    }
    fc_buf_put_text(buf, "  # ");
    fc_buf_put_text(buf, setting->sentence);
}

void fc_config_print(const struct fc_setting *table, size_t count, const void *settings, int fd)
{
    for (size_t i = 0; i < count; i++) {
        char line[4096];
        struct fc_buf buf = fc_buf_of(line, sizeof(line) - 1);
        size_t done = 0;

        put_setting(&buf, &table[i], settings);
        line[buf.len++] = '\n';
        while (done < buf.len) {
            ssize_t written = write(fd, line + done, buf.len - done);

            if (written < 0 && errno != EINTR)
                return;
            done += written > 0 ? (size_t)written : 0;
        }
    }
}

void fc_config_common_rows(size_t offset, struct fc_setting ret_rows[FC_COMMON_SETTINGS_COUNT])
{
    const struct fc_common_settings *common = NULL;

    ret_rows[0] = (struct fc_setting){
        "FIRSTCOME_LOG_LEVEL",
        FC_SETTING_TEXT,
        offset + offsetof(struct fc_common_settings, log_level),
        sizeof(common->log_level),
        "info",
        1,
        0,
        "the least severe lines that are logged: debug, info, warn, error or fatal",
    };
    ret_rows[1] = (struct fc_setting){
        "FIRSTCOME_LOG_FORMAT",
        FC_SETTING_TEXT,
        offset + offsetof(struct fc_common_settings, log_format),
        sizeof(common->log_format),
        "logfmt",
        1,
        0,
        "how a log line is written: logfmt or json",
    };
    ret_rows[2] = (struct fc_setting){
        "FIRSTCOME_INSTANCE",
        FC_SETTING_TEXT,
        offset + offsetof(struct fc_common_settings, instance),
        sizeof(common->instance),
        "",
        0,
        0,
        "the name of this instance in log lines, such as order-2; empty: the program's name",
    };
}

enum fc_rc fc_config_apply_log(const struct fc_common_settings *common, const char *program,
                               struct fc_err *ret_err)
{
    struct fc_log_settings settings = {FC_LOG_INFO, false, ""};
    const char *instance = common->instance[0] != '\0' ? common->instance : program;
    bool json = fc_str_eq(fc_str_of(common->log_format), FC_STR("json"));

    if (!fc_log_level_parse(fc_str_of(common->log_level), &settings.level))
        return fc_err_set(ret_err, FC_CURE_EXIT, "fc_config_apply_log",
                          "FIRSTCOME_LOG_LEVEL must be debug, info, warn, error or fatal, "
                          "not \"%s\"",
                          common->log_level);
    if (!json && !fc_str_eq(fc_str_of(common->log_format), FC_STR("logfmt")))
        return fc_err_set(ret_err, FC_CURE_EXIT, "fc_config_apply_log",
                          "FIRSTCOME_LOG_FORMAT must be logfmt or json, not \"%s\"",
                          common->log_format);
    settings.json = json;
    (void)fc_str_copy(fc_str_of(instance), settings.instance, sizeof(settings.instance));
    fc_log_init(&settings);
    return FC_OK;
}
