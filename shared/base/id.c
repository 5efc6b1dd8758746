#include "base/id.h"

#include "base/assert.h"
#include "base/limits.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

static void hex_set(char *text, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text[2 * i] = hex_digits[bytes[i] >> 4];
        text[2 * i + 1] = hex_digits[bytes[i] & 15];
    }
}

void fc_uuid_text(const struct fc_uuid *id, char ret_text[FC_UUID_TEXT_BYTES])
{
    hex_set(ret_text, id->bytes, 4);
    ret_text[8] = '-';
    hex_set(ret_text + 9, id->bytes + 4, 2);
    ret_text[13] = '-';
    hex_set(ret_text + 14, id->bytes + 6, 2);
    ret_text[18] = '-';
    hex_set(ret_text + 19, id->bytes + 8, 2);
    ret_text[23] = '-';
    hex_set(ret_text + 24, id->bytes + 10, 6);
}

void fc_uuid_put(struct fc_buf *buf, const struct fc_uuid *id)
{
    char *text = fc_buf_take(buf, FC_UUID_TEXT_BYTES);

    if (text != NULL)
        fc_uuid_text(id, text);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool fc_uuid_parse(struct fc_str text, struct fc_uuid *ret_id)
{
    struct fc_uuid id;
    size_t at = 0;

    if (text.len != FC_UUID_TEXT_BYTES)
        return false;
    for (size_t i = 0; i < sizeof(id.bytes); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            if (text.ptr[at++] != '-')
                return false;
        int high = hex_value(text.ptr[at++]);
        int low = hex_value(text.ptr[at++]);

        if (high < 0 || low < 0)
            return false;
        id.bytes[i] = (uint8_t)(high << 4 | low);
    }
    *ret_id = id;
    return true;
}

bool fc_uuid_eq(const struct fc_uuid *a, const struct fc_uuid *b)
{
    return fc_uuid_cmp(a, b) == 0;
}

bool fc_uuid_is_zero(const struct fc_uuid *id)
{
    static const struct fc_uuid zero;

    return fc_uuid_eq(id, &zero);
}

int fc_uuid_cmp(const struct fc_uuid *a, const struct fc_uuid *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

static void put_u32(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

struct fc_uuid fc_uuid_v8(struct fc_instant at, uint32_t count, uint32_t chance)
{
    struct fc_uuid id = {{0}};
    uint64_t ms = (uint64_t)(at.us / 1000);

    FC_ASSERT(at.us >= 0);
    FC_ASSERT(count < 4096);
    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)(ms >> (40 - 8 * i));
    id.bytes[6] = (uint8_t)(0x80 | count >> 8);
    id.bytes[7] = (uint8_t)count;
    put_u32(id.bytes + 8, (chance & 0x3FFFFFFFu) | 0x80000000u);
    return id;
}

uint32_t fc_uuid_mac(const struct fc_uuid *id)
{
    const uint8_t *tail = id->bytes + 12;

    return (uint32_t)tail[0] << 24 | (uint32_t)tail[1] << 16 | (uint32_t)tail[2] << 8 | tail[3];
}

void fc_uuid_mac_set(struct fc_uuid *id, uint32_t mac)
{
    put_u32(id->bytes + 12, mac);
}

/* SplitMix64's finalizer (Steele, Lea and Flood, 2014). */
static uint64_t mix(uint64_t z)
{
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static uint64_t get_u64(const uint8_t *bytes)
{
    uint64_t value = 0;

    for (int i = 0; i < 8; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* Lays 74 bits of two hashes out behind the first 48 bits. */
static void put_hashes(struct fc_uuid *id, uint64_t first, uint64_t second)
{
    id->bytes[6] = (uint8_t)(0x80 | (first >> 8 & 0x0F));
    id->bytes[7] = (uint8_t)first;
    put_u32(id->bytes + 8, (uint32_t)(second >> 32 & 0x3FFFFFFFu) | 0x80000000u);
    put_u32(id->bytes + 12, (uint32_t)second);
}

struct fc_uuid fc_uuid_event(const struct fc_uuid *command_id, uint32_t index)
{
    struct fc_uuid id = *command_id;
    uint64_t low = get_u64(id.bytes + 8);
    uint64_t first = mix(get_u64(id.bytes) ^ mix(low + (index + 1) * 0x9E3779B97F4A7C15u));
    uint64_t second = mix(low ^ mix(first));

    put_hashes(&id, first, second);
    return id;
}

#define FNV_BASIS 14695981039346656037u
#define FNV_PRIME 1099511628211u

/* FNV-1a, going on from `hash`. */
static uint64_t fnv(uint64_t hash, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;

    for (size_t i = 0; i < count; i++) {
        hash ^= at[i];
        hash *= FNV_PRIME;
    }
    return hash;
}

struct fc_uuid fc_uuid_named(struct fc_instant at, struct fc_str name, uint32_t index)
{
    uint64_t us = (uint64_t)at.us;
    struct fc_uuid id = fc_uuid_v8(at, 0, 0);
    uint64_t first = mix(fnv(FNV_BASIS, name.ptr, name.len) ^ mix(us));
    uint64_t second = mix(first + (index + 1) * 0x9E3779B97F4A7C15u);

    put_hashes(&id, mix(second ^ us), second);
    return id;
}

int64_t fc_id_derive(const struct fc_uuid *command_id, uint32_t index)
{
    struct fc_uuid seed = fc_uuid_event(command_id, index);
    uint64_t hash = fnv(FNV_BASIS, seed.bytes, sizeof(seed.bytes));
    int64_t id = (int64_t)((hash ^ hash >> 53) & (uint64_t)ID_MAX);

    return id == 0 ? 1 : id;
}
