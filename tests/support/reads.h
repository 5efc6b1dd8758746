/*
 * The reads of the ingress without HTTP: a request made of its target, its statement run, its
 * answer written, as producer/read.c does it.
 */
#ifndef FC_SUPPORT_READS_H
#define FC_SUPPORT_READS_H

#include "producer/read_parts.h"

#include <json-c/json_object.h>

struct db;

/* Nobody's id: an administrator asks. */
#define READS_ADMIN 0

struct reads_asked {
    struct request request;
    const struct sql_query *statement;
    struct db_params params;
    struct wire_faults faults;
    bool good; /* without a fault: the statement can be run */
};

/* "/v1/products?q=a%25&limit=2": the statement that the read would run. */
void reads_ask(const char *target, int64_t user_id, struct reads_asked *ret_asked);

/* The answer, to be put by the caller (json_object_put); NULL unless *ret_found is READ_FOUND. A
 * fault fails the test. */
struct json_object *reads_answer(struct db *db, const char *target, int64_t user_id,
                                 enum read_found *ret_found);

/* The same where there must be one. */
struct json_object *reads_get(struct db *db, const char *target, int64_t user_id);
/* Whether there is one. */
enum read_found reads_found(struct db *db, const char *target, int64_t user_id);

/* A member of an answer (JSON Pointer, without escapes) as JSON; "" when it is not there. */
const char *reads_text(struct json_object *answer, const char *pointer);

struct reads_expected {
    const char *pointer;
    const char *json;
};

/* The answer's members must be these: {pointer, json}, … */
#define READS_CHECK(db, target, user_id, ...)                             \
    do {                                                                  \
        static const struct reads_expected reads_rows[] = {__VA_ARGS__};  \
        reads_check((db), (target), (user_id), reads_rows,                \
                    (int32_t)(sizeof(reads_rows) / sizeof(*reads_rows))); \
    } while (0)

void reads_check(struct db *db, const char *target, int64_t user_id,
                 const struct reads_expected *rows, int32_t count);

#endif
