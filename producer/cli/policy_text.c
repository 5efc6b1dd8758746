#include "producer/cli/policy_text.h"

#include "base/assert.h"

/* "/balance/max" cut in two; what stands in the document itself has no section. */
static struct fc_str name_of(int32_t setting, struct fc_str *ret_section)
{
    struct fc_str rest = fc_str_of(wire_policy_pointer(setting) + 1);
    struct fc_str first = fc_str_cut(&rest, '/');

    *ret_section = rest.len > 0 ? first : FC_STR_NONE;
    return rest.len > 0 ? rest : first;
}

void policy_text_put(struct fc_buf *buf, const struct policy *policy)
{
    struct fc_str open = FC_STR_NONE;
    bool comma = false;

    fc_buf_put_text(buf, "{");
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++) {
        struct fc_str section;
        struct fc_str name = name_of(i, &section);

        if (i == 0 && policy->name[0] == '\0')
            continue;
        if (!fc_str_eq(section, open)) {
            fc_buf_put_text(buf, open.len > 0 ? "\n    }" : "");
            fc_buf_put_fmt(buf, "%s\n    \"" FC_STR_FMT "\": {", comma ? "," : "",
                           FC_STR_ARG(section));
            open = section;
            comma = false;
        }
        fc_buf_put_fmt(buf, "%s\n%s\"" FC_STR_FMT "\": ", comma ? "," : "",
                       open.len > 0 ? "        " : "    ", FC_STR_ARG(name));
        wire_policy_value_put(buf, i, policy);
        comma = true;
    }
    fc_buf_put_text(buf, "\n    }\n}\n");
}

bool policy_differs(const struct policy *before, const struct policy *after, int32_t setting,
                    struct policy_change *ret_change)
{
    struct fc_buf old = fc_buf_of(ret_change->memory[0], POLICY_VALUE_BYTES);
    struct fc_buf new = fc_buf_of(ret_change->memory[1], POLICY_VALUE_BYTES);

    wire_policy_value_put(&old, setting, before);
    wire_policy_value_put(&new, setting, after);
    FC_ASSERT(!old.overflow);
    FC_ASSERT(!new.overflow);
    ret_change->pointer = wire_policy_pointer(setting);
    ret_change->before = fc_buf_str(&old);
    ret_change->after = fc_buf_str(&new);
    return !fc_str_eq(ret_change->before, ret_change->after);
}
