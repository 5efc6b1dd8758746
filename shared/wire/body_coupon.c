#include "wire/body.h"

#include "wire/words.h"

void wire_body_issue_read(struct wire_node *node, struct command *command)
{
    struct coupon_issue *issue = &command->body.coupon_issue;

    *issue = (struct coupon_issue){0, 0};
    wire_body_id(node, "template_id", WIRE_REQUIRED,
                 wire_body_key_id(command, COMMAND_KEY_TEMPLATE), &issue->template_id);
    (void)wire_read_i64(node, "user_id", WIRE_REQUIRED, WIRE_IDS, &issue->user_id);
}

void wire_body_issue_put(struct wire_json *json, const struct coupon_issue *issue)
{
    wire_put_int(json, "template_id", issue->template_id);
    wire_put_int(json, "user_id", issue->user_id);
}

static bool is_among(const struct fc_uuid *ids, int32_t count, const struct fc_uuid *id)
{
    for (int32_t i = 0; i < count; i++)
        if (fc_uuid_eq(&ids[i], id))
            return true;
    return false;
}

void wire_body_expire_read(struct wire_node *node, struct command *command)
{
    struct coupon_expire *expire = &command->body.coupon_expire;
    struct wire_list list;

    *expire = (struct coupon_expire){NULL, 0};
    expire->coupon_ids =
        wire_read_items(node, "coupon_ids", (struct wire_range){1, COUPON_EXPIRE_MAX},
                        sizeof(*expire->coupon_ids), &list);
    if (expire->coupon_ids == NULL)
        return;
    expire->coupon_count = list.count;
    for (int32_t i = 0; i < list.count; i++)
        if (wire_list_uuid(&list, i, &expire->coupon_ids[i]) &&
            is_among(expire->coupon_ids, i, &expire->coupon_ids[i]))
            wire_list_fault(&list, i, "must be named once");
}

void wire_body_expire_put(struct wire_json *json, const struct coupon_expire *expire)
{
    wire_json_key(json, "coupon_ids");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < expire->coupon_count; i++)
        wire_json_uuid(json, &expire->coupon_ids[i]);
    wire_json_array_end(json);
}

void wire_body_discount_read(struct wire_node *node, struct discount *discount)
{
    struct wire_node child;
    int32_t type;

    if (!wire_read_object(node, "discount", WIRE_REQUIRED, &child))
        return;
    if (wire_read_word(&child, "type", WIRE_REQUIRED, wire_discount_words, &type))
        discount->type = (enum discount_type)type;
    (void)wire_read_i64(
        &child, "value", WIRE_REQUIRED,
        (struct wire_range){1, discount->type == DISCOUNT_RATE ? BASIS_POINTS : AMOUNT_KRW_MAX},
        &discount->value);
    wire_node_end(&child);
}

static void quantity_read(struct wire_node *node, struct template_put *template)
{
    /* Null says something here, so that only a missing member is a fault. */
    enum wire_need need = wire_read_null(node, "quantity") ? WIRE_OPTIONAL : WIRE_REQUIRED;

    template->limited = wire_read_i64(
        node, "quantity", need, (struct wire_range){1, COUPON_QUANTITY_MAX}, &template->quantity);
}

void wire_body_template_members_read(struct wire_node *node, struct template_put *template)
{
    int64_t valid_days = 0;

    (void)wire_read_text(node, "name", WIRE_REQUIRED, (struct wire_range){1, NAME_BYTES_MAX},
                         &template->name);
    wire_body_discount_read(node, &template->discount);
    quantity_read(node, template);
    bool from = wire_read_instant(node, "issue_from", WIRE_REQUIRED, &template->issue_from);
    bool until = wire_read_instant(node, "issue_until", WIRE_REQUIRED, &template->issue_until);

    if (from && until && template->issue_until.us <= template->issue_from.us)
        wire_node_fault(node, "issue_until", "must be after issue_from");
    (void)wire_read_i64(node, "valid_days", WIRE_OPTIONAL,
                        (struct wire_range){1, COUPON_VALID_DAYS_MAX}, &valid_days);
    template->valid_days = (int32_t)valid_days;
    (void)wire_read_i64(node, "min_total", WIRE_OPTIONAL, (struct wire_range){0, AMOUNT_KRW_MAX},
                        &template->min_total.won);
}

void wire_body_template_read(struct wire_node *node, struct command *command)
{
    struct template_put *template = &command->body.template_put;

    *template = (struct template_put){.discount = {DISCOUNT_AMOUNT, 0}};
    wire_body_id(node, "template_id", WIRE_OPTIONAL,
                 wire_body_key_id(command, COMMAND_KEY_TEMPLATE), &template->template_id);
    wire_body_template_members_read(node, template);
}

void wire_body_template_put(struct wire_json *json, const struct template_put *template)
{
    wire_template_members_put(json, template);
    if (template->valid_days != 0)
        wire_put_int(json, "valid_days", template->valid_days);
    if (template->min_total.won != 0)
        wire_put_int(json, "min_total", template->min_total.won);
}
