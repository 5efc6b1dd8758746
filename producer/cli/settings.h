/*
 * Where the command line finds the installation: the environment's settings, which options of a
 * command override one by one.
 */
#ifndef FC_CLI_SETTINGS_H
#define FC_CLI_SETTINGS_H

#include "base/err.h"

#include <stdint.h>

#define CLI_SETTING_BYTES 1024

struct cli_settings {
    char url[CLI_SETTING_BYTES];      /* one ingress, or several separated by commas */
    char database[CLI_SETTING_BYTES]; /* empty: not set */
    char broker[CLI_SETTING_BYTES];   /* empty: not set */
    char gateway_token[CLI_SETTING_BYTES];
    int32_t partitions;
};

FC_MUST_USE enum fc_rc cli_settings_read(char *const *environment,
                                         struct cli_settings *ret_settings, struct fc_err *ret_err);

#endif
