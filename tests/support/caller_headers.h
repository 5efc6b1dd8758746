/*
 * The headers of the contract, for whoever speaks HTTP by libcurl: those of a call, and the reading
 * of an answer's.
 */
#ifndef FC_TESTS_SUPPORT_CALLER_HEADERS_H
#define FC_TESTS_SUPPORT_CALLER_HEADERS_H

#include "support/caller.h"

#include <curl/curl.h>

/* To be freed by the caller. `token` is the gateway's; empty: none. */
struct curl_slist *caller_headers_make(const struct call *call, const char *token);

/* "Name: value" with its line's end, when it is this one. */
FC_MUST_USE bool caller_header_is(struct fc_str line, const char *name, struct fc_str *ret_value);

#endif
