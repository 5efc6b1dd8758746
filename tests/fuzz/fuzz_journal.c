/* The events of a journal's row, as the replay reads them back: what is read is what was written,
 * in the first version's form too. And what the worker announces of them. */
#include "support/fuzz.h"

#include "wire/event.h"

static void check_announced(struct fc_str written)
{
    struct wire_event_origin origin = {.decided_at = {1769903999999999}};
    struct wire_order_event *orders;
    struct fc_str short_form;
    int32_t index = 0;

    while (wire_events_next(&written, &short_form)) {
        struct fc_buf buf = fuzz_buf_other();
        enum wire_event_family family;
        const char *reason = NULL;
        int32_t count;

        fc_buf_put_char(&buf, '[');
        wire_event_announce(&buf, &origin, index++, short_form);
        fc_buf_put_char(&buf, ']');
        FC_ASSERT(wire_event_family_of(wire_event_short_type(short_form), &family));
        FC_ASSERT(
            wire_order_events_parse(fc_buf_str(&buf), fuzz_arena(), &orders, &count, &reason));
        FC_ASSERT(count == 0 || count == 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fc_str text = fuzz_text(data, size);
    struct fc_arena *arena = fuzz_arena();
    struct fc_buf first = fuzz_buf();
    struct fc_buf second = fuzz_buf_other();
    const char *reason = NULL;
    struct event *events;
    int32_t count;

    if (!wire_events_parse(text, arena, &events, &count, &reason)) {
        FC_ASSERT(arena->used == 0 && reason != NULL);
        return 0;
    }
    size_t used = arena->used_max;

    wire_events_put(&first, events, count);
    FC_ASSERT(!first.overflow);
    FC_ASSERT(wire_events_parse(fc_buf_str(&first), fuzz_arena_other(), &events, &count, &reason));
    wire_events_put(&second, events, count);
    FC_ASSERT(fc_str_eq(fc_buf_str(&first), fc_buf_str(&second)));
    bool fits = wire_events_parse(text, fuzz_arena_narrow(used > 16 ? used - 16 : 0), &events,
                                  &count, &reason);

    fuzz_arena_narrow_end(fits);
    check_announced(fc_buf_str(&first));
    return 0;
}
