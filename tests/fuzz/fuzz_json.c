/* The scan that stands before all reading: what it lets pass json-c takes as well, and what is read
 * where it stands is what json-c reads; it cuts an array where the walk over it does. */
#include "support/fuzz.h"
#include "support/json_oracle.h"

#include "base/limits.h"
#include "wire/value.h"

static void check_elements(struct fc_str text)
{
    static struct wire_element elements[MESSAGE_COMMANDS_MAX];
    struct fc_str value = wire_value_of(text);
    const char *reason = NULL;
    struct wire_walk walk;
    int32_t count = 0;

    switch (wire_scan_elements(text, elements, MESSAGE_COMMANDS_MAX, &count, &reason)) {
    case WIRE_SCAN_VALUE:
        FC_ASSERT(count == 1 && fc_str_eq(elements[0].text, value));
        FC_ASSERT(wire_value_kind(value) != WIRE_ARRAY);
        return;
    case WIRE_SCAN_ARRAY:
        break;
    case WIRE_SCAN_TOO_MANY:
        FC_ASSERT(count == MESSAGE_COMMANDS_MAX);
        return;
    case WIRE_SCAN_NO_JSON:
        FC_UNREACHABLE("the scan took it");
    }
    wire_walk_begin(&walk, value);
    for (int32_t i = 0; i < count; i++) {
        FC_ASSERT(wire_walk_element(&walk, &value));
        FC_ASSERT(elements[i].text.ptr == value.ptr && elements[i].text.len == value.len);
    }
    FC_ASSERT(!wire_walk_element(&walk, &value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fc_str text = fuzz_text(data, size);
    struct wire_faults faults;

    wire_faults_init(&faults, fuzz_arena());
    if (!wire_scan(text, &faults)) {
        FC_ASSERT(faults.no_json && faults.count >= 1);
        return 0;
    }
    FC_ASSERT(!faults.no_json);
    FC_ASSERT(json_oracle_agrees(text));
    check_elements(text);
    return 0;
}
