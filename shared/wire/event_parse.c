#include "wire/event.h"
#include "wire/event_data.h"
#include "wire/scan.h"

static bool type_parse(struct fc_str name, enum event_type *ret_type)
{
    for (int i = 0; i < EVENT_COUNT; i++) {
        if (fc_str_eq(fc_str_of(wire_event_type_name((enum event_type)i)), name)) {
            *ret_type = (enum event_type)i;
            return true;
        }
    }
    return false;
}

static const char *members_read(struct wire_node *node, struct event *event)
{
    struct wire_node data;

    if (!type_parse(wire_peek_text(node, "type"), &event->type))
        return "an event of the journal is of no type";
    (void)wire_read_i64(node, "version", WIRE_REQUIRED, (struct wire_range){0, ID_MAX},
                        &event->version);
    if (wire_read_object(node, "data", WIRE_REQUIRED, &data))
        wire_event_data_read(&data, event);
    return NULL;
}

/* Why the short form could not be read, NULL when it could. */
static const char *short_parse(struct fc_str short_form, struct fc_arena *arena,
                               struct event *event)
{
    const char *reason = NULL;
    struct wire_faults faults;
    struct wire_node node;

    wire_faults_init(&faults, arena);
    if (wire_scan(short_form, &faults)) {
        wire_node_begin(&node, short_form, &faults);
        reason = members_read(&node, event);
    }
    if (faults.arena_full)
        return "the journal's events do not fit the memory";
    if (reason == NULL && faults.count > 0)
        return "an event of the journal is not as any version wrote it";
    return reason;
}

/* How many short forms there are; -1 when they are not set as wire_events_put does. */
static int32_t short_count(struct fc_str journal_events)
{
    struct fc_str rest = journal_events;
    struct fc_str short_form;
    int32_t count = 0;
    char behind = ',';

    if (fc_str_eq(journal_events, FC_STR("[]")))
        return 0;
    if (!fc_str_starts_with(journal_events, FC_STR("[")))
        return -1;
    while (behind == ',' && wire_events_next(&rest, &short_form)) {
        behind = short_form.ptr[short_form.len];
        count++;
    }
    return behind == ']' && rest.len == 0 ? count : -1;
}

bool wire_events_parse(struct fc_str journal_events, struct fc_arena *arena,
                       struct event **ret_events, int32_t *ret_count, const char **ret_reason)
{
    const char *reason = "the journal's events are no array of lines";
    size_t mark = fc_arena_mark(arena);
    int32_t count = short_count(journal_events);
    struct fc_str rest = journal_events;
    struct event *events = NULL;
    struct fc_str short_form;

    if (count < 0)
        goto out;
    events = fc_arena_take(arena, (size_t)count, sizeof(*events));
    reason = events == NULL ? "the journal's events do not fit the memory" : NULL;
    /* One by one: all events of a command may be longer than what is taken as one text. */
    for (int32_t i = 0; reason == NULL && wire_events_next(&rest, &short_form); i++)
        reason = short_parse(short_form, arena, &events[i]);
out:
    if (reason != NULL) {
        fc_arena_rewind(arena, mark);
        *ret_reason = reason;
        return false;
    }
    *ret_events = events;
    *ret_count = count;
    return true;
}
