#include "wire/route.h"

#include "base/assert.h"
#include "base/limits.h"

#include <zlib.h>

int32_t wire_route_partition(struct fc_str key, int32_t partitions)
{
    FC_ASSERT(partitions >= 1 && partitions <= PARTITIONS_MAX);
    uLong sum = crc32_z(0, (const Bytef *)key.ptr, key.len);

    return (int32_t)(sum % (uLong)partitions);
}

const char *wire_family_name(enum wire_family family)
{
    switch (family) {
    case WIRE_FAMILY_COUPON:
        return "coupon";
    case WIRE_FAMILY_ORDER:
        return "order";
    case WIRE_FAMILY_COUNT:
        break;
    }
    FC_UNREACHABLE("no such family");
}

void wire_route_queue(enum wire_family family, int32_t partition,
                      char ret_queue[WIRE_QUEUE_TEXT_MAX])
{
    FC_ASSERT(partition >= 0 && partition < PARTITIONS_MAX);
    struct fc_buf buf = fc_buf_of(ret_queue, WIRE_QUEUE_TEXT_MAX);

    fc_buf_put_text(&buf, wire_family_name(family));
    fc_buf_put_char(&buf, '.');
    fc_buf_put_i64(&buf, partition);
    fc_buf_put_char(&buf, '\0');
    FC_ASSERT(!buf.overflow);
}
