/*
 * What an order is about and what it costs: terms out of a basket, terms of an order's row, and
 * the checks that hold for them always. Inside of orders only.
 */
#ifndef FC_CORE_ORDER_TERMS_H
#define FC_CORE_ORDER_TERMS_H

#include "core/order.h"

/*
 * Sets what follows from total, payment and transfer_rate: `coupon`'s discount (NULL: none), then
 * of a transfer what the balance pays (`from_balance`, or all that is left if that is less), what
 * is transferred (`transferred_max` at most, the balance pays what is above), and the discount on
 * that.
 */
void order_terms_price(struct order_terms *terms, const struct discount *coupon,
                       struct krw from_balance, struct krw transferred_max);

/* Whether the policy refuses the order because its coupon leaves nothing to pay. */
bool order_terms_excess_refused(const struct order_terms *terms, const struct policy *policy);

/* What the balance pays, and what is transferred. */
struct krw order_terms_from_balance(const struct order_terms *terms);
struct krw order_terms_transfer(const struct order_terms *terms);

/* The terms of an order's row, with its lines. */
struct order_terms order_terms_of(const struct shop *shop, const struct order *order);

/* The lines of sold lines that stock events have. */
struct stock_line *order_stock_lines(const struct shop *shop, const struct sold_line *lines,
                                     int32_t line_count);

/* Asserts that the sums agree with each other and with the lines. */
void order_terms_check(const struct order_terms *terms);

/* The order that a command on an order is about. Precedence: unknown_order, misrouted. */
enum verdict order_addressed(const struct shop *shop, const struct command *command,
                             const struct order **ret_order, int64_t *ret_culprit);

/* What was loaded with an order: its user's wallet, its coupon (NULL: it has none). */
const struct wallet *order_wallet(const struct shop *shop, const struct order *order);
const struct coupon *order_coupon(const struct shop *shop, const struct order *order);

#endif
