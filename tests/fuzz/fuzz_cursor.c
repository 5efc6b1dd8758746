/* A cursor as text; and a cursor made of the bytes, written and read. */
#include "support/fuzz.h"

#include "producer/cursor.h"

#include <string.h>

static bool is_same(const struct cursor *a, const struct cursor *b)
{
    return a->number == b->number && a->id == b->id && fc_uuid_eq(&a->uuid, &b->uuid) &&
           a->text_len == b->text_len && memcmp(a->text, b->text, a->text_len) == 0;
}

static void check_text(struct fc_str text)
{
    char memory[CURSOR_TEXT_MAX];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct cursor cursor;

    if (!cursor_parse(text, 0, &cursor))
        return;
    FC_ASSERT(cursor.text_len <= NAME_BYTES_MAX);
    cursor_put(&buf, &cursor, 0);
    FC_ASSERT(!buf.overflow && fc_str_eq(fc_buf_str(&buf), text));
}

static int64_t take(const uint8_t *data)
{
    uint64_t value = 0;

    for (int32_t i = 0; i < 8; i++)
        value = value << 8 | data[i];
    return (int64_t)value;
}

static void check_made(const uint8_t *data, size_t size)
{
    char memory[CURSOR_TEXT_MAX];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct cursor cursor = {.number = 0};
    struct cursor read;

    if (size < 32 || size - 32 > NAME_BYTES_MAX)
        return;
    cursor.number = take(data);
    cursor.id = take(data + 8);
    memcpy(cursor.uuid.bytes, data + 16, 16);
    memcpy(cursor.text, data + 32, size - 32);
    cursor.text_len = size - 32;
    cursor_put(&buf, &cursor, size);
    FC_ASSERT(!buf.overflow);
    if (cursor.number < 0 || cursor.number > ID_MAX || cursor.id < 0 || cursor.id > ID_MAX ||
        !fc_str_is_utf8((struct fc_str){cursor.text, cursor.text_len})) {
        FC_ASSERT(!cursor_parse(fc_buf_str(&buf), size, &read));
        return;
    }
    FC_ASSERT(cursor_parse(fc_buf_str(&buf), size, &read) && is_same(&cursor, &read));
    FC_ASSERT(!cursor_parse(fc_buf_str(&buf), size + 1, &read));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_text(fuzz_text(data, size));
    check_made(data, size);
    return 0;
}
