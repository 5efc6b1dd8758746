#include "producer/cursor.h"

#include "base/assert.h"
#include "base/index.h"

#include <string.h>

/* sum (8), number (8), id (8), uuid (16), text */
#define CURSOR_HEAD_BYTES 40
#define CURSOR_BYTES_MAX (CURSOR_HEAD_BYTES + NAME_BYTES_MAX)

static_assert(CURSOR_TEXT_MAX >= (CURSOR_BYTES_MAX + 2) / 3 * 4, "the longest cursor fits");

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void put_u64(char *bytes, uint64_t value)
{
    for (int32_t i = 0; i < 8; i++)
        bytes[i] = (char)(unsigned char)(value >> (56 - 8 * i));
}

static uint64_t get_u64(const char *bytes)
{
    uint64_t value = 0;

    for (int32_t i = 0; i < 8; i++)
        value = value << 8 | (unsigned char)bytes[i];
    return value;
}

static uint64_t sum_of(const char *bytes, size_t len, uint64_t scope)
{
    uint64_t hash = fc_hash_str((struct fc_str){bytes + 8, len - 8});

    return fc_hash_pair((int64_t)hash, (int64_t)scope);
}

void cursor_put(struct fc_buf *buf, const struct cursor *cursor, uint64_t scope)
{
    char bytes[CURSOR_BYTES_MAX];
    size_t len = CURSOR_HEAD_BYTES + cursor->text_len;
    uint32_t bits = 0;
    int32_t bit_count = 0;

    FC_ASSERT(cursor->text_len <= NAME_BYTES_MAX);
    put_u64(bytes + 8, (uint64_t)cursor->number);
    put_u64(bytes + 16, (uint64_t)cursor->id);
    memcpy(bytes + 24, cursor->uuid.bytes, 16);
    memcpy(bytes + CURSOR_HEAD_BYTES, cursor->text, cursor->text_len);
    put_u64(bytes, sum_of(bytes, len, scope));
    for (size_t i = 0; i < len; i++) {
        bits = (bits << 8 | (unsigned char)bytes[i]) & 0xFFFFF;
        for (bit_count += 8; bit_count >= 6; bit_count -= 6)
            fc_buf_put_char(buf, digits[bits >> (bit_count - 6) & 63]);
    }
    if (bit_count > 0)
        fc_buf_put_char(buf, digits[bits << (6 - bit_count) & 63]);
}

/* The bytes behind the digits; false for another character or bits left over that are not 0. */
static bool decode(struct fc_str text, char *memory, size_t *ret_len)
{
    size_t len = 0;
    uint32_t bits = 0;
    int32_t bit_count = 0;

    if (text.len > CURSOR_TEXT_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        const char *digit = text.ptr[i] == '\0' ? NULL : strchr(digits, text.ptr[i]);

        if (digit == NULL)
            return false;
        bits = (bits << 6 | (uint32_t)(digit - digits)) & 0xFFFFF;
        bit_count += 6;
        if (bit_count >= 8) {
            if (len == CURSOR_BYTES_MAX)
                return false;
            bit_count -= 8;
            memory[len++] = (char)(unsigned char)(bits >> bit_count & 0xFF);
        }
    }
    *ret_len = len;
    return bit_count < 6 && (bits & ((1U << bit_count) - 1)) == 0;
}

/* Anybody can compute the sum: what PostgreSQL has no instant or text for must not come through. */
static bool is_position(int64_t number, int64_t id, struct fc_str text)
{
    return number >= 0 && number <= ID_MAX && id >= 0 && id <= ID_MAX && fc_str_is_utf8(text);
}

bool cursor_parse(struct fc_str text, uint64_t scope, struct cursor *ret_cursor)
{
    char bytes[CURSOR_BYTES_MAX];
    size_t len;

    if (!decode(text, bytes, &len) || len < CURSOR_HEAD_BYTES)
        return false;
    if (get_u64(bytes) != sum_of(bytes, len, scope))
        return false;
    int64_t number = (int64_t)get_u64(bytes + 8);
    int64_t id = (int64_t)get_u64(bytes + 16);
    struct fc_str name = {bytes + CURSOR_HEAD_BYTES, len - CURSOR_HEAD_BYTES};

    if (!is_position(number, id, name))
        return false;
    ret_cursor->number = number;
    ret_cursor->id = id;
    memcpy(ret_cursor->uuid.bytes, bytes + 24, 16);
    ret_cursor->text_len = name.len;
    memcpy(ret_cursor->text, name.ptr, name.len);
    return true;
}
