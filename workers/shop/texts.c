#include "shop/texts.h"

#include "base/assert.h"

struct fc_str text_of_discount(enum discount_type type)
{
    return type == DISCOUNT_RATE ? FC_STR("rate") : FC_STR("amount");
}

enum discount_type discount_of_text(struct fc_str text)
{
    return fc_str_eq(text, FC_STR("rate")) ? DISCOUNT_RATE : DISCOUNT_AMOUNT;
}

struct fc_str text_of_product_status(enum product_status status)
{
    return status == PRODUCT_STOPPED ? FC_STR("stopped") : FC_STR("on_sale");
}

enum product_status product_status_of_text(struct fc_str text)
{
    return fc_str_eq(text, FC_STR("stopped")) ? PRODUCT_STOPPED : PRODUCT_ON_SALE;
}

struct fc_str text_of_coupon_status(enum coupon_status status)
{
    switch (status) {
    case COUPON_AVAILABLE:
        return FC_STR("available");
    case COUPON_USED:
        return FC_STR("used");
    case COUPON_EXPIRED:
        return FC_STR("expired");
    case COUPON_CANCELLED:
        return FC_STR("cancelled");
    }
    FC_UNREACHABLE("no such status of a coupon");
}

enum coupon_status coupon_status_of_text(struct fc_str text)
{
    if (fc_str_eq(text, FC_STR("available")))
        return COUPON_AVAILABLE;
    if (fc_str_eq(text, FC_STR("used")))
        return COUPON_USED;
    if (fc_str_eq(text, FC_STR("expired")))
        return COUPON_EXPIRED;
    FC_ASSERT(fc_str_eq(text, FC_STR("cancelled")));
    return COUPON_CANCELLED;
}

struct fc_str text_of_payment(enum payment_method method)
{
    return method == PAYMENT_BANK_TRANSFER ? FC_STR("bank_transfer") : FC_STR("balance");
}
