#include "wire/command.h"

#include "base/assert.h"
#include "wire/words.h"

/* A set of kinds of keys. */
enum {
    OF_USER = 1 << COMMAND_KEY_USER,
    OF_PRODUCT = 1 << COMMAND_KEY_PRODUCT,
    OF_TEMPLATE = 1 << COMMAND_KEY_TEMPLATE,
    OF_POLICY = 1 << COMMAND_KEY_POLICY,
    OF_DAY = 1 << COMMAND_KEY_DAY,
    OF_ORDER = OF_USER | OF_PRODUCT /* under which it was placed */
};

/* What the contract says of each type: its name, its line, whose key it has. */
struct command_row {
    const char *name;
    enum wire_family family;
    int key_kinds;
};

static const struct command_row rows[COMMAND_COUNT] = {
    [COMMAND_USER_REGISTER] = {"user.register", WIRE_FAMILY_ORDER, OF_USER},
    [COMMAND_WALLET_CHARGE] = {"wallet.charge", WIRE_FAMILY_ORDER, OF_USER},
    [COMMAND_COUPON_ISSUE] = {"coupon.issue", WIRE_FAMILY_COUPON, OF_TEMPLATE},
    [COMMAND_COUPON_REVOKE] = {"coupon.revoke", WIRE_FAMILY_COUPON, OF_TEMPLATE},
    [COMMAND_COUPON_EXPIRE] = {"coupon.expire", WIRE_FAMILY_COUPON, OF_TEMPLATE},
    [COMMAND_TEMPLATE_PUT] = {"template.put", WIRE_FAMILY_COUPON, OF_TEMPLATE},
    [COMMAND_TEMPLATE_DELETE] = {"template.delete", WIRE_FAMILY_COUPON, OF_TEMPLATE},
    [COMMAND_ORDER_PLACE] = {"order.place", WIRE_FAMILY_ORDER, OF_ORDER},
    [COMMAND_ORDER_CANCEL] = {"order.cancel", WIRE_FAMILY_ORDER, OF_ORDER},
    [COMMAND_ORDER_CHANGE] = {"order.change", WIRE_FAMILY_ORDER, OF_ORDER},
    [COMMAND_ORDER_SHIP] = {"order.ship", WIRE_FAMILY_ORDER, OF_ORDER},
    [COMMAND_ORDER_EXPIRE] = {"order.expire", WIRE_FAMILY_ORDER, OF_ORDER},
    [COMMAND_PAYMENT_SETTLE] = {"payment.settle", WIRE_FAMILY_ORDER, OF_ORDER},
    [COMMAND_PRODUCT_PUT] = {"product.put", WIRE_FAMILY_ORDER, OF_PRODUCT},
    [COMMAND_PRODUCT_DELETE] = {"product.delete", WIRE_FAMILY_ORDER, OF_PRODUCT},
    [COMMAND_OPTION_RESTOCK] = {"option.restock", WIRE_FAMILY_ORDER, OF_PRODUCT},
    [COMMAND_POLICY_APPLY] = {"policy.apply", WIRE_FAMILY_ORDER, OF_POLICY},
    [COMMAND_DAY_CLOSE] = {"day.close", WIRE_FAMILY_ORDER, OF_DAY},
};

/* The last day of year 9999. */
#define KEY_DAY_MAX 2932896

static const struct {
    const char *prefix;
    int64_t id_min;
    int64_t id_max;
} keys[] = {
    [COMMAND_KEY_USER] = {"user:", 1, ID_MAX},
    [COMMAND_KEY_PRODUCT] = {"product:", 1, ID_MAX},
    [COMMAND_KEY_TEMPLATE] = {"template:", WELCOME_TEMPLATE_ID, ID_MAX},
    [COMMAND_KEY_POLICY] = {"policy:", POLICY_KEY_ID, POLICY_KEY_ID},
    [COMMAND_KEY_DAY] = {"day:", 1, KEY_DAY_MAX},
};

static const struct command_row *row_of(enum command_type type)
{
    FC_ASSERT(type >= 0 && type < COMMAND_COUNT);
    return &rows[type];
}

const char *wire_command_type_name(enum command_type type)
{
    return row_of(type)->name;
}

bool wire_command_type_parse(struct fc_str name, enum command_type *ret_type)
{
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (fc_str_eq(fc_str_of(rows[i].name), name)) {
            *ret_type = (enum command_type)i;
            return true;
        }
    }
    return false;
}

enum wire_family wire_command_family(enum command_type type)
{
    return row_of(type)->family;
}

int32_t wire_command_weight(enum command_type type)
{
    static const enum command_type on_order[] = {COMMAND_ORDER_CANCEL, COMMAND_ORDER_CHANGE,
                                                 COMMAND_ORDER_SHIP, COMMAND_ORDER_EXPIRE,
                                                 COMMAND_PAYMENT_SETTLE};

    for (size_t i = 0; i < FC_ARRAY_COUNT(on_order); i++)
        if (type == on_order[i])
            return COMMAND_WEIGHT_ON_ORDER;
    return 1;
}

bool wire_command_key_fits(enum command_type type, struct command_key key)
{
    bool welcome = key.kind == COMMAND_KEY_TEMPLATE && key.id == WELCOME_TEMPLATE_ID;

    if (welcome && type != COMMAND_COUPON_REVOKE && type != COMMAND_COUPON_EXPIRE)
        return false;
    return (row_of(type)->key_kinds & 1 << key.kind) != 0;
}

void wire_command_key_put(struct fc_buf *buf, struct command_key key)
{
    fc_buf_put_text(buf, keys[key.kind].prefix);
    fc_buf_put_i64(buf, key.id);
}

bool wire_command_key_parse(struct fc_str text, struct command_key *ret_key)
{
    for (size_t i = 0; i < FC_ARRAY_COUNT(keys); i++) {
        struct fc_str prefix = fc_str_of(keys[i].prefix);
        int64_t id;

        if (!fc_str_starts_with(text, prefix))
            continue;
        struct fc_str digits = {text.ptr + prefix.len, text.len - prefix.len};

        /* user:07 would be a second name for user:7, in another partition. */
        if (digits.len == 0 || digits.ptr[0] == '-' || (digits.len > 1 && digits.ptr[0] == '0') ||
            !fc_str_to_i64(digits, keys[i].id_min, keys[i].id_max, &id))
            return false;
        *ret_key = (struct command_key){(enum command_key_kind)i, id};
        return true;
    }
    return false;
}

void wire_command_put(struct fc_buf *buf, const struct wire_command *command)
{
    const struct command *core = &command->command;
    struct wire_json json;

    FC_ASSERT(command->body.len > 0);
    FC_ASSERT(command->key.len > 0);
    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    wire_put_uuid(&json, "id", &core->id);
    wire_put_word(&json, "type", wire_command_type_name(core->type));
    wire_put_str(&json, "key", command->key);
    if (core->actor_id != 0)
        wire_put_int(&json, "user_id", core->actor_id);
    if (command->idempotency_key.len > 0)
        wire_put_str(&json, "idempotency_key", command->idempotency_key);
    wire_put_instant(&json, "accepted_at", core->accepted_at);
    if (command->reply_to.len > 0)
        wire_put_str(&json, "reply_to", command->reply_to);
    if (command->traceparent.len > 0)
        wire_put_str(&json, "traceparent", command->traceparent);
    wire_json_key(&json, "body");
    wire_json_raw(&json, command->body);
    wire_json_object_end(&json);
}
