/*
 * The shop's state in forms that a test can compare: as text, which is the same for two shops that
 * came to the same state by different ways, and as a hash of all bytes, which any write changes.
 */
#ifndef FC_TESTS_SUPPORT_SHOP_TEXT_H
#define FC_TESTS_SUPPORT_SHOP_TEXT_H

#include "core/shop.h"

/* A line for each row that exists, by kind and id; marks and deltas are left out. */
void shop_text_put(struct fc_buf *buf, const struct shop *shop);

/* Over the rows, tables and indexes; not what lies free in the arena. */
uint64_t shop_bytes_hash(const struct shop *shop);

#endif
