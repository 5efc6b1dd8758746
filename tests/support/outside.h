/*
 * What the system says over HTTP, held against the books by hand (support/naive.h).
 */
#ifndef FC_TESTS_SUPPORT_OUTSIDE_H
#define FC_TESTS_SUPPORT_OUTSIDE_H

#include "support/naive.h"

#include <json-c/json_object.h>

#define OUTSIDE_WHY_BYTES 400

/* The identity under which everything may be read. */
#define OUTSIDE_ADMIN_ID INT64_C(900000)

/* The result of a command that succeeded, which stands in the books by now: its amounts, states and
 * counts. True when something differs: a sentence. */
bool outside_result_differs(struct naive_shop *naive, const struct command *command,
                            struct json_object *result, char ret_why[OUTSIDE_WHY_BYTES]);

/* All users, coupons, orders, products and templates that can be read; and of `hundreds` hundreds
 * of ids (support/chance.h) those that are not in the books are not known. Through the caller
 * (support/caller.h), which must be open. */
bool outside_books_differ(struct naive_shop *naive, int64_t hundreds,
                          char ret_why[OUTSIDE_WHY_BYTES]);

/* For the files that make up this one only. */

#define OUTSIDE_SAME(condition, ...)                                 \
    do {                                                             \
        if (!(condition)) {                                          \
            (void)snprintf(ret_why, OUTSIDE_WHY_BYTES, __VA_ARGS__); \
            return true;                                             \
        }                                                            \
    } while (0)

/* What the transfer takes off the order. */
int64_t outside_transfer_discount(const struct naive_order *order);
/* Differs when the answer is not `status`; the JSON is to be put by the caller. */
FC_PRINTF(4, 5)
bool outside_get(int32_t status, char ret_why[OUTSIDE_WHY_BYTES], struct json_object **ret_root,
                 const char *format, ...);

/* Compares one item of a list with the books. */
typedef bool outside_item_fn(struct naive_shop *naive, struct json_object *item,
                             char ret_why[OUTSIDE_WHY_BYTES]);
/* All pages of a list; *ret_count: items. `path` has a query already. */
bool outside_list_differs(struct naive_shop *naive, const char *path, outside_item_fn *differs,
                          int64_t *ret_count, char ret_why[OUTSIDE_WHY_BYTES]);
outside_item_fn outside_order_differs;
outside_item_fn outside_product_differs;

#endif
