#include "wire/words.h"

#include "core/shop.h"

const char *const wire_discount_words[] = {
    [DISCOUNT_AMOUNT] = "amount", [DISCOUNT_RATE] = "rate", NULL};
const char *const wire_product_words[] = {
    [PRODUCT_ON_SALE] = "on_sale", [PRODUCT_STOPPED] = "stopped", NULL};
const char *const wire_payment_words[] = {
    [PAYMENT_BALANCE] = "balance", [PAYMENT_BANK_TRANSFER] = "bank_transfer", NULL};
const char *const wire_outcome_words[] = {[PAYMENT_APPROVED] = "approved",
                                          [PAYMENT_DECLINED] = "declined",
                                          [PAYMENT_TIMED_OUT] = "timed_out",
                                          NULL};
const char *const wire_failure_words[] = {[ORDER_DECLINED] = "declined",
                                          [ORDER_TIMED_OUT] = "timed_out",
                                          [ORDER_EXPIRED] = "expired",
                                          NULL};
const char *const wire_coupon_words[] = {[COUPON_AVAILABLE] = "available",
                                         [COUPON_USED] = "used",
                                         [COUPON_EXPIRED] = "expired",
                                         [COUPON_CANCELLED] = "cancelled",
                                         NULL};

void wire_discount_put(struct wire_json *json, const struct discount *discount)
{
    wire_json_object_begin(json);
    wire_put_word(json, "type", wire_discount_words[discount->type]);
    wire_put_int(json, "value", discount->value);
    wire_json_object_end(json);
}

void wire_template_members_put(struct wire_json *json, const struct template_put *template)
{
    /* 0: the id is not chosen yet. */
    if (template->template_id != 0)
        wire_put_int(json, "template_id", template->template_id);
    wire_put_str(json, "name", template->name);
    wire_json_key(json, "discount");
    wire_discount_put(json, &template->discount);
    wire_json_key(json, "quantity");
    if (template->limited)
        wire_json_i64(json, template->quantity);
    else
        wire_json_null(json);
    wire_put_instant(json, "issue_from", template->issue_from);
    wire_put_instant(json, "issue_until", template->issue_until);
}

void wire_template_terms_put(struct wire_json *json, const struct template_put *template)
{
    wire_json_key(json, "valid_days");
    if (template->valid_days != 0)
        wire_json_i64(json, template->valid_days);
    else
        wire_json_null(json);
    wire_put_int(json, "min_total", template->min_total.won);
}

void wire_put_template_id(struct wire_json *json, int64_t template_id)
{
    wire_json_key(json, "template_id");
    if (template_id != WELCOME_TEMPLATE_ID)
        wire_json_i64(json, template_id);
    else
        wire_json_null(json);
}

void wire_put_expiry(struct wire_json *json, bool expires, struct fc_instant expires_at)
{
    wire_json_key(json, "expires_at");
    if (expires)
        wire_json_instant(json, expires_at);
    else
        wire_json_null(json);
}
