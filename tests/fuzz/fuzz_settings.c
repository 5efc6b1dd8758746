/* An environment, a variable a line; and each value as an address, a broker's URL, a level of the
 * log, the key of the command ids and the secret of a webhook. */
#include "support/fuzz.h"

#include "host/address.h"
#include "host/config.h"
#include "host/log.h"
#include "host/ticket.h"
#include "mq/conn.h"
#include "outgoing/webhook.h"

#include <string.h>

#define VARIABLES_MAX 16
#define TEXT_MAX 4096

struct settings {
    char text[16];
    char secret[24];
    char address[64];
    int32_t number;
    bool flag;
    char behind; /* nothing is written here */
};

static const struct fc_setting table[] = {
    {"FIRSTCOME_TEXT", FC_SETTING_TEXT, offsetof(struct settings, text), 16, "a", 1, 0, "A text."},
    {"FIRSTCOME_SECRET", FC_SETTING_SECRET, offsetof(struct settings, secret), 24, "", 0, 20, "S."},
    {"FIRSTCOME_ADDRESS", FC_SETTING_ADDRESS, offsetof(struct settings, address), 64, "a:1", 0, 0,
     "An address."},
    {"FIRSTCOME_NUMBER", FC_SETTING_I32, offsetof(struct settings, number), 4, "5", -7, 7, "A."},
    {"FIRSTCOME_FLAG", FC_SETTING_BOOL, offsetof(struct settings, flag), 1, "no", 0, 0, "A flag."},
};

static void check_table(char *const *environment)
{
    struct settings settings = {.behind = 'B'};
    struct fc_address address;
    struct fc_err err = {.text = ""};

    if (fc_config_read(table, FC_ARRAY_COUNT(table), environment, &settings, &err) != FC_OK) {
        FC_ASSERT(err.cure == FC_CURE_EXIT && err.text[0] != '\0');
        FC_ASSERT(memchr(err.text, '\0', sizeof(err.text)) != NULL);
        return;
    }
    FC_ASSERT(settings.behind == 'B' && settings.number >= -7 && settings.number <= 7);
    FC_ASSERT(settings.text[0] != '\0' && memchr(settings.text, '\0', 16) != NULL);
    FC_ASSERT(memchr(settings.secret, '\0', 24) != NULL && strlen(settings.secret) <= 20);
    FC_ASSERT(memchr(settings.address, '\0', 64) != NULL);
    FC_ASSERT(fc_address_parse(fc_str_of(settings.address), &address));
}

static void check_value(char *value)
{
    static struct mq_settings broker;
    struct webhook_key key = {.count = 0};
    struct fc_address address;
    enum fc_log_level level;
    struct fc_ticket ticket;
    struct fc_err err;

    if (fc_address_parse(fc_str_of(value), &address))
        FC_ASSERT(address.host[0] != '\0' && strlen(address.host) < sizeof(address.host) &&
                  address.port[0] != '\0' && strlen(address.port) < sizeof(address.port));
    if (mq_settings_parse(fc_str_of(value), "fuzz", &broker, &err) == FC_OK)
        FC_ASSERT(broker.port >= 1 && broker.port <= 65535 && broker.host[0] != '\0');
    if (webhook_key_parse(fc_str_of(value), &key, &err) == FC_OK)
        FC_ASSERT(key.count >= WEBHOOK_KEY_BYTES_MIN && key.count <= WEBHOOK_KEY_BYTES_MAX);
    if (fc_ticket_init(&ticket, value, &err) == FC_OK)
        FC_ASSERT(strlen(value) == 2 * FC_TICKET_KEY_BYTES);
    if (fc_log_level_parse(fc_str_of(value), &level))
        FC_ASSERT(value[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[TEXT_MAX];
    char *environment[VARIABLES_MAX + 1] = {NULL};
    size_t len = size < TEXT_MAX ? size : TEXT_MAX - 1;
    char *at = text;

    if (len > 0)
        memcpy(text, data, len);
    text[len] = '\0';
    for (int32_t i = 0; i < VARIABLES_MAX && at != NULL; i++) {
        char *end = strchr(at, '\n');

        if (end != NULL)
            *end = '\0';
        /* A file that the input names is none of ours to read. */
        if (strstr(at, "_FILE") == NULL)
            environment[i] = at;
        else
            environment[i] = text + len;
        char *value = strchr(at, '=');

        check_value(value == NULL ? at : value + 1);
        at = end == NULL ? NULL : end + 1;
    }
    check_table(environment);
    return 0;
}
