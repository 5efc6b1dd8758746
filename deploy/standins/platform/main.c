/*
 * firstcome-standin-platform: the data platform's end of the wire, for demonstrations and tests.
 *
 *   POST /events              NDJSON, signed; 200 {"taken":n}
 *   GET  /events?order_id=…   the order's different events in the order in which they came
 *   GET  /stats               what came so far
 *   GET, PUT /behaviour       how it misbehaves (platform/behaviour.h)
 */
#include "base/assert.h"
#include "common/standin.h"
#include "platform/behaviour.h"
#include "platform/signature.h"
#include "platform/store.h"
#include "wire/scan.h"

#include <stddef.h>

/* Of one message. */
#define MESSAGE_EVENTS_MAX 10000
#define SECRET_BYTES_MAX 128
#define ID_BYTES_MAX 128
#define READ_ARENA_BYTES (64 * 1024)

extern char **environ;

struct platform {
    struct signature_key key;
    int32_t seed;
    struct behaviour behaviour;
    struct store store;
    int64_t request_count;
    int64_t unsigned_count;
    int64_t refused_count; /* requests answered 4xx for what stood in them */
    /* How often the message in hand was tried. */
    char last_id[ID_BYTES_MAX];
    int32_t attempt;
};

/* --- an event --------------------------------------------------------------------------------- */

static bool event_read(struct fc_str json, struct fc_arena *arena, struct store_event *ret_event)
{
    struct wire_faults faults;
    struct wire_node node;
    struct wire_node data;

    wire_faults_init(&faults, arena);
    if (!wire_scan(json, &faults))
        return false;
    wire_node_begin(&node, json, &faults);
    (void)wire_read_uuid(&node, "id", WIRE_REQUIRED, &ret_event->id);
    (void)wire_read_i64(&node, "version", WIRE_REQUIRED, WIRE_IDS, &ret_event->version);
    (void)wire_read_object(&node, "data", WIRE_REQUIRED, &data);
    (void)wire_read_uuid(&data, "order_id", WIRE_REQUIRED, &ret_event->order_id);
    ret_event->json = json;
    return faults.count == 0;
}

/* A line of the file, at the start. */
static bool event_read_again(void *arg, struct fc_str json, struct store_event *ret_event)
{
    static char memory[READ_ARENA_BYTES];
    struct fc_arena arena;

    (void)arg;
    fc_arena_init(&arena, memory, sizeof(memory));
    return event_read(json, &arena, ret_event);
}

/* --- a message -------------------------------------------------------------------------------- */

struct message {
    struct store_event *events;
    int32_t count;
};

/* False with the answer, when it is not to be taken. */
static bool message_read(const struct platform *platform, const struct standin_request *request,
                         struct fc_buf *body, struct standin_answer *answer,
                         struct message *ret_message)
{
    struct fc_str rest = request->body;

    ret_message->count = 0;
    ret_message->events =
        fc_arena_take(request->arena, MESSAGE_EVENTS_MAX, sizeof(*ret_message->events));
    FC_ASSERT(ret_message->events != NULL);
    while (rest.len > 0) {
        struct fc_str line = fc_str_cut(&rest, '\n');
        size_t mark = fc_arena_mark(request->arena);
        struct store_event *event = &ret_message->events[ret_message->count];

        if (ret_message->count == MESSAGE_EVENTS_MAX) {
            standin_refuse(body, answer, 413, "too many events");
            return false;
        }
        if (!event_read(line, request->arena, event)) {
            standin_refuse(body, answer, 400, "a line is no event");
            return false;
        }
        fc_arena_rewind(request->arena, mark);
        if (behaviour_refuses(&platform->behaviour, &event->order_id)) {
            standin_refuse(body, answer, platform->behaviour.refuse_status,
                           "an event of an order that is refused");
            return false;
        }
        ret_message->count++;
    }
    return true;
}

/* Takes the first `count` events. */
static bool take(struct platform *platform, const struct message *message, int32_t count,
                 struct fc_buf *body, struct standin_answer *answer)
{
    struct fc_err err;

    for (int32_t i = 0; i < count; i++) {
        if (store_is_full(&platform->store)) {
            standin_refuse(body, answer, 507, "there is no room for more events");
            return false;
        }
        if (store_put(&platform->store, &message->events[i], &err) == FC_FAIL) {
            standin_refuse(body, answer, 507, err.text);
            return false;
        }
    }
    return true;
}

/* The attempts of a message follow each other: its sender waits for one before the next. */
static int32_t attempt_of(struct platform *platform, struct fc_str id)
{
    if (!fc_str_eq(fc_str_of(platform->last_id), id))
        platform->attempt = 0;
    (void)fc_str_copy(id, platform->last_id, sizeof(platform->last_id));
    return ++platform->attempt;
}

static bool is_signed(struct platform *platform, const struct standin_request *request,
                      struct fc_buf *body, struct standin_answer *answer)
{
    const struct signed_message message = {
        .id = standin_header(request, "webhook-id"),
        .timestamp = standin_header(request, "webhook-timestamp"),
        .signatures = standin_header(request, "webhook-signature"),
        .body = request->body,
    };
    const char *wrong = signature_check(&platform->key, &message, request->at);

    if (wrong == NULL)
        return true;
    platform->unsigned_count++;
    standin_refuse(body, answer, 401, wrong);
    return false;
}

