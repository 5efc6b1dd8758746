#include "wire/body.h"

#include "base/assert.h"
#include "wire/command.h"
#include "wire/policy.h"
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

void wire_body_uuid(struct wire_node *node, const char *name, struct fc_uuid *id)
{
    struct fc_uuid known = *id;
    bool is_known = !fc_uuid_is_zero(&known);
    bool named = wire_read_uuid(node, name, is_known ? WIRE_OPTIONAL : WIRE_REQUIRED, id);

    if (named && is_known && !fc_uuid_eq(id, &known))
        wire_node_fault(node, name, "must be the id that the path names");
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

/* The body is the document; what is kept of it is its canonical form. */
static void policy_read(struct wire_node *node, struct command *command)
{
    struct policy_apply *apply = &command->body.policy_apply;
    struct fc_arena *arena = node->faults->arena;
    int32_t before = node->faults->count;

    *apply = (struct policy_apply){.document = FC_STR_NONE};
    wire_policy_read(node, &apply->policy);
    if (node->faults->count > before)
        return;
    struct fc_buf buf = fc_arena_buf_begin(arena);

    wire_policy_put(&buf, &apply->policy);
    if (!fc_arena_buf_end(arena, &buf, &apply->document))
        node->faults->arena_full = true;
}

static void day_read(struct wire_node *node, struct command *command)
{
    struct fc_day *day = &command->body.day_close.day;
    int64_t keyed = wire_body_key_id(command, COMMAND_KEY_DAY);

    *day = (struct fc_day){(int32_t)keyed};
    if (wire_read_day(node, "day", keyed != 0 ? WIRE_OPTIONAL : WIRE_REQUIRED, day) && keyed != 0 &&
        day->days != keyed)
        wire_node_fault(node, "day", "must be the day that the key names");
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
    case COMMAND_COUPON_REVOKE:
        wire_body_uuid(node, "coupon_id", &command->body.coupon_revoke.coupon_id);
        break;
    case COMMAND_COUPON_EXPIRE:
        wire_body_expire_read(node, command);
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
    case COMMAND_ORDER_CANCEL:
        wire_body_cancel_read(node, command);
        break;
    case COMMAND_ORDER_CHANGE:
        wire_body_change_read(node, command);
        break;
    case COMMAND_ORDER_SHIP:
        wire_body_ship_read(node, command);
        break;
    case COMMAND_ORDER_EXPIRE:
        wire_body_uuid(node, "order_id", &command->body.order_expire.order_id);
        break;
    case COMMAND_PAYMENT_SETTLE:
        wire_body_settle_read(node, command);
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
    case COMMAND_POLICY_APPLY:
        policy_read(node, command);
        break;
    case COMMAND_DAY_CLOSE:
        day_read(node, command);
        break;
    case COMMAND_COUNT:
        FC_UNREACHABLE("no such command");
    }
    wire_node_end(node);
}

/* Whether the path over HTTP can say all of it. */
static bool may_be_empty(enum command_type type)
{
    return type == COMMAND_TEMPLATE_DELETE || type == COMMAND_PRODUCT_DELETE ||
           type == COMMAND_ORDER_CANCEL || type == COMMAND_COUPON_REVOKE;
}

bool wire_body_parse(struct fc_str json, struct fc_arena *arena, struct command *command,
                     struct wire_faults *faults)
{
    struct wire_node node;
    int32_t before = faults->count;

    FC_ASSERT(faults->arena == arena);
    if (json.len == 0 && may_be_empty(command->type))
        json = FC_STR("{}");
    if (wire_scan(json, faults)) {
        wire_node_begin(&node, json, faults);
        wire_body_read(&node, command);
    }
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
    case COMMAND_COUPON_REVOKE:
        wire_put_uuid(json, "coupon_id", &command->body.coupon_revoke.coupon_id);
        return;
    case COMMAND_COUPON_EXPIRE:
        wire_body_expire_put(json, &command->body.coupon_expire);
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
    case COMMAND_ORDER_CANCEL:
        wire_body_cancel_put(json, &command->body.order_cancel);
        return;
    case COMMAND_ORDER_CHANGE:
        wire_body_change_put(json, &command->body.order_change);
        return;
    case COMMAND_ORDER_SHIP:
        wire_body_ship_put(json, &command->body.order_ship);
        return;
    case COMMAND_ORDER_EXPIRE:
        wire_put_uuid(json, "order_id", &command->body.order_expire.order_id);
        return;
    case COMMAND_PAYMENT_SETTLE:
        wire_body_settle_put(json, &command->body.payment_settle);
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
    case COMMAND_DAY_CLOSE:
        wire_put_day(json, "day", command->body.day_close.day);
        return;
    case COMMAND_POLICY_APPLY: /* is no list of members here */
    case COMMAND_COUNT:
        break;
    }
    FC_UNREACHABLE("no such command");
}

void wire_body_put(struct fc_buf *buf, const struct command *command)
{
    struct wire_json json;

    if (command->type == COMMAND_POLICY_APPLY) {
        fc_buf_put(buf, command->body.policy_apply.document);
        return;
    }
    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    members_put(&json, command);
    wire_json_object_end(&json);
}
