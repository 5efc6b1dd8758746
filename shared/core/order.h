/*
 * Orders. Paid from the balance: reserved, taken and paid in one decision. Paid by bank transfer:
 * stock is reserved, the balance's part held, the coupon used, and the payment asked for elsewhere;
 * payment.settle or order.expire ends that. A paid order can be cancelled, changed and shipped.
 *
 * To be loaded for order.place, where there is one:
 *   - the wallet row of the user;
 *   - for every line that names an option: the option and its product;
 *   - for every line that names a product: the product; with all its options when the line names
 *     no option;
 *   - the coupon of that id.
 * The order's id is the command's, so that no order of that id can be there.
 *
 * To be loaded for the commands on an order: the order with its items, the wallet of its user, its
 * coupon, the options of its items with their products; for order.change what an order.place with
 * these lines needs of the catalogue, too.
 */
#ifndef FC_CORE_ORDER_H
#define FC_CORE_ORDER_H

#include "core/decision.h"
#include "core/policy.h"

/* The order's row, or NULL when there is no such order. */
const struct order *order_of_id(const struct shop *shop, const struct fc_uuid *order_id);

/*
 * Precedence: unknown_user, unknown_wallet; line by line unknown_product, unknown_option (no such
 * one, another product's, or a product alone that has not exactly one); product_not_on_sale,
 * several_first_come_products, misrouted (the key is the first-come product's, without one the
 * user's), payment_method_not_allowed; what coupon_usable says; insufficient_stock,
 * discount_exceeds_total, invalid_request (more from the balance than the order costs),
 * insufficient_balance (a total above AMOUNT_KRW_MAX too).
 *
 * Of a bank transfer, transfer_rate is taken off what the balance does not pay, after the coupon,
 * rounded down. When nothing is left to transfer, the order is paid at once.
 */
struct decision order_decide_place(const struct shop *shop, const struct policy *policy,
                                   const struct command *command, struct fc_instant now);

/* Refunds all that was paid to the balance, returns stock and coupon. Precedence: unknown_order,
 * misrouted (the key is the order's), order_not_cancellable (the policy's word, or its status; an
 * option, the culprit, that would pass STOCK_MAX), balance_limit_exceeded (refund_above_max). */
struct decision order_decide_cancel(const struct shop *shop, const struct policy *policy,
                                    const struct command *command);

/*
 * A line that does not grow keeps its unit price; one that is new or grows is priced anew as a
 * whole, and its product must be on sale. The coupon's minimum and the policy's excess rule are
 * checked on the new total; of a transfer what was transferred stays so,
 * with its discount, as far as the order still costs as much: what is added the balance pays, and
 * what it paid goes back first. The difference goes to or comes from the balance.
 * Precedence: unknown_order, misrouted, order_not_changeable (the policy's word, or its status);
 * unknown_product, unknown_option; for lines that are new or grow product_not_on_sale,
 * order_not_changeable (a first-come product that is not the key's: that would jump its queue);
 * order_not_changeable (an option that would pass STOCK_MAX by what comes back);
 * coupon_minimum_not_reached, insufficient_stock, discount_exceeds_total, insufficient_balance,
 * balance_limit_exceeded.
 */
struct decision order_decide_change(const struct shop *shop, const struct policy *policy,
                                    const struct command *command);

/* Precedence: unknown_order, misrouted, shipment_exceeds_order (its status lets nothing be shipped;
 * an option it does not have, or more than is left to ship; the culprit is the option). */
struct decision order_decide_ship(const struct shop *shop, const struct command *command);

/* Precedence: unknown_order, misrouted, payment_timed_out (it is not waiting for payment any more:
 * whatever was paid has to be given back by the gateway). */
struct decision order_decide_settle(const struct shop *shop, const struct command *command,
                                    struct fc_instant now);

/* The same refusals, and payment_timed_out when it is not yet time. */
struct decision order_decide_expire(const struct shop *shop, const struct command *command);

void order_apply_placed(struct shop *shop, const struct event *event);
void order_apply_paid(struct shop *shop, const struct event *event);
void order_apply_failed(struct shop *shop, const struct event *event);
void order_apply_cancelled(struct shop *shop, const struct event *event);
void order_apply_changed(struct shop *shop, const struct event *event);
void order_apply_shipped(struct shop *shop, const struct event *event);

#endif
