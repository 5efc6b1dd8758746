#include "wire/body.h"

#include "base/assert.h"
#include "wire/command.h"
#include "wire/scan.h"
#include "wire/words.h"

int64_t wire_body_key_id(const struct command *command, enum command_key_kind kind)
{
    return command->key.kind == kind ? command->key.id : 0;
}

void wire_body_id(struct wire_node *node, const char *name, enum wire_need need, int64_t known,
                  int64_t *ret_id)
{
    int64_t id = known;
    bool named = wire_read_i64(node, name, known != 0 ? WIRE_OPTIONAL : need, WIRE_IDS, &id);

    if (named && known != 0 && id != known)
        wire_node_fault(node, name, "must be the id that the path or the key names");
    *ret_id = id;
}

static void user_read(struct wire_node *node, struct command *command)
{
    wire_body_id(node, "user_id", WIRE_REQUIRED, wire_body_key_id(command, COMMAND_KEY_USER),
                 &command->body.user_register.user_id);
}

static void charge_read(struct wire_node *node, struct command *command)
{
    struct wallet_charge *charge = &command->body.wallet_charge;

    *charge = (struct wallet_charge){0, KRW(0)};
    wire_body_id(node, "user_id", WIRE_REQUIRED, wire_body_key_id(command, COMMAND_KEY_USER),
                 &charge->user_id);
    (void)wire_read_i64(node, "amount", WIRE_REQUIRED,
                        (struct wire_range){-AMOUNT_KRW_MAX, AMOUNT_KRW_MAX}, &charge->amount.won);
}

void wire_body_read(struct wire_node *node, struct command *command)
{
    switch (command->type) {
    case COMMAND_USER_REGISTER:
        user_read(node, command);
        break;
    case COMMAND_WALLET_CHARGE:
        charge_read(node, command);
        break;
    case COMMAND_COUPON_ISSUE:
        wire_body_issue_read(node, command);
        break;
    case COMMAND_TEMPLATE_PUT:
        wire_body_template_read(node, command);
        break;
    case COMMAND_TEMPLATE_DELETE:
        wire_body_id(node, "template_id", WIRE_REQUIRED,
                     wire_body_key_id(command, COMMAND_KEY_TEMPLATE),
                     &command->body.template_delete.template_id);
        break;
    case COMMAND_ORDER_PLACE:
        wire_body_order_read(node, command);
        break;
    case COMMAND_PRODUCT_PUT:
        wire_body_product_read(node, command);
        break;
    case COMMAND_PRODUCT_DELETE:
        wire_body_id(node, "product_id", WIRE_REQUIRED,
                     wire_body_key_id(command, COMMAND_KEY_PRODUCT),
                     &command->body.product_delete.product_id);
        break;
    case COMMAND_OPTION_RESTOCK:
        wire_body_restock_read(node, command);
        break;
    case COMMAND_COUNT:
        FC_UNREACHABLE("no such command");
    }
    wire_node_end(node);
}

bool wire_body_parse(struct fc_str json, struct fc_arena *arena, struct command *command,
                     struct wire_faults *faults)
{
    struct wire_tree tree = {NULL};
    struct wire_node node;
    int32_t before = faults->count;

    FC_ASSERT(faults->arena == arena);
    /* What deletes something says all by its path. */
    if (json.len == 0 &&
        (command->type == COMMAND_TEMPLATE_DELETE || command->type == COMMAND_PRODUCT_DELETE))
        json = FC_STR("{}");
    if (!wire_scan(json, faults) || !wire_tree_open(&tree, json, faults))
        goto out;
    wire_node_begin(&node, tree.root, faults);
    wire_body_read(&node, command);
out:
    wire_tree_close(&tree);
    return faults->count == before && !faults->arena_full;
}

static void members_put(struct wire_json *json, const struct command *command)
{
    switch (command->type) {
    case COMMAND_USER_REGISTER:
        wire_put_int(json, "user_id", command->body.user_register.user_id);
        return;
    case COMMAND_WALLET_CHARGE:
        wire_put_int(json, "user_id", command->body.wallet_charge.user_id);
        wire_put_int(json, "amount", command->body.wallet_charge.amount.won);
        return;
    case COMMAND_COUPON_ISSUE:
        wire_body_issue_put(json, &command->body.coupon_issue);
        return;
    case COMMAND_TEMPLATE_PUT:
        wire_body_template_put(json, &command->body.template_put);
        return;
    case COMMAND_TEMPLATE_DELETE:
        wire_put_int(json, "template_id", command->body.template_delete.template_id);
        return;
    case COMMAND_ORDER_PLACE:
        wire_body_order_put(json, &command->body.order_place);
        return;
    case COMMAND_PRODUCT_PUT:
        wire_body_product_put(json, &command->body.product_put);
        return;
    case COMMAND_PRODUCT_DELETE:
        wire_put_int(json, "product_id", command->body.product_delete.product_id);
        return;
    case COMMAND_OPTION_RESTOCK:
        wire_body_restock_put(json, &command->body.option_restock);
        return;
    case COMMAND_COUNT:
        break;
    }
    FC_UNREACHABLE("no such command");
}

void wire_body_put(struct fc_buf *buf, const struct command *command)
{
    struct wire_json json;

    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    members_put(&json, command);
    wire_json_object_end(&json);
}
