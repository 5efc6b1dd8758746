/*
 * Orders: order.place with payment from the balance, all or nothing.
 *
 * To be loaded for order.place, where there is one:
 *   - the wallet row of the user;
 *   - for every line that names an option: the option and its product;
 *   - for every line that names a product: the product; with all its options when the line names
 *     no option;
 *   - the coupon of that id.
 * The order's id is the command's, so that no order of that id can be there.
 */
#ifndef FC_CORE_ORDER_H
#define FC_CORE_ORDER_H

#include "core/decision.h"
#include "core/policy.h"

/*
 * Precedence: unknown_user, unknown_wallet; line by line unknown_product, unknown_option (no such
 * one, another product's, or a product alone that has not exactly one); product_not_on_sale,
 * several_first_come_products, misrouted (the key is the first-come product's, without one the
 * user's), payment_method_not_allowed; what coupon_usable says; insufficient_stock,
 * discount_exceeds_total, insufficient_balance (a total above AMOUNT_KRW_MAX too).
 */
struct decision order_decide_place(const struct shop *shop, const struct policy *policy,
                                   const struct command *command, struct fc_instant now);

void order_apply_paid(struct shop *shop, const struct event *event);

#endif
