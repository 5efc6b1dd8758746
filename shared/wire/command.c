#include "wire/command.h"

#include "base/assert.h"
#include "wire/words.h"

/* What the contract says of each type: its name, its line, whose key it has. */
struct command_row {
    const char *name;
    enum wire_family family;
    enum command_key_kind key_kind; /* order.place may have a product's as well */
};

static const struct command_row rows[COMMAND_COUNT] = {
    [COMMAND_USER_REGISTER] = {"user.register", WIRE_FAMILY_ORDER, COMMAND_KEY_USER},
    [COMMAND_WALLET_CHARGE] = {"wallet.charge", WIRE_FAMILY_ORDER, COMMAND_KEY_USER},
    [COMMAND_COUPON_ISSUE] = {"coupon.issue", WIRE_FAMILY_COUPON, COMMAND_KEY_TEMPLATE},
    [COMMAND_TEMPLATE_PUT] = {"template.put", WIRE_FAMILY_COUPON, COMMAND_KEY_TEMPLATE},
    [COMMAND_TEMPLATE_DELETE] = {"template.delete", WIRE_FAMILY_COUPON, COMMAND_KEY_TEMPLATE},
    [COMMAND_ORDER_PLACE] = {"order.place", WIRE_FAMILY_ORDER, COMMAND_KEY_USER},
    [COMMAND_PRODUCT_PUT] = {"product.put", WIRE_FAMILY_ORDER, COMMAND_KEY_PRODUCT},
    [COMMAND_PRODUCT_DELETE] = {"product.delete", WIRE_FAMILY_ORDER, COMMAND_KEY_PRODUCT},
    [COMMAND_OPTION_RESTOCK] = {"option.restock", WIRE_FAMILY_ORDER, COMMAND_KEY_PRODUCT},
};

static const char *const key_prefixes[] = {
    [COMMAND_KEY_USER] = "user:",
    [COMMAND_KEY_PRODUCT] = "product:",
    [COMMAND_KEY_TEMPLATE] = "template:",
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

bool wire_command_key_fits(enum command_type type, enum command_key_kind kind)
{
    return row_of(type)->key_kind == kind ||
           (type == COMMAND_ORDER_PLACE && kind == COMMAND_KEY_PRODUCT);
}

void wire_command_key_put(struct fc_buf *buf, struct command_key key)
{
    fc_buf_put_text(buf, key_prefixes[key.kind]);
    fc_buf_put_i64(buf, key.id);
}

bool wire_command_key_parse(struct fc_str text, struct command_key *ret_key)
{
    for (size_t i = 0; i < FC_ARRAY_COUNT(key_prefixes); i++) {
        struct fc_str prefix = fc_str_of(key_prefixes[i]);
        int64_t id;

        if (!fc_str_starts_with(text, prefix))
            continue;
        struct fc_str digits = {text.ptr + prefix.len, text.len - prefix.len};

        /* user:07 would be a second name for user:7, in another partition. */
        if (digits.len == 0 || digits.ptr[0] == '0' || !fc_str_to_i64(digits, 1, ID_MAX, &id))
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
