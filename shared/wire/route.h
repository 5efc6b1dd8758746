/*
 * Which queue a command stands in: partition = crc32(key) mod partitions, with zlib's CRC-32 over
 * the key's UTF-8 bytes; queue and routing key are <family>.<partition>. The mapping is ours and
 * fixed, so that every language can produce it; changing the number of partitions needs drained
 * queues.
 */
#ifndef FC_WIRE_ROUTE_H
#define FC_WIRE_ROUTE_H

#include "base/str.h"

#define WIRE_QUEUE_TEXT_MAX 64

enum wire_family { WIRE_FAMILY_COUPON, WIRE_FAMILY_ORDER, WIRE_FAMILY_COUNT };

int32_t wire_route_partition(struct fc_str key, int32_t partitions);
const char *wire_family_name(enum wire_family family);
/* "order.7", NUL-terminated. */
void wire_route_queue(enum wire_family family, int32_t partition,
                      char ret_queue[WIRE_QUEUE_TEXT_MAX]);

#endif
