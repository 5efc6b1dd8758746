#include "wire/problem.h"

#include "base/assert.h"
#include "wire/words.h"

#include <stdarg.h>

#define FAULT_DETAIL_BYTES_MAX 256

void wire_faults_init(struct wire_faults *faults, struct fc_arena *arena)
{
    FC_ASSERT(arena != NULL);
    /* The items are not cleared: a list is made for every command, and mostly stays empty. */
    faults->arena = arena;
    faults->count = 0;
    faults->no_json = false;
    faults->arena_full = false;
}

void wire_fault_add(struct wire_faults *faults, struct fc_str pointer, const char *format, ...)
{
    char text[FAULT_DETAIL_BYTES_MAX];
    struct wire_fault fault;
    va_list args;

    faults->count++;
    if (faults->count > WIRE_FAULTS_MAX)
        return;
    va_start(args, format);
    /* The builtin, as this floor does without <stdio.h>. */
    int len = __builtin_vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    FC_ASSERT(len >= 0);
    struct fc_str detail = {text, (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1};

    /* Not to end within a character. */
    while (!fc_str_is_utf8(detail) && detail.len > 0)
        detail.len--;
    if (!fc_arena_copy(faults->arena, pointer, &fault.pointer) ||
        !fc_arena_copy(faults->arena, detail, &fault.detail)) {
        fault = (struct wire_fault){FC_STR(""), FC_STR("is not valid")};
        faults->arena_full = true;
    }
    faults->items[faults->count - 1] = fault;
}

void wire_problem_put(struct fc_buf *buf, const struct wire_problem *problem, struct fc_str detail,
                      const struct wire_faults *faults)
{
    struct wire_json json;

    FC_ASSERT(problem != NULL);
    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    wire_json_key(&json, "type");
    fc_buf_put(buf, FC_STR("\"" WIRE_PROBLEM_TYPE_PREFIX));
    fc_buf_put_text(buf, problem->code);
    fc_buf_put_char(buf, '"');
    json.comma = true;
    wire_put_word(&json, "title", problem->title);
    wire_put_int(&json, "status", problem->status);
    wire_put_str(&json, "detail", detail);
    wire_put_word(&json, "code", problem->code);
    if (faults != NULL && faults->count > 0) {
        int32_t kept = faults->count < WIRE_FAULTS_MAX ? faults->count : WIRE_FAULTS_MAX;

        wire_json_key(&json, "errors");
        wire_json_array_begin(&json);
        for (int32_t i = 0; i < kept; i++) {
            wire_json_object_begin(&json);
            wire_put_str(&json, "pointer", faults->items[i].pointer);
            wire_put_str(&json, "detail", faults->items[i].detail);
            wire_json_object_end(&json);
        }
        wire_json_array_end(&json);
    }
    wire_json_object_end(&json);
}
