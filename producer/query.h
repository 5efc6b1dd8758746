/*
 * The parameters of a read: decoded, checked, and every fault named. A parameter nobody asked for
 * is a fault too, so that a misspelt filter does not pass for one that holds. Pure.
 */
#ifndef FC_PRODUCER_QUERY_H
#define FC_PRODUCER_QUERY_H

#include "producer/request.h"

struct query {
    struct request_arg args[REQUEST_ARGS_MAX]; /* decoded */
    bool asked[REQUEST_ARGS_MAX];
    int32_t count;
    struct fc_arena *arena;
    struct wire_faults *faults;
};

void query_init(struct query *query, const struct request *request, struct fc_arena *arena,
                struct wire_faults *faults);

/* Each returns whether the parameter is there and good, and leaves *ret_… alone otherwise. */
bool query_text(struct query *query, const char *name, size_t bytes_max, struct fc_str *ret_text);
bool query_i64(struct query *query, const char *name, int64_t min, int64_t max, int64_t *ret_value);
bool query_day(struct query *query, const char *name, struct fc_day *ret_day);
/* One of `words`, by its place among them. */
bool query_choice(struct query *query, const char *name, const char *const *words, int32_t count,
                  int32_t *ret_choice);

/* A fault of the parameter `name`. */
void query_fault(struct query *query, const char *name, const char *why);

/* Names the parameters nobody asked for; true when there was no fault at all. */
FC_MUST_USE bool query_end(struct query *query);

#endif
