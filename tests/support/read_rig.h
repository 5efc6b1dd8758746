/*
 * A read of the ingress from its parameters to its JSON, over a real database and without HTTP.
 */
#ifndef FC_SUPPORT_READ_RIG_H
#define FC_SUPPORT_READ_RIG_H

#include "producer/read_parts.h"
#include "producer/request.h"

struct read_rig {
    read_ask_fn *ask;
    enum read_found (*write)(const struct request *request, const struct db_rows *rows,
                             struct wire_json *json);
};

/* What is answered at the instant `at` to parameters such as "a=b&c=d": JSON, or every fault, a
 * line each. Valid until the next call. */
struct fc_str read_rig_ask(struct db *db, const struct read_rig *read, const char *at,
                           const char *text);

/* How often `word` stands in `text`. */
int32_t read_rig_count(struct fc_str text, const char *word);

#endif
