/*
 * The ingresses' addresses, as they stand in a setting: http:// or https://, separated by commas.
 */
#ifndef FC_CLI_URLS_H
#define FC_CLI_URLS_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

#define CLI_URLS_MAX 16
#define CLI_URL_BYTES 256

struct cli_urls {
    char items[CLI_URLS_MAX][CLI_URL_BYTES]; /* without a slash at the end */
    int32_t count;
};

FC_MUST_USE enum fc_rc cli_urls_parse(struct fc_str text, struct cli_urls *ret_urls,
                                      struct fc_err *ret_err);

#endif
