/*
 * Commands as bytes: bodies as over HTTP, one command as JSON, a message of one to
 * MESSAGE_COMMANDS_MAX of them (contract: AMQP for queue producers). Bytes from outside are checked
 * here for form, completely: what passes satisfies core/command.h. Views and structs live in the
 * arena.
 */
#ifndef FC_WIRE_COMMAND_H
#define FC_WIRE_COMMAND_H

#include "core/command.h"
#include "wire/problem.h"
#include "wire/route.h"

struct wire_command {
    struct command command;
    struct fc_str key;             /* "product:7", as sent */
    struct fc_str idempotency_key; /* empty: none */
    struct fc_str reply_to;        /* empty: none */
    struct fc_str traceparent;     /* empty: none, or none that W3C Trace Context knows */
    struct fc_str body;            /* canonical: the same body gives the same bytes */
};

/* What could not be taken as a command: its bytes and why. */
struct wire_reject {
    bool has_id;
    struct fc_uuid id; /* when the bytes named one */
    struct fc_str bytes;
    struct fc_str reason;
};

struct wire_message {
    struct wire_command *commands; /* in order */
    int32_t command_count;
    struct wire_reject *rejects;
    int32_t reject_count;
};

const char *wire_command_type_name(enum command_type type);
FC_MUST_USE bool wire_command_type_parse(struct fc_str name, enum command_type *ret_type);
enum wire_family wire_command_family(enum command_type type);
/* As how many commands it counts where a message or a batch is filled: 1 or more. */
int32_t wire_command_weight(enum command_type type);

/* user:, product:, template:, policy:1 (there is one) and day: with the days since 1970-01-01. */
void wire_command_key_put(struct fc_buf *buf, struct command_key key);
FC_MUST_USE bool wire_command_key_parse(struct fc_str text, struct command_key *ret_key);
/* Whether a command of that type may stand under that key: the kind decides, and template:0 (the
 * coupons that no template issued) is for coupon.revoke and coupon.expire alone. */
bool wire_command_key_fits(enum command_type type, struct command_key key);

/*
 * Parses the body of a command of `type` into command->body. `command->type` and `key` must be set
 * before; a key of id 0 is one that is not known yet. An id that stands in the path over HTTP may
 * be left out of the body when the key names it, and must agree with it when given: the user of a
 * charge or registration, the template of an issue, the template or product of a put or delete,
 * the day of a day.close. (Put without any id leaves 0: the caller chooses one.) What the key does
 * not name is taken in the same way from command->body, where it must be set before, zero when it
 * is not known: option_restock.option_id, coupon_revoke.coupon_id, and the order_id of
 * order_cancel, order_change, order_ship, order_expire and payment_settle. The key of an order
 * depends on the shop (core judges it), but a key user:<id> must name the user of an order.place.
 * The body of a delete, of an order.cancel and of a coupon.revoke may be empty bytes, as their path
 * says all. Unknown members are faults, a member named twice too; null counts as left out where a
 * member may be left out.
 * Adds every fault found to `faults`, whose arena must be `arena`; false when there was one, or
 * when the arena was full (faults->arena_full). The body is not to be used then.
 */
FC_MUST_USE bool wire_body_parse(struct fc_str json, struct fc_arena *arena,
                                 struct command *command, struct wire_faults *faults);

/* The canonical body: fixed order of members, defaults left out, ids from the path included;
 * lines as they were asked; of a policy.apply its document (wire/policy.h). */
void wire_body_put(struct fc_buf *buf, const struct command *command);

/* One command as JSON, body taken from command->body. */
void wire_command_put(struct fc_buf *buf, const struct wire_command *command);

/*
 * A message's bytes: one command or an array. Never fails as a whole but for a full arena (false,
 * nothing taken): bytes that are no JSON (or nested too deep, longer than MESSAGE_BYTES_MAX, an
 * empty array, more than MESSAGE_COMMANDS_MAX elements) are one reject, an element that is no
 * command is a reject of its own, the others are commands. Members of a command that are not
 * known are passed over, but not those of its body. Nothing refers to `bytes` afterwards.
 */
FC_MUST_USE bool wire_message_parse(struct fc_str bytes, struct fc_arena *arena,
                                    struct wire_message *ret_message);

#endif
