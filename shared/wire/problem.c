#include "wire/problem.h"

#include "base/assert.h"

/* One row a verdict. The sentence of a refusal is made of what it is about and what is the matter
 * with it: "User 7 is not known." or, where no id is at hand, "The user is not known." */
struct refusal {
    struct wire_problem problem;
    const char *the_noun; /* "The user" */
    const char *noun;     /* "User": the id follows */
    const char *matter;
};

static const struct refusal refusals[VERDICT_COUNT] = {
    [VERDICT_INVALID_REQUEST] = {{"invalid_request", 400, "The request is not valid"},
                                 "The request",
                                 "The request for",
                                 "makes no sense"},
    [VERDICT_UNKNOWN_USER] = {{"unknown_user", 404, "There is no such user"},
                              "The user",
                              "User",
                              "is not known"},
    [VERDICT_UNKNOWN_WALLET] = {{"unknown_wallet", 404, "There is no such wallet"},
                                "The user",
                                "User",
                                "has no wallet"},
    [VERDICT_UNKNOWN_PRODUCT] = {{"unknown_product", 404, "There is no such product"},
                                 "The product",
                                 "Product",
                                 "is not known"},
    [VERDICT_UNKNOWN_OPTION] = {{"unknown_option", 404, "There is no such option"},
                                "The option",
                                "Option",
                                "is not known"},
    [VERDICT_UNKNOWN_TEMPLATE] = {{"unknown_template", 404, "There is no such coupon template"},
                                  "The coupon template",
                                  "Coupon template",
                                  "is not known"},
    [VERDICT_UNKNOWN_COUPON] = {{"unknown_coupon", 404, "There is no such coupon"},
                                "The coupon",
                                "Coupon",
                                "is not known"},
    [VERDICT_UNKNOWN_ORDER] = {{"unknown_order", 404, "There is no such order"},
                               "The order",
                               "Order",
                               "is not known"},
    [VERDICT_INSUFFICIENT_BALANCE] = {{"insufficient_balance", 409, "The balance is too small"},
                                      "The user",
                                      "User",
                                      "has too small a balance for it"},
    [VERDICT_INSUFFICIENT_STOCK] = {{"insufficient_stock", 409, "Too few pieces are left"},
                                    "The option",
                                    "Option",
                                    "has too few pieces left"},
    [VERDICT_PRODUCT_NOT_ON_SALE] = {{"product_not_on_sale", 409, "The product is not on sale"},
                                     "The product",
                                     "Product",
                                     "is not on sale"},
    [VERDICT_COUPON_SOLD_OUT] = {{"coupon_sold_out", 409, "The coupons are sold out"},
                                 "The coupon template",
                                 "Coupon template",
                                 "is sold out"},
    [VERDICT_COUPON_ALREADY_ISSUED] = {{"coupon_already_issued", 409,
                                        "The user holds a coupon of this template"},
                                       "The coupon template",
                                       "Coupon template",
                                       "has issued a coupon to this user before"},
    [VERDICT_COUPON_NOT_OPEN] = {{"coupon_not_open", 409, "Coupons are not issued yet"},
                                 "The coupon template",
                                 "Coupon template",
                                 "is not open for issue yet"},
    [VERDICT_COUPON_CLOSED] = {{"coupon_closed", 409, "Coupons are no longer issued"},
                               "The coupon template",
                               "Coupon template",
                               "is closed for issue"},
    [VERDICT_COUPON_NOT_OWNED] = {{"coupon_not_owned", 409, "The coupon is someone else's"},
                                  "The coupon",
                                  "The coupon of template",
                                  "belongs to another user"},
    [VERDICT_COUPON_EXPIRED] = {{"coupon_expired", 409, "The coupon is expired"},
                                "The coupon",
                                "The coupon of template",
                                "is expired"},
    [VERDICT_COUPON_USED] = {{"coupon_used", 409, "The coupon was used before"},
                             "The coupon",
                             "The coupon of template",
                             "was used before"},
    [VERDICT_COUPON_REVOKED] = {{"coupon_revoked", 409, "The coupon was revoked"},
                                "The coupon",
                                "The coupon of template",
                                "was revoked"},
    [VERDICT_COUPON_MINIMUM_NOT_REACHED] = {{"coupon_minimum_not_reached", 422,
                                             "The total is below the coupon's minimum"},
                                            "The coupon",
                                            "The coupon of template",
                                            "needs a larger total"},
    [VERDICT_USER_EXISTS] = {{"user_exists", 409, "The user exists already"},
                             "The user",
                             "User",
                             "exists already"},
    [VERDICT_NAME_TAKEN] = {{"name_taken", 409, "The name is taken"},
                            "Another product",
                            "Product",
                            "has that name already"},
    [VERDICT_ORDER_NOT_CANCELLABLE] = {{"order_not_cancellable", 409,
                                        "The order cannot be cancelled"},
                                       "The order",
                                       "The order with option",
                                       "cannot be cancelled"},
    [VERDICT_ORDER_NOT_CHANGEABLE] = {{"order_not_changeable", 409, "The order cannot be changed"},
                                      "The order",
                                      "The order with product or option",
                                      "cannot be changed in this way"},
    [VERDICT_SHIPMENT_EXCEEDS_ORDER] = {{"shipment_exceeds_order", 409,
                                         "The shipment holds more than the order"},
                                        "The shipment",
                                        "The shipment of option",
                                        "holds more than is left to ship"},
    [VERDICT_PRODUCT_IN_USE] = {{"product_in_use", 409, "Orders refer to the product"},
                                "The product",
                                "Option",
                                "stands in an order"},
    [VERDICT_TEMPLATE_IN_USE] = {{"template_in_use", 409, "Coupons of the template are issued"},
                                 "The coupon template",
                                 "Coupon template",
                                 "has issued coupons"},
    [VERDICT_CHARGE_NOT_ALLOWED] = {{"charge_not_allowed", 422, "The charge is not allowed"},
                                    "The amount",
                                    "The amount for user",
                                    "is none that the shop's policy allows"},
    [VERDICT_BALANCE_LIMIT_EXCEEDED] = {{"balance_limit_exceeded", 422,
                                         "The balance would pass its limit"},
                                        "The balance",
                                        "The balance of user",
                                        "would pass the shop's limit"},
    [VERDICT_PRICE_NOT_ALLOWED] = {{"price_not_allowed", 422, "The price is not allowed"},
                                   "The price",
                                   "The price of product",
                                   "is none that the shop's policy allows"},
    [VERDICT_DISCOUNT_NOT_ALLOWED] = {{"discount_not_allowed", 422, "The discount is not allowed"},
                                      "The discount",
                                      "The discount of template",
                                      "is of a type that the shop's policy does not allow"},
    [VERDICT_DISCOUNT_EXCEEDS_TOTAL] = {{"discount_exceeds_total", 422,
                                         "The discount leaves nothing to pay"},
                                        "The discount",
                                        "The discount of template",
                                        "leaves nothing to pay"},
    [VERDICT_SEVERAL_FIRST_COME_PRODUCTS] = {{"several_first_come_products", 422,
                                              "An order may hold one first-come product"},
                                             "The order",
                                             "Product",
                                             "is one first-come product too many"},
    [VERDICT_PAYMENT_METHOD_NOT_ALLOWED] = {{"payment_method_not_allowed", 422,
                                             "The payment method is not allowed"},
                                            "The payment method",
                                            "The payment method for",
                                            "is none of the shop's"},
    [VERDICT_PAYMENT_DECLINED] = {{"payment_declined", 422, "The payment was declined"},
                                  "The payment",
                                  "The payment of user",
                                  "was declined"},
    [VERDICT_PAYMENT_TIMED_OUT] = {{"payment_timed_out", 422, "The payment took too long"},
                                   "The payment",
                                   "The payment of user",
                                   "was not settled in its time"},
    [VERDICT_IDEMPOTENCY_KEY_REUSED] = {{"idempotency_key_reused", 422,
                                         "The idempotency key came with another request"},
                                        "The idempotency key",
                                        "The idempotency key of user",
                                        "was used for another request"},
    [VERDICT_MISROUTED] = {{"misrouted", 422, "The command stands in the wrong line"},
                           "The command",
                           "The command for",
                           "does not belong under its key"},
};

