#include "producer/settings.h"

#include "base/limits.h"
#include "host/address.h"
#include "producer/headers.h"

#include <string.h>

#define MEMBER(name) \
    offsetof(struct ingress_settings, name), sizeof(((struct ingress_settings *)NULL)->name)

static const struct fc_setting own_rows[] = {
    {"FIRSTCOME_LISTEN", FC_SETTING_ADDRESS, MEMBER(listen), "127.0.0.1:8080", 0, 0,
     "host:port that clients reach; several ingresses may share it"},
    {"FIRSTCOME_DATABASE", FC_SETTING_SECRET, MEMBER(database), NULL, 1, 0,
     "PostgreSQL connection string"},
    {"FIRSTCOME_BROKER", FC_SETTING_SECRET, MEMBER(broker), NULL, 1, 0,
     "amqp://user:password@host:port/vhost of RabbitMQ"},
    {"FIRSTCOME_ID_KEY", FC_SETTING_SECRET, MEMBER(id_key), NULL, 32, 32,
     "32 hex digits by which all ingresses know the command ids they gave out"},
    {"FIRSTCOME_GATEWAY_TOKEN", FC_SETTING_SECRET, MEMBER(gateway_token), "", 0, 0,
     "X-Gateway-Token of the gateway; without one only a loopback address is listened on"},
    {"FIRSTCOME_PARTITIONS", FC_SETTING_I32, MEMBER(partitions), "16", 1, PARTITIONS_MAX,
     "queues a family, the same number for all programs"},
    {"FIRSTCOME_WAIT_MAX_MS", FC_SETTING_I32, MEMBER(wait_ms_max), "30000", 0, 600000,
     "a command that would wait longer for its verdict is refused; 0: none is"},
    {"FIRSTCOME_CONNECTIONS", FC_SETTING_I32, MEMBER(connections), "12000", 64,
     HTTP_CONNECTIONS_MAX, "of clients at the same time, as far as descriptors reach"},
    {"FIRSTCOME_METRICS", FC_SETTING_ADDRESS, MEMBER(metrics), "", 0, 0,
     "host:port of a second endpoint for metrics and health; empty: none"},
};

#define ROWS_COUNT (FC_COMMON_SETTINGS_COUNT + FC_ARRAY_COUNT(own_rows))

static void rows_fill(struct fc_setting rows[ROWS_COUNT])
{
    fc_config_common_rows(offsetof(struct ingress_settings, common), rows);
    memcpy(rows + FC_COMMON_SETTINGS_COUNT, own_rows, sizeof(own_rows));
}

bool ingress_address_is_loopback(struct fc_str address)
{
    struct fc_address parts;

    if (!fc_address_parse(address, &parts))
        return false;
    struct fc_str host = fc_str_of(parts.host);
    struct fc_str rest = host;

    if (fc_str_eq(host, FC_STR("::1")) || header_eq(host, FC_STR("localhost")))
        return true;
    /* 127.0.0.0/8, as numbers: 127.evil.example is a name. */
    for (int32_t i = 0; i < 4; i++) {
        int64_t value;

        if (!fc_str_to_i64(fc_str_cut(&rest, '.'), i == 0 ? 127 : 0, i == 0 ? 127 : 255, &value))
            return false;
    }
    return rest.len == 0;
}

enum fc_rc ingress_settings_read(char *const *environment, struct ingress_settings *ret_settings,
                                 struct fc_err *ret_err)
{
    struct fc_setting rows[ROWS_COUNT];

    rows_fill(rows);
    if (fc_config_read(rows, ROWS_COUNT, environment, ret_settings, ret_err) != FC_OK)
        return FC_FAIL;
    if (ret_settings->gateway_token[0] == '\0' &&
        !ingress_address_is_loopback(fc_str_of(ret_settings->listen)))
        return fc_err_set(ret_err, FC_CURE_EXIT, "settings",
                          "FIRSTCOME_LISTEN must be a loopback address without "
                          "FIRSTCOME_GATEWAY_TOKEN: whoever reaches it names himself");
    return FC_OK;
}

void ingress_settings_print(const struct ingress_settings *settings, int fd)
{
    struct fc_setting rows[ROWS_COUNT];

    rows_fill(rows);
    fc_config_print(rows, ROWS_COUNT, settings, fd);
}
