#include "common/nasty.h"

#define PERCENT ((struct wire_range){0, 100})
#define DELAY_MS_MAX 600000
#define FIRST_MAX 1000000
#define RETRY_AFTER_S_MAX 86400

void nasty_init(struct nasty *nasty)
{
    *nasty = (struct nasty){.fail_status = 500, .retry_after_s = -1};
}

static void read_i32(struct wire_node *node, const char *name, struct wire_range range,
                     int32_t *ret_value)
{
    int64_t value;

    if (wire_read_i64(node, name, WIRE_OPTIONAL, range, &value))
        *ret_value = (int32_t)value;
}

void nasty_read(struct wire_node *node, struct nasty *ret_nasty)
{
    nasty_init(ret_nasty);
    (void)wire_read_bool(node, "down", WIRE_OPTIONAL, &ret_nasty->down);
    read_i32(node, "delay_ms", (struct wire_range){0, DELAY_MS_MAX}, &ret_nasty->delay_ms);
    read_i32(node, "fail_rate", PERCENT, &ret_nasty->fail_rate);
    read_i32(node, "fail_status", (struct wire_range){400, 599}, &ret_nasty->fail_status);
    read_i32(node, "retry_after_s", (struct wire_range){-1, RETRY_AFTER_S_MAX},
             &ret_nasty->retry_after_s);
    read_i32(node, "drop_rate", PERCENT, &ret_nasty->drop_rate);
    read_i32(node, "hang_rate", PERCENT, &ret_nasty->hang_rate);
    read_i32(node, "first", (struct wire_range){0, FIRST_MAX}, &ret_nasty->first);
}

static void put_i32(struct wire_json *json, const char *name, int32_t value)
{
    wire_json_key(json, name);
    wire_json_i64(json, value);
}

void nasty_put(struct wire_json *json, const struct nasty *nasty)
{
    wire_json_key(json, "down");
    wire_json_bool(json, nasty->down);
    put_i32(json, "delay_ms", nasty->delay_ms);
    put_i32(json, "fail_rate", nasty->fail_rate);
    put_i32(json, "fail_status", nasty->fail_status);
    put_i32(json, "retry_after_s", nasty->retry_after_s);
    put_i32(json, "drop_rate", nasty->drop_rate);
    put_i32(json, "hang_rate", nasty->hang_rate);
    put_i32(json, "first", nasty->first);
}

/* 64-bit FNV-1a over all of it, mixed so that neighbours differ in every bit. */
int32_t nasty_chance(int32_t seed, struct fc_str thing, int32_t number)
{
    uint64_t hash = 0xCBF29CE484222325u ^ (uint64_t)(uint32_t)seed;

    for (size_t i = 0; i < thing.len; i++)
        hash = (hash ^ (unsigned char)thing.ptr[i]) * 0x100000001B3u;
    hash = (hash ^ (uint64_t)(uint32_t)number) * 0x100000001B3u;
    hash = (hash ^ hash >> 30) * 0xBF58476D1CE4E5B9u;
    hash = (hash ^ hash >> 27) * 0x94D049BB133111EBu;
    return (int32_t)((hash ^ hash >> 31) % 100);
}

enum nasty_fate nasty_draw(const struct nasty *nasty, int32_t seed, struct fc_str thing,
                           int32_t attempt, struct fc_buf *body, struct standin_answer *answer)
{
    int32_t chance = nasty_chance(seed, thing, attempt);
    int32_t fail_below = nasty->fail_rate;
    int32_t drop_below = fail_below + nasty->drop_rate;
    int32_t hang_below = drop_below + nasty->hang_rate;

    answer->delay_ms = nasty->delay_ms;
    if (nasty->down) {
        answer->retry_after_s = nasty->retry_after_s;
        standin_refuse(body, answer, 503, "out of service");
        return NASTY_FAIL;
    }
    if (nasty->first > 0 && attempt > nasty->first)
        return NASTY_NOT;
    if (chance < fail_below) {
        answer->retry_after_s = nasty->retry_after_s;
        standin_refuse(body, answer, nasty->fail_status, "a failure that was asked for");
        return NASTY_FAIL;
    }
    if (chance < drop_below) {
        answer->manner = STANDIN_DROP;
        return NASTY_MUTE;
    }
    if (chance < hang_below) {
        answer->manner = STANDIN_HANG;
        return NASTY_MUTE;
    }
    return NASTY_NOT;
}
