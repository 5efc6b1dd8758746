/*
 * The store and load steps over memory instead of a database: a shop of its own keeps the rows
 * between batches. Storing reads nothing but the marks, deltas and rows that a real store step may
 * read, and asserts the versions that guard it.
 */
#ifndef FC_TESTS_SUPPORT_SHOP_MEMORY_H
#define FC_TESTS_SUPPORT_SHOP_MEMORY_H

#include "core/shop.h"

/* Puts every row of `memory` that exists into an empty shop, as loaded. */
void shop_memory_load(const struct shop *memory, struct shop *shop);

/* Stores what a batch changed. Names must live as long as the memory. */
void shop_memory_store(struct shop *memory, const struct shop *shop);

#endif
