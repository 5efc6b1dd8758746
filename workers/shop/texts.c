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

enum payment_method payment_of_text(struct fc_str text)
{
    return fc_str_eq(text, FC_STR("bank_transfer")) ? PAYMENT_BANK_TRANSFER : PAYMENT_BALANCE;
}

struct fc_str text_of_order_status(enum order_status status)
{
    FC_ASSERT(status != ORDER_NONE);
    return fc_str_of(order_status_name(status));
}

enum order_status order_status_of_text(struct fc_str text)
{
    for (enum order_status status = ORDER_PENDING_PAYMENT; status < ORDER_STATUS_COUNT; status++)
        if (fc_str_eq(text, text_of_order_status(status)))
            return status;
    FC_UNREACHABLE("no such status of an order");
}

struct fc_str text_of_failure(enum order_failure failure)
{
    switch (failure) {
    case ORDER_DECLINED:
        return FC_STR("declined");
    case ORDER_TIMED_OUT:
        return FC_STR("timed_out");
    case ORDER_EXPIRED:
        return FC_STR("expired");
    }
    FC_UNREACHABLE("no such failure of an order");
}

enum order_failure failure_of_text(struct fc_str text)
{
    if (fc_str_eq(text, FC_STR("declined")))
        return ORDER_DECLINED;
    if (fc_str_eq(text, FC_STR("timed_out")))
        return ORDER_TIMED_OUT;
    FC_ASSERT(fc_str_eq(text, FC_STR("expired")));
    return ORDER_EXPIRED;
}
