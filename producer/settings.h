/*
 * What can be set about an ingress: one row a setting, read from the environment once at start.
 */
#ifndef FC_PRODUCER_SETTINGS_H
#define FC_PRODUCER_SETTINGS_H

#include "base/err.h"
#include "host/config.h"

struct ingress_settings {
    struct fc_common_settings common;
    char listen[256];
    char database[1024];
    char broker[1024];
    char id_key[64];
    char gateway_token[256];
    int32_t partitions;
    int32_t wait_ms_max;
    int32_t connections;
    char metrics[256];
};

/* Reads and checks them, also against each other: without a gateway token the address must be a
 * loopback one. */
FC_MUST_USE enum fc_rc ingress_settings_read(char *const *environment,
                                             struct ingress_settings *ret_settings,
                                             struct fc_err *ret_err);

void ingress_settings_print(const struct ingress_settings *settings, int fd);

/* Whether host:port can be reached from this machine only. */
bool ingress_address_is_loopback(struct fc_str address);

#endif
