#include "support/bodies.h"

#include "support/expect.h"

#include "wire/command.h"

#include <string.h>

#define BODY_ARENA_BYTES (24 * 1024 * 1024)

struct fc_arena *body_arena(void)
{
    static _Alignas(16) char memory[BODY_ARENA_BYTES];
    static struct fc_arena arena;

    fc_arena_init(&arena, memory, sizeof(memory));
    return &arena;
}

void faults_text_put(struct fc_buf *buf, const struct wire_faults *faults)
{
    for (int32_t i = 0; i < faults->count && i < WIRE_FAULTS_MAX; i++) {
        fc_buf_put_text(buf, i > 0 ? "; " : "");
        fc_buf_put(buf, faults->items[i].pointer);
        fc_buf_put_text(buf, faults->items[i].pointer.len > 0 ? " " : "");
        fc_buf_put(buf, faults->items[i].detail);
    }
}

static struct fc_str body_outcome(const struct command *like, struct fc_str body,
                                  struct fc_arena *arena)
{
    struct command command = *like;
    struct wire_faults faults;
    struct fc_str text;

    wire_faults_init(&faults, arena);
    bool good = wire_body_parse(body, arena, &command, &faults);
    struct fc_buf buf = fc_arena_buf_begin(arena);

    assert_int_equal(good, faults.count == 0);
    if (good) {
        wire_body_put(&buf, &command);
    } else {
        fc_buf_put(&buf, FC_STR("! "));
        faults_text_put(&buf, &faults);
    }
    assert_true(fc_arena_buf_end(arena, &buf, &text));
    return text;
}

void body_cases_check(const struct command *command, const struct body_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct fc_arena *arena = body_arena();
        struct fc_str outcome = body_outcome(command, fc_str_of(cases[i].body), arena);

        if (!fc_str_eq(outcome, fc_str_of(cases[i].want)))
            fail_msg("row %zu: %s\n  gives  " FC_STR_FMT "\n  wanted %s", i, cases[i].body,
                     FC_STR_ARG(outcome), cases[i].want);
        if (outcome.ptr[0] == '{')
            assert_str_equal(body_outcome(command, outcome, arena), cases[i].want);
    }
}
