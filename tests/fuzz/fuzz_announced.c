/* A message of announcements, for each of those that read some: statistics, payments, the data
 * platform, the ingress's catalogue. */
#include "support/fuzz.h"

#include "platform/chunks.h"

static void check_orders(struct fc_str bytes)
{
    struct fc_arena *arena = fuzz_arena();
    struct wire_order_event *events;
    const char *reason = NULL;
    int32_t count;

    if (!wire_order_events_parse(bytes, arena, &events, &count, &reason)) {
        FC_ASSERT(arena->used == 0 && reason != NULL);
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        FC_ASSERT(events[i].line_count >= 0 && events[i].previous_count >= 0);
        for (int32_t k = 0; k < events[i].line_count; k++) {
            const struct sold_line *line = &events[i].lines[k];

            FC_ASSERT(line->quantity >= 1 && line->unit_price.won >= 0);
            FC_ASSERT(line->product_id >= 1 && line->product_id <= ID_MAX);
            FC_ASSERT(line->category.len <= CATEGORY_BYTES_MAX);
        }
    }
}

static void check_payments(struct fc_str bytes)
{
    struct fc_arena *arena = fuzz_arena();
    struct wire_payment_event *events;
    const char *reason = NULL;
    int32_t count;

    if (!wire_payment_events_parse(bytes, arena, &events, &count, &reason)) {
        FC_ASSERT(arena->used == 0 && reason != NULL);
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        FC_ASSERT(events[i].amount.won >= 0 && events[i].amount.won <= AMOUNT_KRW_MAX);
        FC_ASSERT(events[i].traceparent.len == 0 || events[i].traceparent.len == TRACEPARENT_BYTES);
    }
}

/* Whatever stands in an event, it is one line of what the platform is told. */
static void check_told(struct fc_str bytes)
{
    struct fc_arena *arena = fuzz_arena();
    struct wire_told_event *events;
    struct fc_buf body = fuzz_buf();
    const char *reason = NULL;
    int32_t lines = 0;
    int32_t count;

    if (!wire_told_events_parse(bytes, arena, &events, &count, &reason)) {
        FC_ASSERT(arena->used == 0 && reason != NULL);
        return;
    }
    if (count == 0)
        return;
    chunk_put(&body, events, count);
    FC_ASSERT(!body.overflow && body.len == chunk_bytes(events, count));
    for (size_t i = 0; i < body.len; i++)
        lines += body.ptr[i] == '\n';
    FC_ASSERT(lines == count);
}

static void check_catalog(struct fc_str bytes)
{
    struct fc_arena *arena = fuzz_arena();
    struct wire_catalog_change *changes;
    int32_t count;

    if (!wire_catalog_changes_parse(bytes, arena, &changes, &count)) {
        FC_ASSERT(arena->used == 0);
        return;
    }
    for (int32_t i = 0; i < count; i++)
        FC_ASSERT(changes[i].product_id >= 1 && changes[i].product_id <= ID_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fc_str bytes = fuzz_text(data, size);

    check_orders(bytes);
    check_payments(bytes);
    check_told(bytes);
    check_catalog(bytes);
    return 0;
}
