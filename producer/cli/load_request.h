/*
 * The bytes of the load tool's requests: what all requests of a run have in common is made once,
 * what differs is put between. Pure.
 */
#ifndef FC_CLI_LOAD_REQUEST_H
#define FC_CLI_LOAD_REQUEST_H

#include "base/str.h"
#include "producer/cli/urls.h"

#define LOAD_PATH_BYTES_MAX 512
#define LOAD_BODY_BYTES_MAX 6144

struct load_request {
    bool is_get;
    int64_t user_id; /* X-User-Id; 0: no identity */
    bool admin;
    struct fc_buf path;
    struct fc_buf body;
};

struct load_manner {
    struct fc_str hosts[CLI_URLS_MAX]; /* Host, by URL */
    struct fc_str token;               /* X-Gateway-Token; empty: none */
    int64_t wait_s;                    /* Prefer: wait; 0: none */
    bool keys;                         /* an Idempotency-Key each */
    uint64_t run;                      /* part of the keys: chance */
};

#define LOAD_COMMON_BYTES 1536

struct load_writer {
    struct load_manner manner;
    char common[CLI_URLS_MAX][LOAD_COMMON_BYTES]; /* headers of a POST, by URL */
    size_t common_len[CLI_URLS_MAX];
    size_t get_len[CLI_URLS_MAX]; /* how many of them a GET has: the first */
};

/* False when a header does not fit. */
FC_MUST_USE bool load_writer_init(struct load_writer *writer, const struct load_manner *manner,
                                  int32_t url_count);

/* Appends the request as it goes out. `number` tells its key from others of the run. */
void load_request_put(const struct load_writer *writer, int32_t url,
                      const struct load_request *request, int64_t number, struct fc_buf *buf);

#endif
