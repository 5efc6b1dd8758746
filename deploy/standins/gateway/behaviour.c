#include "gateway/behaviour.h"

#include "base/assert.h"
#include "wire/scan.h"

#define LATE_MS_MAX 3600000

#define SLOW_MS 1000
#define PENDING_MS 2000
#define LATE_MS 30000
#define FAIL_RATE 50
#define NOT_GIVEN (-1)

enum mode {
    MODE_NORMAL,
    MODE_SLOW,
    MODE_FAIL,
    MODE_HANG,
    MODE_DROP,
    MODE_DECLINE,
    MODE_PENDING,
    MODE_ANSWER_LATE,
    MODE_TWICE,
    MODE_DOWN
};

static const char *const mode_names[] = {"normal", "slow",    "fail",    "hang",
                                         "drop",   "decline", "pending", "answer_late",
                                         "twice",  "down",    NULL};
static const char *const only_names[] = {"all", "ask", "look", "void", NULL};

const char *behaviour_only_name(enum only only)
{
    return only_names[only];
}

static void read_ms(struct wire_node *node, const char *name, int32_t *ret_ms)
{
    int64_t value;

    if (wire_read_i64(node, name, WIRE_OPTIONAL, (struct wire_range){0, LATE_MS_MAX}, &value))
        *ret_ms = (int32_t)value;
}

/* What was not said more exactly. */
static void preset(int32_t *number, int32_t value)
{
    if (*number == 0)
        *number = value;
}

static void apply_mode(enum mode mode, int64_t given, struct behaviour *behaviour)
{
    int32_t rate = given == NOT_GIVEN ? 100 : (int32_t)given;

    switch (mode) {
    case MODE_NORMAL:
        return;
    case MODE_SLOW:
        preset(&behaviour->nasty.delay_ms, SLOW_MS);
        return;
    case MODE_FAIL:
        preset(&behaviour->nasty.fail_rate, given == NOT_GIVEN ? FAIL_RATE : rate);
        return;
    case MODE_HANG:
        preset(&behaviour->nasty.hang_rate, rate);
        return;
    case MODE_DROP:
        preset(&behaviour->nasty.drop_rate, rate);
        return;
    case MODE_DECLINE:
        if (behaviour->decline_above < 0)
            preset(&behaviour->decline_rate, rate);
        return;
    case MODE_PENDING:
        preset(&behaviour->pending_ms, PENDING_MS);
        return;
    case MODE_ANSWER_LATE:
        preset(&behaviour->late_ms, LATE_MS);
        return;
    case MODE_TWICE:
        behaviour->twice = true;
        return;
    case MODE_DOWN:
        behaviour->nasty.down = true;
        return;
    }
    FC_UNREACHABLE("no such mode");
}

bool behaviour_parse(struct fc_str json, struct fc_arena *arena, struct behaviour *ret_behaviour,
                     struct fc_str *ret_reason)
{
    struct behaviour behaviour = {.decline_above = -1};
    struct wire_faults faults;
    struct wire_node node;
    int32_t only = ONLY_ALL;
    int32_t mode = MODE_NORMAL;
    int64_t decline_rate = 0;
    int64_t rate = NOT_GIVEN;

    wire_faults_init(&faults, arena);
    if (wire_scan(json, &faults)) {
        wire_node_begin(&node, json, &faults);
        nasty_read(&node, &behaviour.nasty);
        (void)wire_read_word(&node, "only", WIRE_OPTIONAL, only_names, &only);
        (void)wire_read_i64(&node, "decline_above", WIRE_OPTIONAL,
                            (struct wire_range){-1, AMOUNT_KRW_MAX}, &behaviour.decline_above);
        (void)wire_read_i64(&node, "decline_rate", WIRE_OPTIONAL, (struct wire_range){0, 100},
                            &decline_rate);
        (void)wire_read_word(&node, "mode", WIRE_OPTIONAL, mode_names, &mode);
        (void)wire_read_i64(&node, "rate", WIRE_OPTIONAL, (struct wire_range){0, 100}, &rate);
        read_ms(&node, "late_ms", &behaviour.late_ms);
        read_ms(&node, "pending_ms", &behaviour.pending_ms);
        (void)wire_read_bool(&node, "twice", WIRE_OPTIONAL, &behaviour.twice);
        wire_node_end(&node);
    }
    behaviour.only = (enum only)only;
    behaviour.decline_rate = (int32_t)decline_rate;
    apply_mode((enum mode)mode, rate, &behaviour);
    *ret_reason = faults.count > 0 ? faults.items[0].detail : FC_STR_NONE;
    *ret_behaviour = behaviour;
    return faults.count == 0;
}

static void put_i64(struct wire_json *json, const char *name, int64_t value)
{
    wire_json_key(json, name);
    wire_json_i64(json, value);
}

void behaviour_put(struct fc_buf *body, const struct behaviour *behaviour)
{
    struct wire_json json;

    wire_json_init(&json, body);
    wire_json_object_begin(&json);
    nasty_put(&json, &behaviour->nasty);
    wire_json_key(&json, "only");
    wire_json_str(&json, fc_str_of(only_names[behaviour->only]));
    put_i64(&json, "decline_above", behaviour->decline_above);
    put_i64(&json, "decline_rate", behaviour->decline_rate);
    put_i64(&json, "late_ms", behaviour->late_ms);
    put_i64(&json, "pending_ms", behaviour->pending_ms);
    wire_json_key(&json, "twice");
    wire_json_bool(&json, behaviour->twice);
    wire_json_object_end(&json);
}
