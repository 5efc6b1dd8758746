#include "wire/document.h"

#include "base/assert.h"
#include "wire/read.h"
#include "wire/scan.h"
#include "wire/words.h"

static const char *const state_words[] = {
    [WIRE_ACCEPTED] = "accepted",
    [WIRE_SUCCEEDED] = "succeeded",
    [WIRE_REFUSED] = "refused",
    [WIRE_PARKED] = "parked",
    NULL,
};

const char *wire_state_name(enum wire_state state)
{
    FC_ASSERT(state >= WIRE_ACCEPTED && state <= WIRE_PARKED);
    return state_words[state];
}

void wire_document_put(struct fc_buf *buf, const struct wire_document *document)
{
    struct wire_json json;

    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    wire_put_uuid(&json, "command_id", &document->command_id);
    if (document->type.len > 0)
        wire_put_str(&json, "type", document->type);
    wire_put_word(&json, "state", wire_state_name(document->state));
    if (document->has_accepted_at)
        wire_put_instant(&json, "accepted_at", document->accepted_at);
    if (document->has_decided_at)
        wire_put_instant(&json, "decided_at", document->decided_at);
    if (document->result.len > 0) {
        wire_json_key(&json, document->state == WIRE_SUCCEEDED ? "result" : "problem");
        wire_json_raw(&json, document->result);
    }
    if (document->is_replay)
        wire_put_uuid(&json, "replay_of", &document->replay_of);
    wire_json_object_end(&json);
}

/* Members that are not known are passed over: workers may be newer than the ingress. */
static void document_read(struct wire_node *node, struct wire_document *document)
{
    int32_t state = WIRE_ACCEPTED;

    (void)wire_read_uuid(node, "command_id", WIRE_REQUIRED, &document->command_id);
    (void)wire_read_text(node, "type", WIRE_OPTIONAL, (struct wire_range){1, NAME_BYTES_MAX},
                         &document->type);
    (void)wire_read_word(node, "state", WIRE_REQUIRED, state_words, &state);
    document->state = (enum wire_state)state;
    document->has_accepted_at =
        wire_read_instant(node, "accepted_at", WIRE_OPTIONAL, &document->accepted_at);
    document->has_decided_at =
        wire_read_instant(node, "decided_at", WIRE_OPTIONAL, &document->decided_at);
    document->is_replay = wire_read_uuid(node, "replay_of", WIRE_OPTIONAL, &document->replay_of);
    if (!wire_peek_json(node, document->state == WIRE_SUCCEEDED ? "result" : "problem",
                        &document->result))
        node->faults->arena_full = true;
}

/* What is read of one is kept in the arena; `document` is zero. */
static bool element_read(const struct wire_element *element, struct fc_arena *arena,
                         struct wire_document *document)
{
    struct wire_faults faults;
    struct wire_node node;

    if (element->faulty)
        return false;
    wire_faults_init(&faults, arena);
    wire_node_begin(&node, element->text, &faults);
    document_read(&node, document);
    return faults.count == 0 && !faults.arena_full;
}

bool wire_documents_parse(struct fc_str bytes, struct fc_arena *arena,
                          struct wire_document **ret_documents, int32_t *ret_count)
{
    size_t mark = fc_arena_mark(arena);
    struct wire_document *documents = NULL;
    struct wire_element *elements;
    int32_t count;

    if (wire_scan_list(bytes, arena, &elements, &count) == WIRE_SCAN_ARRAY)
        documents = fc_arena_take(arena, (size_t)count, sizeof(*documents));
    bool good = documents != NULL;

    for (int32_t i = 0; good && i < count; i++)
        good = element_read(&elements[i], arena, &documents[i]);
    if (good) {
        *ret_documents = documents;
        *ret_count = count;
    } else {
        fc_arena_rewind(arena, mark);
    }
    return good;
}

/* Opens an object's text. */
static bool object_open(struct fc_str json, struct fc_arena *arena, struct wire_faults *faults,
                        struct wire_node *node)
{
    wire_faults_init(faults, arena);
    if (!wire_scan(json, faults))
        return false;
    wire_node_begin(node, json, faults);
    return faults->count == 0;
}

struct fc_str wire_member_text(struct fc_str json, const char *member, struct fc_arena *arena)
{
    size_t mark = fc_arena_mark(arena);
    struct fc_str text = FC_STR_NONE;
    struct wire_faults faults;
    struct wire_node node;

    if (!object_open(json, arena, &faults, &node) ||
        !fc_arena_copy(arena, wire_peek_text(&node, member), &text)) {
        fc_arena_rewind(arena, mark);
        text = FC_STR_NONE;
    }
    return text;
}

bool wire_member_i64(struct fc_str json, const char *member, int64_t *ret_value)
{
    /* Faults want an arena; what they say is not asked for here. */
    _Alignas(16) char memory[1024];
    struct wire_faults faults;
    struct fc_arena arena;
    struct wire_node node;

    fc_arena_init(&arena, memory, sizeof(memory));
    bool good = object_open(json, &arena, &faults, &node) &&
                wire_read_i64(&node, member, WIRE_REQUIRED,
                              (struct wire_range){INT64_MIN + 1, INT64_MAX - 1}, ret_value);

    return good;
}
