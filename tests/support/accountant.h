/*
 * An accountant outside of the shop: writes down what moved, by the commands and their events, and
 * compares with the tables between batches. Money, stock and coupons are conserved; what is held
 * and reserved is what orders under way say; the state of an order goes with what it has.
 */
#ifndef FC_TESTS_SUPPORT_ACCOUNTANT_H
#define FC_TESTS_SUPPORT_ACCOUNTANT_H

#include "core/decision.h"

#define ACCOUNTANT_STOCKS_MAX 512

struct accountant_stock {
    int64_t option_id;
    int64_t total;
};

struct accountant {
    int64_t charged;
    int64_t spent; /* out of balances, less what came back to them */
    struct accountant_stock stocks[ACCOUNTANT_STOCKS_MAX];
    int32_t stock_count;
};

/* What came of one command. The test fails when it is not what was asked. */
void accountant_book(struct accountant *book, const struct command *command,
                     const struct decision *decision);

/* The test fails unless all that exists in `memory` agrees with the book and with itself. */
void accountant_check(struct accountant *book, const struct shop *memory);

#endif
