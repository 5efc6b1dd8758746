/*
 * What the system says about a command: the command document of the contract, as GET
 * /v1/commands/{id} answers it and as it goes to reply_to. Read by json-c alone.
 */
#ifndef FC_TESTS_SUPPORT_TOLD_H
#define FC_TESTS_SUPPORT_TOLD_H

#include "base/id.h"
#include "base/time.h"

#include <json-c/json_object.h>

struct told {
    char state[16]; /* accepted, succeeded, refused, parked */
    char type[32];
    struct fc_uuid command_id;
    struct fc_instant accepted_at;
    struct fc_instant decided_at; /* 0: not said */
    char code[64];                /* of a refusal; "" of a success */
    int32_t status;               /* of a refusal */
    struct fc_uuid replay_of;     /* zero: it was the first of its key */
    struct json_object *result;   /* of a success; dies with the document */
};

/* JSON text as an object to be put by the caller; NULL when it is none. */
struct json_object *told_parse(struct fc_str text);

/* False when it is no command document. */
FC_MUST_USE bool told_read(struct json_object *document, struct told *ret_told);

/* Members: 0, "", NULL where there is none, or another kind. */
int64_t told_int(struct json_object *object, const char *name);
struct fc_str told_text(struct json_object *object, const char *name);
struct fc_uuid told_uuid(struct json_object *object, const char *name);
struct json_object *told_member(struct json_object *object, const char *name);

#endif
