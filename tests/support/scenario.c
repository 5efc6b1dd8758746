#include "support/scenario_line.h"

#include "support/expect.h"
#include "support/shop_memory.h"

#include <stdio.h>

#define SCENARIO_ARENA_BYTES (1024 * 1024)

static _Alignas(16) char scenario_memory[SCENARIO_ARENA_BYTES];

void scenario_fail(const struct scenario *scenario, const char *format, ...)
{
    char reason[512];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(reason, sizeof(reason), format, args);
    va_end(args);
    print_error("line %d: " FC_STR_FMT "\n    %s\n", scenario->line, FC_STR_ARG(scenario->text),
                reason);
    _fail(scenario->file, scenario->file_line);
    FC_UNREACHABLE("cmocka has left the test");
}

struct fc_str scenario_word(struct scenario *scenario)
{
    struct fc_str word = FC_STR_NONE;

    while (word.len == 0 && scenario->rest.len > 0)
        word = fc_str_cut(&scenario->rest, ' ');
    return word;
}

int64_t scenario_number_of(const struct scenario *scenario, struct fc_str text)
{
    int64_t number = 0;

    if (!fc_str_to_i64(text, INT64_MIN, INT64_MAX, &number))
        scenario_fail(scenario, "\"" FC_STR_FMT "\" is no number", FC_STR_ARG(text));
    return number;
}

int64_t scenario_number(struct scenario *scenario)
{
    return scenario_number_of(scenario, scenario_word(scenario));
}

struct fc_instant scenario_time(struct scenario *scenario)
{
    return (struct fc_instant){scenario_number(scenario) * FC_US_PER_S};
}

int64_t scenario_id(struct scenario *scenario, char letter)
{
    struct fc_str word = scenario_word(scenario);

    if (word.len < 2 || word.ptr[0] != letter)
        scenario_fail(scenario, "\"" FC_STR_FMT "\" is none of %c1, %c2…", FC_STR_ARG(word), letter,
                      letter);
    return scenario_number_of(scenario, (struct fc_str){word.ptr + 1, word.len - 1});
}

struct fc_uuid scenario_uuid(int64_t number)
{
    struct fc_uuid id = {{0xC0}};

    for (int i = 0; i < 8; i++)
        id.bytes[4 + i] = (uint8_t)(number >> (56 - 8 * i));
    return id;
}

struct fc_str scenario_name(struct scenario *scenario, char letter, int64_t id)
{
    struct fc_buf buf = fc_arena_buf_begin(&scenario->arena);
    struct fc_str name = FC_STR_NONE;

    fc_buf_put_char(&buf, letter);
    fc_buf_put_i64(&buf, id);
    if (!fc_arena_buf_end(&scenario->arena, &buf, &name))
        scenario_fail(scenario, "the arena is full");
    return name;
}

bool scenario_is(struct fc_str word, const char *text)
{
    return fc_str_eq(word, fc_str_of(text));
}

void scenario_unknown(const struct scenario *scenario, struct fc_str word)
{
    scenario_fail(scenario, "\"" FC_STR_FMT "\" means nothing here", FC_STR_ARG(word));
}

bool scenario_status(struct fc_str word, enum coupon_status *ret_status)
{
    if (scenario_is(word, "available"))
        *ret_status = COUPON_AVAILABLE;
    else if (scenario_is(word, "used"))
        *ret_status = COUPON_USED;
    else if (scenario_is(word, "expired"))
        *ret_status = COUPON_EXPIRED;
    else if (scenario_is(word, "cancelled"))
        *ret_status = COUPON_CANCELLED;
    else
        return false;
    return true;
}

void *scenario_take(struct scenario *scenario, size_t count, size_t size)
{
    void *memory = fc_arena_take(&scenario->arena, count, size);

    if (memory == NULL)
        scenario_fail(scenario, "the arena is full");
    return memory;
}

static void load_anew(struct scenario *scenario)
{
    struct shop stored = scenario->shop;

    shop_init(&scenario->shop, &scenario->arena, 2);
    shop_memory_load(&stored, &scenario->shop);
}

static void run_line(struct scenario *scenario)
{
    struct fc_str word = scenario_word(scenario);

    if (scenario_is(word, "ask"))
        scenario_ask(scenario);
    else if (scenario_is(word, "at"))
        scenario->accepted_at = scenario->decided_at = scenario_time(scenario);
    else if (scenario_is(word, "decided_at"))
        scenario->decided_at = scenario_time(scenario);
    else if (scenario_is(word, "batch"))
        load_anew(scenario);
    else if (word.len > 0 && !scenario_put(scenario, word) && !scenario_check(scenario, word) &&
             !scenario_check_order(scenario, word))
        scenario_unknown(scenario, word);
    word = scenario_word(scenario);
    if (word.len > 0)
        scenario_unknown(scenario, word);
}

void scenario_run(const char *table, const char *file, int file_line)
{
    struct scenario scenario = {.policy = policy_default(), .file = file, .file_line = file_line};
    struct fc_str lines = fc_str_of(table);

    fc_arena_init(&scenario.arena, scenario_memory, sizeof(scenario_memory));
    shop_init(&scenario.shop, &scenario.arena, 2);
    while (lines.len > 0) {
        scenario.text = scenario.rest = fc_str_cut(&lines, '\n');
        scenario.line++;
        run_line(&scenario);
    }
}
