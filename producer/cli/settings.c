#include "producer/cli/settings.h"

#include "base/limits.h"
#include "host/config.h"

#include <stddef.h>

#define MEMBER(name) \
    offsetof(struct cli_settings, name), sizeof(((struct cli_settings *)NULL)->name)

static const struct fc_setting table[] = {
    {"FIRSTCOME_URL", FC_SETTING_TEXT, MEMBER(url), "http://127.0.0.1:8080", 1, 0,
     "Where the ingress is; several separated by commas."},
    {"FIRSTCOME_DATABASE", FC_SETTING_SECRET, MEMBER(database), "", 0, 0,
     "PostgreSQL as a libpq connection string."},
    {"FIRSTCOME_BROKER", FC_SETTING_SECRET, MEMBER(broker), "", 0, 0,
     "RabbitMQ: amqp://user:password@host:port/vhost."},
    {"FIRSTCOME_GATEWAY_TOKEN", FC_SETTING_SECRET, MEMBER(gateway_token), "", 0, 0,
     "What the ingress believes identity headers for."},
    {"FIRSTCOME_PARTITIONS", FC_SETTING_I32, MEMBER(partitions), "16", 1, PARTITIONS_MAX,
     "Queues of each kind."},
};

enum fc_rc cli_settings_read(char *const *environment, struct cli_settings *ret_settings,
                             struct fc_err *ret_err)
{
    if (fc_config_read(table, FC_ARRAY_COUNT(table), environment, ret_settings, ret_err) == FC_OK)
        return FC_OK;
    ret_err->where = "settings";
    return FC_FAIL;
}
