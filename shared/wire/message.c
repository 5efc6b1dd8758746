#include "wire/body.h"
#include "wire/command.h"
#include "wire/scan.h"

#include "base/assert.h"

/* Says in one text what is wrong, as far as it fits. */
static struct fc_str faults_text(const struct wire_faults *faults, char memory[REASON_BYTES_MAX])
{
    struct fc_buf buf = fc_buf_of(memory, REASON_BYTES_MAX);
    int32_t kept = faults->count < WIRE_FAULTS_MAX ? faults->count : WIRE_FAULTS_MAX;

    for (int32_t i = 0; i < kept; i++) {
        size_t before = buf.len;

        fc_buf_put_text(&buf, i > 0 ? "; " : "");
        fc_buf_put(&buf, faults->items[i].pointer);
        fc_buf_put_text(&buf, faults->items[i].pointer.len > 0 ? " " : "");
        fc_buf_put(&buf, faults->items[i].detail);
        if (buf.overflow) {
            buf.len = before;
            break;
        }
    }
    return fc_buf_str(&buf);
}

/* Copies bytes and reason, as the delivery's bytes do not live as long as the batch. */
static bool reject(struct fc_arena *arena, struct fc_str bytes, struct fc_str reason,
                   struct wire_reject *ret_reject)
{
    return fc_arena_copy(arena, bytes, &ret_reject->bytes) &&
           fc_arena_copy(arena, reason, &ret_reject->reason);
}

static bool is_hex(struct fc_str text, size_t from, size_t to)
{
    for (size_t at = from; at < to; at++) {
        char c = text.ptr[at];

        if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
            return false;
    }
    return true;
}

/* 00-<32 hex>-<16 hex>-<2 hex>. Anything else counts as none, as W3C Trace Context has it: a broken
 * trace is no reason to refuse an order. */
static bool is_traceparent(struct fc_str text)
{
    return text.len == TRACEPARENT_BYTES && text.ptr[2] == '-' && text.ptr[35] == '-' &&
           text.ptr[52] == '-' && is_hex(text, 0, 2) && is_hex(text, 3, 35) &&
           is_hex(text, 36, 52) && is_hex(text, 53, 55);
}

static void key_read(struct wire_node *node, bool typed, struct wire_command *command)
{
    struct command *core = &command->command;
    struct command_key key;

    if (!wire_read_text(node, "key", WIRE_REQUIRED, (struct wire_range){1, ROUTE_KEY_BYTES_MAX},
                        &command->key))
        return;
    if (!wire_command_key_parse(command->key, &key))
        wire_node_fault(node, "key",
                        "must be user:, product:, template:, policy: or day: and an id");
    else if (typed && !wire_command_key_fits(core->type, key))
        wire_node_fault(node, "key", "is not of the kind that the type stands under");
    else
        core->key = key;
}

static bool is_visible(struct fc_str text)
{
    for (size_t at = 0; at < text.len; at++)
        if (text.ptr[at] < 0x20 || text.ptr[at] > 0x7E)
            return false;
    return true;
}

static void options_read(struct wire_node *node, struct wire_command *command)
{
    (void)wire_read_i64(node, "user_id", WIRE_OPTIONAL, WIRE_IDS, &command->command.actor_id);
    if (wire_read_text(node, "idempotency_key", WIRE_OPTIONAL,
                       (struct wire_range){1, IDEMPOTENCY_KEY_BYTES_MAX},
                       &command->idempotency_key) &&
        !is_visible(command->idempotency_key))
        wire_node_fault(node, "idempotency_key", "must be of visible characters");
    (void)wire_read_text(node, "reply_to", WIRE_OPTIONAL,
                         (struct wire_range){1, REPLY_TO_BYTES_MAX}, &command->reply_to);
    if (is_traceparent(wire_peek_text(node, "traceparent")))
        (void)wire_read_text(node, "traceparent", WIRE_OPTIONAL,
                             (struct wire_range){1, TRACEPARENT_BYTES}, &command->traceparent);
}

