/*
 * The command document, as GET /v1/commands/{id} answers it and as verdicts travel to reply_to:
 * {"command_id","type","state","accepted_at","decided_at"?,"result"? or "problem"?}, and
 * "replay_of" when the command repeated another's idempotency key (the verdict is the first one's).
 */
#ifndef FC_WIRE_DOCUMENT_H
#define FC_WIRE_DOCUMENT_H

#include "base/arena.h"
#include "core/decide.h"

enum wire_state { WIRE_ACCEPTED, WIRE_SUCCEEDED, WIRE_REFUSED, WIRE_PARKED };

struct wire_document {
    struct fc_uuid command_id;
    struct fc_str type; /* coupon.issue; empty when not known */
    enum wire_state state;
    bool has_accepted_at;
    struct fc_instant accepted_at;
    bool has_decided_at;
    struct fc_instant decided_at;
    struct fc_str result; /* JSON of a success, or the problem of a refusal; else empty */
    bool is_replay;
    struct fc_uuid replay_of;
};

const char *wire_state_name(enum wire_state state);
void wire_document_put(struct fc_buf *buf, const struct wire_document *document);

/* The result of a success by type, from the events that came of it and, for balances and counts,
 * the state: to be called when its events have been applied and before the next command's are. */
void wire_result_put(struct fc_buf *buf, const struct command *command,
                     const struct decision *decision, const struct shop *shop);

/* What the ingress reads of a verdict message: a JSON array of documents; the views live in the
 * arena. False when it is none, or when the arena is full; the arena is rewound then. */
FC_MUST_USE bool wire_documents_parse(struct fc_str bytes, struct fc_arena *arena,
                                      struct wire_document **ret_documents, int32_t *ret_count);

/* Members of a result or problem text, for status and Location: empty when absent. */
struct fc_str wire_member_text(struct fc_str json, const char *member, struct fc_arena *arena);
FC_MUST_USE bool wire_member_i64(struct fc_str json, const char *member, int64_t *ret_value);

#endif