/* Codes that no verdict of the core has. */
static const struct wire_problem others[] = {
    {"invalid_json", 400, "The body is no JSON"},
    {"unauthenticated", 401, "The caller is not authenticated"},
    {"forbidden", 403, "The caller may not do this"},
    {"not_found", 404, "There is nothing here"},
    {"unknown_command", 404, "There is no such command"},
    {"method_not_allowed", 405, "The method is not allowed here"},
    {"payload_too_large", 413, "The body is too large"},
    {"unsupported_media_type", 415, "The body must be application/json"},
    {"unavailable", 503, "The service is not available"},
};

const struct wire_problem *wire_problem_of(enum verdict verdict)
{
    FC_ASSERT(verdict >= VERDICT_SUCCEEDED && verdict < VERDICT_COUNT);
    if (verdict == VERDICT_SUCCEEDED)
        return NULL;
    return &refusals[verdict].problem;
}

const struct wire_problem *wire_problem_of_failure(enum order_failure failure)
{
    switch (failure) {
    case ORDER_DECLINED:
        return &refusals[VERDICT_PAYMENT_DECLINED].problem;
    case ORDER_TIMED_OUT:
    case ORDER_EXPIRED:
        return &refusals[VERDICT_PAYMENT_TIMED_OUT].problem;
    }
    FC_UNREACHABLE("no such failure");
}

const struct wire_problem *wire_problem_named(struct fc_str code)
{
    for (int i = VERDICT_SUCCEEDED + 1; i < VERDICT_COUNT; i++)
        if (fc_str_eq(fc_str_of(refusals[i].problem.code), code))
            return &refusals[i].problem;
    for (size_t i = 0; i < FC_ARRAY_COUNT(others); i++)
        if (fc_str_eq(fc_str_of(others[i].code), code))
            return &others[i];
    return NULL;
}

void wire_problem_detail(struct fc_buf *buf, enum verdict verdict, int64_t culprit)
{
    FC_ASSERT(verdict > VERDICT_SUCCEEDED && verdict < VERDICT_COUNT);
    const struct refusal *refusal = &refusals[verdict];

    fc_buf_put_text(buf, culprit == 0 ? refusal->the_noun : refusal->noun);
    if (culprit != 0) {
        fc_buf_put_char(buf, ' ');
        fc_buf_put_i64(buf, culprit);
    }
    fc_buf_put_char(buf, ' ');
    fc_buf_put_text(buf, refusal->matter);
    fc_buf_put_char(buf, '.');
}