static void events_post(struct platform *platform, const struct standin_request *request,
                        struct fc_buf *body, struct standin_answer *answer)
{
    struct fc_str id = standin_header(request, "webhook-id");
    const struct behaviour *behaviour = &platform->behaviour;
    struct message message;
    int32_t attempt;

    platform->request_count++;
    if (!is_signed(platform, request, body, answer))
        return;
    attempt = attempt_of(platform, id);
    if (nasty_draw(&behaviour->nasty, platform->seed, id, attempt, body, answer) == NASTY_FAIL)
        return;
    if (!message_read(platform, request, body, answer, &message)) {
        platform->refused_count++;
        return;
    }
    if (nasty_chance(platform->seed + 1, id, attempt) < behaviour->half_rate) {
        (void)take(platform, &message, message.count / 2, body, answer);
        answer->manner = STANDIN_DROP;
        return;
    }
    if (take(platform, &message, message.count, body, answer))
        fc_buf_put_fmt(body, "{\"taken\":%d}", (int)message.count);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void events_get(const struct platform *platform, const struct standin_request *request,
                       struct fc_buf *body, struct standin_answer *answer)
{
    struct fc_uuid order_id;
    struct fc_err err;

    if (!fc_uuid_parse(standin_arg(request, "order_id"), &order_id))
        standin_refuse(body, answer, 400, "order_id must be an order's id");
    else if (store_order_put(&platform->store, &order_id, body, &err) == FC_FAIL)
        standin_refuse(body, answer, 500, err.text);
}

static void stats_put(const struct platform *platform, struct fc_buf *body)
{
    const struct store *store = &platform->store;

    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {
        {"requests", platform->request_count}, {"unsigned", platform->unsigned_count},
        {"refused", platform->refused_count},  {"events", store->event_count},
        {"distinct", store->entry_count},      {"repeats", store->repeat_count},
        {"orders", store->order_count},        {"violations", store->violation_count},
    };
    struct wire_json json;

    wire_json_init(&json, body);
    wire_json_object_begin(&json);
    for (size_t i = 0; i < FC_ARRAY_COUNT(numbers); i++) {
        wire_json_key(&json, numbers[i].name);
        wire_json_i64(&json, numbers[i].value);
    }
    wire_json_object_end(&json);
}

static void behaviour_set(struct platform *platform, const struct standin_request *request,
                          struct fc_buf *body, struct standin_answer *answer)
{
    struct wire_faults faults;

    if (behaviour_parse(request->body, request->arena, &platform->behaviour, &faults))
        behaviour_put(body, &platform->behaviour);
    else
        standin_refuse(body, answer, 400, "no behaviour, see deploy/standins/platform");
}

/* --- the program ------------------------------------------------------------------------------ */

static void handle(void *arg, const struct standin_request *request, struct fc_buf *body,
                   struct standin_answer *ret_answer)
{
    struct platform *platform = arg;
    bool events = fc_str_eq(request->path, FC_STR("/events"));
    bool behaviour = fc_str_eq(request->path, FC_STR("/behaviour"));

    if (events && request->method == STANDIN_POST)
        events_post(platform, request, body, ret_answer);
    else if (events && request->method == STANDIN_GET)
        events_get(platform, request, body, ret_answer);
    else if (behaviour && request->method == STANDIN_PUT)
        behaviour_set(platform, request, body, ret_answer);
    else if (behaviour && request->method == STANDIN_GET)
        behaviour_put(body, &platform->behaviour);
    else if (fc_str_eq(request->path, FC_STR("/stats")) && request->method == STANDIN_GET)
        stats_put(platform, body);
    else
        standin_refuse(body, ret_answer, 404, "no such place");
}

static enum fc_rc start(void *arg, const struct standin_settings *settings, struct fc_err *ret_err)
{
    static char memory[READ_ARENA_BYTES];
    static const struct fc_setting row = {"FIRSTCOME_PLATFORM_SECRET",
                                          FC_SETTING_SECRET,
                                          0,
                                          SECRET_BYTES_MAX,
                                          NULL,
                                          1,
                                          SECRET_BYTES_MAX - 1,
                                          "what messages to it are signed with"};
    struct platform *platform = arg;
    struct fc_arena arena;
    struct wire_faults faults;
    char secret[SECRET_BYTES_MAX];

    fc_arena_init(&arena, memory, sizeof(memory));
    platform->seed = settings->seed;
    if (fc_config_read(&row, 1, environ, secret, ret_err) == FC_FAIL ||
        signature_key_parse(fc_str_of(secret), &platform->key, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (!behaviour_parse(fc_str_of(settings->behaviour), &arena, &platform->behaviour, &faults))
        return fc_err_set(ret_err, FC_CURE_EXIT, "FIRSTCOME_STANDIN_BEHAVIOUR",
                          "FIRSTCOME_STANDIN_BEHAVIOUR is no behaviour");
    return store_open(&platform->store, settings->file, event_read_again, NULL, ret_err);
}

int main(int argc, char **argv)
{
    static struct platform platform;
    const struct standin_program program = {
        .name = "firstcome-standin-platform",
        .sentence = "Plays the data platform: takes signed events, keeps them, can be nasty.",
        .arg = &platform,
        .start = start,
        .handle = handle,
    };

    return standin_main(argc, argv, &program);
}
