/*
 * The catalogue: product.put and product.delete. An option in a product.put that names no id is
 * the product's option of that name, or a new one.
 *
 * To be loaded for product.put:
 *   - the product of that id with all its options, if there is one;
 *   - the product that bears the name asked for, if there is one (its options are not needed);
 *   - for every option asked for, the option of the id that product_put_option_id gives, whatever
 *     product it belongs to, if there is one.
 * Names and option ids are unique over all products: when another partition's product.put took one
 * in between, storing meets the unique key, and the batch is to be decided again on fresh rows.
 * For product.delete: the product with all its options, if there is one.
 */
#ifndef FC_CORE_PRODUCT_H
#define FC_CORE_PRODUCT_H

#include "core/decision.h"
#include "core/policy.h"

/* The product's row, or NULL when there is no such product. */
const struct product *product_of_id(const struct shop *shop, int64_t product_id);

/* The id that the index-th option of a product.put names, or that it gets if it is a new one. */
int64_t product_put_option_id(const struct command *command, int32_t index);

/*
 * Precedence: misrouted, price_not_allowed, invalid_request (too many options for the policy, two
 * of one name or id, an option of another product), name_taken, product_in_use (an option left
 * out was ordered), insufficient_stock (less than is reserved).
 */
struct decision product_decide_put(const struct shop *shop, const struct policy *policy,
                                   const struct command *command);

/* Precedence: misrouted, unknown_product, product_in_use (an option of it was ordered). */
struct decision product_decide_delete(const struct shop *shop, const struct command *command);

void product_apply_put(struct shop *shop, const struct event *event);
void product_apply_deleted(struct shop *shop, const struct event *event);

#endif
