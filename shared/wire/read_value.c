#include "wire/read_value.h"

#include "base/assert.h"

#include <inttypes.h>

void wire_value_fault(struct wire_faults *faults, const struct wire_place *place,
                      const char *detail)
{
    char pointer[WIRE_POINTER_BYTES_MAX];

    wire_fault_add(faults, wire_place_pointer(place, pointer), "%s", detail);
}

static void range_fault(struct wire_faults *faults, const struct wire_place *place,
                        struct wire_range range)
{
    char pointer[WIRE_POINTER_BYTES_MAX];

    wire_fault_add(faults, wire_place_pointer(place, pointer),
                   "must be from %" PRId64 " to %" PRId64, range.min, range.max);
}

bool wire_value_i64(struct wire_faults *faults, const struct wire_place *place, struct fc_str value,
                    struct wire_range range, int64_t *ret_value)
{
    if (fc_str_to_i64(value, range.min, range.max, ret_value))
        return true;
    range_fault(faults, place, range);
    return false;
}

bool wire_value_text(struct wire_faults *faults, struct fc_str value, struct fc_str *ret_text)
{
    struct fc_buf buf = fc_arena_buf_begin(faults->arena);

    *ret_text = wire_value_string(value, &buf);
    if (buf.len == 0 && !buf.overflow)
        return true;
    if (fc_arena_buf_end(faults->arena, &buf, ret_text))
        return true;
    faults->arena_full = true;
    return false;
}

struct fc_str wire_value_peek(struct wire_faults *faults, struct fc_str value)
{
    struct fc_str text;

    if (wire_value_kind(value) != WIRE_STRING || !wire_value_text(faults, value, &text))
        return FC_STR_NONE;
    return text;
}

bool wire_value_uuid(struct fc_str value, struct fc_uuid *ret_id)
{
    char memory[WIRE_SHORT_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    return fc_uuid_parse(wire_value_string(value, &buf), ret_id);
}
