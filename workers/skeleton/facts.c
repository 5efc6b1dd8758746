#include "skeleton/facts.h"

#include "base/assert.h"
#include "host/log.h"

static void log_slot(const char *sentence, const struct command_slot *slot)
{
    struct fc_log_line line;

    fc_log_begin(&line, FC_LOG_DEBUG, sentence);
    fc_log_uuid(&line, "command_id", &slot->asked->command.id);
    fc_log_text(&line, "type", wire_command_type_name(slot->asked->command.type));
    fc_log_str(&line, "key", slot->asked->key);
    fc_log_str(&line, "verdict", slot->verdict.len > 0 ? slot->verdict : FC_STR("succeeded"));
    if (slot->is_replay)
        fc_log_uuid(&line, "replay_of", &slot->replay_of);
    fc_log_str(&line, "traceparent", slot->traceparent);
    fc_log_end(&line);
}

void facts_log_parked(const struct parked_row *rows, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        struct fc_log_line line;

        fc_log_begin(&line, FC_LOG_WARN, "parked, see firstcome parked list");
        fc_log_str(&line, "queue", rows[i].queue);
        if (rows[i].id != NULL)
            fc_log_uuid(&line, "command_id", rows[i].id);
        fc_log_str(&line, "reason", rows[i].reason);
        fc_log_i64(&line, "byte_count", (int64_t)rows[i].bytes.len);
        fc_log_i64(&line, "delivery_count", rows[i].delivery_count);
        fc_log_end(&line);
    }
}

void facts_log_slots(const struct command_range *range)
{
    for (int32_t i = 0; i < range->slot_count; i++) {
        const struct command_slot *slot = &range->slots[i];

        switch (slot->state) {
        case SLOT_DECIDED:
            log_slot("decided", slot);
            break;
        case SLOT_RECALLED:
            log_slot("recalled", slot);
            break;
        case SLOT_SAME:
        case SLOT_PARKED:
            break;
        case SLOT_OPEN:
            FC_UNREACHABLE("an open slot after the commit");
        }
    }
}
