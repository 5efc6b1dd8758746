#include "skeleton/announce.h"

#include "base/assert.h"
#include "host/fault.h"
#include "mq/topology.h"
#include "wire/event.h"

/* A JSON array that is sent whenever it has grown enough. */
struct bundle {
    const struct announce_port *announcer;
    struct fc_arena *arena;
    struct mq_message message; /* all but the body */
    struct fc_buf buf;
    bool open;
};

static enum fc_rc bundle_send(struct bundle *bundle, struct fc_err *ret_err)
{
    if (!bundle->open)
        return FC_OK;
    fc_buf_put_char(&bundle->buf, ']');
    /* What is announced is bounded by what was gathered, and that by GATHER_BYTES_MAX. */
    FC_ASSERT(!bundle->buf.overflow);
    bundle->message.body = fc_buf_str(&bundle->buf);
    bundle->open = false;
    return bundle->announcer->put(bundle->announcer->arg, &bundle->message, ret_err);
}

/* Where the next element goes; the array is begun or continued. */
static struct fc_buf *bundle_next(struct bundle *bundle)
{
    if (!bundle->open)
        bundle->buf = fc_arena_buf_begin(bundle->arena);
    fc_buf_put_char(&bundle->buf, bundle->open ? ',' : '[');
    bundle->open = true;
    return &bundle->buf;
}

static enum fc_rc bundle_cut(struct bundle *bundle, struct fc_err *ret_err)
{
    if (bundle->buf.len < ANNOUNCE_BYTES_SOFT_MAX)
        return FC_OK;
    return bundle_send(bundle, ret_err);
}

/* An event that is to be told. */
struct telling {
    const struct command_slot *slot;
    struct fc_str short_form;
    int32_t index; /* among its slot's events */
    struct telling *next;
};

/* Of one family, in order. */
struct tellings {
    struct telling *first;
    struct telling *last;
};

static void tellings_add(struct tellings *tellings, struct telling *telling)
{
    if (tellings->first == NULL)
        tellings->first = telling;
    else
        tellings->last->next = telling;
    tellings->last = telling;
}

static void collect_slot(struct tellings families[WIRE_EVENT_FAMILY_COUNT], struct fc_arena *arena,
                         const struct command_slot *slot)
{
    struct fc_str rest = slot->events;
    struct fc_str event;

    if (slot->state != SLOT_DECIDED && slot->state != SLOT_RECALLED)
        return;
    for (int32_t index = 0; wire_events_next(&rest, &event); index++) {
        struct telling *telling = fc_arena_take(arena, 1, sizeof(*telling));
        enum wire_event_family family;

        FC_ASSERT(telling != NULL);
        if (!wire_event_family_of(wire_event_short_type(event), &family))
            FC_UNREACHABLE("the journal holds an event of no family");
        *telling = (struct telling){slot, event, index, NULL};
        tellings_add(&families[family], telling);
    }
}

static enum fc_rc announce_family(struct bundle *bundle, enum wire_event_family family,
                                  const struct tellings *tellings, struct fc_err *ret_err)
{
    bundle->message = (struct mq_message){
        .exchange = FC_STR(MQ_EXCHANGE_EVENTS),
        .routing_key = fc_str_of(wire_event_family_name(family)),
        .type = FC_STR("firstcome.events.v1"),
    };
    for (const struct telling *telling = tellings->first; telling != NULL;
         telling = telling->next) {
        const struct command_slot *slot = telling->slot;
        struct wire_event_origin origin = {slot->asked->command.id, slot->decided_at,
                                           slot->traceparent};

        wire_event_announce(bundle_next(bundle), &origin, telling->index, telling->short_form);
        if (bundle_cut(bundle, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
    return bundle_send(bundle, ret_err);
}

enum fc_rc announce_events(const struct announce_port *announcer, struct fc_arena *arena,
                           const struct command_slots *lists, int32_t list_count, bool wait,
                           struct fc_err *ret_err)
{
    struct tellings families[WIRE_EVENT_FAMILY_COUNT] = {{NULL, NULL}};
    struct bundle bundle = {.announcer = announcer, .arena = arena};
    size_t mark = fc_arena_mark(arena);
    enum fc_rc rc = FC_OK;

    FC_CRASH_POINT(ANNOUNCE_BEFORE);
    for (int32_t list = 0; list < list_count; list++)
        for (int32_t i = 0; i < lists[list].count; i++)
            collect_slot(families, arena, &lists[list].items[i]);
    for (int32_t family = 0; family < WIRE_EVENT_FAMILY_COUNT && rc == FC_OK; family++)
        rc = announce_family(&bundle, (enum wire_event_family)family, &families[family], ret_err);
    fc_arena_rewind(arena, mark);
    return rc == FC_OK && wait ? announcer->wait(announcer->arg, ret_err) : rc;
}

/* --- verdicts --------------------------------------------------------------------------------- */

static void put_document(struct fc_buf *buf, const struct command_slot *slots,
                         const struct command_slot *slot)
{
    const struct wire_command *asked = slot->asked;
    const struct command_slot *told = slot->state == SLOT_SAME ? &slots[slot->same_as] : slot;
    struct wire_document document = {
        .command_id = asked->command.id,
        .type = fc_str_of(wire_command_type_name(asked->command.type)),
        .state = told->verdict.len == 0 ? WIRE_SUCCEEDED : WIRE_REFUSED,
        .has_accepted_at = true,
        .accepted_at = asked->command.accepted_at,
        .has_decided_at = true,
        .decided_at = told->decided_at,
        .result = told->result,
        .is_replay = told->is_replay,
        .replay_of = told->replay_of,
    };

    if (told->state == SLOT_PARKED) {
        document.state = WIRE_PARKED;
        document.has_decided_at = false;
        document.result = FC_STR_NONE;
    }
    wire_document_put(buf, &document);
}

/* True when no earlier slot names the same place. */
static bool is_first_reply_to(const struct command_slot *slots, int32_t at)
{
    for (int32_t i = 0; i < at; i++)
        if (fc_str_eq(slots[i].asked->reply_to, slots[at].asked->reply_to))
            return false;
    return true;
}

static enum fc_rc announce_verdicts_to(struct bundle *bundle, const struct command_slots *slots,
                                       struct fc_str reply_to, struct fc_err *ret_err)
{
    bundle->message = (struct mq_message){
        .exchange = FC_STR(""),
        .routing_key = reply_to,
        .type = FC_STR("firstcome.verdicts.v1"),
        .transient = true,
    };
    for (int32_t i = 0; i < slots->count; i++) {
        if (!fc_str_eq(slots->items[i].asked->reply_to, reply_to))
            continue;
        put_document(bundle_next(bundle), slots->items, &slots->items[i]);
        if (bundle_cut(bundle, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
    return bundle_send(bundle, ret_err);
}

enum fc_rc announce_verdicts(const struct announce_port *announcer, struct fc_arena *arena,
                             const struct command_slots *slots, struct fc_err *ret_err)
{
    struct bundle bundle = {.announcer = announcer, .arena = arena};

    FC_CRASH_POINT(TELL_BEFORE);
    for (int32_t i = 0; i < slots->count; i++) {
        struct fc_str reply_to = slots->items[i].asked->reply_to;

        if (reply_to.len == 0 || !is_first_reply_to(slots->items, i))
            continue;
        if (announce_verdicts_to(&bundle, slots, reply_to, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
    return announcer->send(announcer->arg, ret_err);
}