/* Every member of a command. The body is read even when the key is not good: all faults count. */
static void command_read(struct wire_node *node, struct wire_command *command)
{
    struct command *core = &command->command;
    struct wire_node body;
    struct fc_str type = wire_peek_text(node, "type");

    if (wire_read_uuid(node, "id", WIRE_REQUIRED, &core->id) && fc_uuid_is_zero(&core->id))
        wire_node_fault(node, "id", "must not be all zeros: that names no command");
    bool typed = wire_command_type_parse(type, &core->type);

    if (!typed && node->object.ptr != NULL)
        wire_node_fault(node, "type", "is no type of command");
    key_read(node, typed, command);
    options_read(node, command);
    (void)wire_read_instant(node, "accepted_at", WIRE_REQUIRED, &core->accepted_at);
    if (wire_read_object(node, "body", WIRE_REQUIRED, &body) && typed)
        wire_body_read(&body, core);
}

static bool body_write(struct fc_arena *arena, struct wire_command *command)
{
    struct fc_buf buf = fc_arena_buf_begin(arena);

    wire_body_put(&buf, &command->command);
    return fc_arena_buf_end(arena, &buf, &command->body);
}

/* Adds a command or a reject to the message; false when the arena is full. */
static bool element_parse(const struct wire_element *element, struct fc_arena *arena,
                          struct wire_message *message)
{
    struct wire_command *command = &message->commands[message->command_count];
    struct wire_reject *bad = &message->rejects[message->reject_count];
    size_t mark = fc_arena_mark(arena);
    char memory[REASON_BYTES_MAX];
    struct wire_faults faults;
    struct wire_node node;

    wire_faults_init(&faults, arena);
    /* The scan over the whole message has said only that there are faults, not which. */
    bool scanned = !element->faulty || wire_scan(element->text, &faults);

    FC_ASSERT(scanned);
    wire_node_begin(&node, element->text, &faults);
    command_read(&node, command);
    if (faults.arena_full)
        return false;
    if (faults.count == 0) {
        message->command_count++;
        return body_write(arena, command);
    }
    struct fc_str reason = faults_text(&faults, memory);

    fc_arena_rewind(arena, mark);
    bad->has_id = fc_uuid_parse(wire_peek_text(&node, "id"), &bad->id);
    *command = (struct wire_command){.key = FC_STR_NONE};
    message->reject_count++;
    return reject(arena, element->text, reason, bad);
}

/* The whole of the bytes is one reject. */
static bool reject_all(struct fc_arena *arena, struct fc_str bytes, const char *reason,
                       struct wire_message *message)
{
    message->rejects = fc_arena_take(arena, 1, sizeof(*message->rejects));
    message->reject_count = 1;
    return message->rejects != NULL && reject(arena, bytes, fc_str_of(reason), message->rejects);
}

static bool elements_parse(const struct wire_element *elements, int32_t count,
                           struct fc_arena *arena, struct wire_message *message)
{
    bool fits = true;

    message->commands = fc_arena_take(arena, (size_t)count, sizeof(*message->commands));
    message->rejects = fc_arena_take(arena, (size_t)count, sizeof(*message->rejects));
    if (message->commands == NULL || message->rejects == NULL)
        return false;
    for (int32_t i = 0; i < count && fits; i++)
        fits = element_parse(&elements[i], arena, message);
    return fits;
}

bool wire_message_parse(struct fc_str bytes, struct fc_arena *arena,
                        struct wire_message *ret_message)
{
    struct wire_element elements[MESSAGE_COMMANDS_MAX];
    struct wire_message message = {NULL, 0, NULL, 0};
    size_t mark = fc_arena_mark(arena);
    const char *reason = NULL;
    int32_t count = 0;
    bool fits = false;

    static_assert(MESSAGE_COMMANDS_MAX == 256, "the sentence names the bound");
    switch (wire_scan_elements(bytes, elements, MESSAGE_COMMANDS_MAX, &count, &reason)) {
    case WIRE_SCAN_NO_JSON:
        break;
    case WIRE_SCAN_TOO_MANY:
        reason = "holds more than 256 commands";
        break;
    case WIRE_SCAN_VALUE:
    case WIRE_SCAN_ARRAY:
        reason = count == 0 ? "holds no command" : NULL;
        break;
    }
    if (reason != NULL)
        fits = reject_all(arena, bytes, reason, &message);
    else
        fits = elements_parse(elements, count, arena, &message);
    if (fits)
        *ret_message = message;
    else
        fc_arena_rewind(arena, mark);
    return fits;
}
