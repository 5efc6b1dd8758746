#include "producer/cli/urls.h"

#define WHERE "FIRSTCOME_URL"

enum fc_rc cli_urls_parse(struct fc_str text, struct cli_urls *ret_urls, struct fc_err *ret_err)
{
    struct cli_urls urls = {.count = 0};

    while (text.len > 0) {
        struct fc_str url = fc_str_cut(&text, ',');

        while (url.len > 0 && url.ptr[url.len - 1] == '/')
            url.len--;
        if (!fc_str_starts_with(url, FC_STR("http://")) &&
            !fc_str_starts_with(url, FC_STR("https://")))
            return fc_err_set(ret_err, FC_CURE_EXIT, WHERE,
                              "\"" FC_STR_FMT "\" does not start with http:// or https://",
                              FC_STR_ARG(url));
        if (urls.count == CLI_URLS_MAX || !fc_str_copy(url, urls.items[urls.count], CLI_URL_BYTES))
            return fc_err_set(ret_err, FC_CURE_EXIT, WHERE,
                              "more than %d addresses, or one longer than %d bytes", CLI_URLS_MAX,
                              CLI_URL_BYTES - 1);
        urls.count++;
    }
    if (urls.count == 0)
        return fc_err_set(ret_err, FC_CURE_EXIT, WHERE, "it names no address");
    *ret_urls = urls;
    return FC_OK;
}
