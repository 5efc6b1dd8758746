/*
 * The bodies of commands, by area: a pair of functions each, that reads the members of a body and
 * puts the canonical body. An id that the path over HTTP names comes from the key, or from what the
 * caller set in command->body before (wire/command.h says which), and may stand in the body as well
 * when it agrees.
 */
#ifndef FC_WIRE_BODY_H
#define FC_WIRE_BODY_H

#include "core/command.h"
#include "wire/json.h"
#include "wire/read.h"

/* Reads the body of command->type. The arena is that of the node's faults; when it is full, the
 * faults say so. */
void wire_body_read(struct wire_node *node, struct command *command);

/* The key's id when the key is of that kind and known, else 0. */
int64_t wire_body_key_id(const struct command *command, enum command_key_kind kind);

/* Reads an id that may be left out of the body when `known` is not 0, and then must agree with it.
 * Without both it is a fault if it is required, and else stays 0. */
void wire_body_id(struct wire_node *node, const char *name, enum wire_need need, int64_t known,
                  int64_t *ret_id);

/* The same of a UUID that is known when *id is not zero; always required. */
void wire_body_uuid(struct wire_node *node, const char *name, struct fc_uuid *id);

void wire_body_order_read(struct wire_node *node, struct command *command);
void wire_body_order_put(struct wire_json *json, const struct order_place *order);
void wire_body_cancel_read(struct wire_node *node, struct command *command);
void wire_body_cancel_put(struct wire_json *json, const struct order_cancel *cancel);
void wire_body_change_read(struct wire_node *node, struct command *command);
void wire_body_change_put(struct wire_json *json, const struct order_change *change);
void wire_body_ship_read(struct wire_node *node, struct command *command);
void wire_body_ship_put(struct wire_json *json, const struct order_ship *ship);
void wire_body_settle_read(struct wire_node *node, struct command *command);
void wire_body_settle_put(struct wire_json *json, const struct payment_settle *settle);

/* The required member "discount". Its type must be set to some type before. */
void wire_body_discount_read(struct wire_node *node, struct discount *discount);

void wire_body_issue_read(struct wire_node *node, struct command *command);
void wire_body_issue_put(struct wire_json *json, const struct coupon_issue *issue);
void wire_body_expire_read(struct wire_node *node, struct command *command);
void wire_body_expire_put(struct wire_json *json, const struct coupon_expire *expire);
/* The members of a template but for its id, as bodies and events have them. */
void wire_body_template_members_read(struct wire_node *node, struct template_put *template);
void wire_body_template_read(struct wire_node *node, struct command *command);
void wire_body_template_put(struct wire_json *json, const struct template_put *template);

void wire_body_product_read(struct wire_node *node, struct command *command);
void wire_body_product_put(struct wire_json *json, const struct product_put *product);
void wire_body_restock_read(struct wire_node *node, struct command *command);
void wire_body_restock_put(struct wire_json *json, const struct option_restock *restock);

#endif
