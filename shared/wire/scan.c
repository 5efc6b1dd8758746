#include "wire/scan.h"

#include "base/assert.h"
#include "base/limits.h"
#include "base/word.h"
#include "wire/token.h"

#include <inttypes.h>

#define NAME_DECODED_BYTES_MAX 128

static bool deeper(struct wire_scan *scan)
{
    static_assert(JSON_DEPTH_MAX == 16, "the sentence names the bound");
    if (++scan->depth > JSON_DEPTH_MAX)
        return wire_token_no_json(scan, "is nested deeper than 16 levels");
    return true;
}

static bool scan_value(struct wire_scan *scan, const struct wire_place *place);

/* Names of less than eight bytes, which hold no NUL, differ in it for certain. */
static uint64_t hash_name(struct fc_str name)
{
    uint64_t hash = name.len;
    uint64_t word = 0;

    for (; name.len >= FC_WORD_BYTES; name.ptr += FC_WORD_BYTES, name.len -= FC_WORD_BYTES) {
        hash = (hash ^ fc_word_load(name.ptr)) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    for (size_t i = 0; i < name.len; i++)
        word = word << 8 | (unsigned char)name.ptr[i];
    return hash ^ word;
}

/* By what the name means, as long as that is not longer than the bound. */
static uint64_t hash_escaped(struct fc_str name)
{
    char memory[NAME_DECODED_BYTES_MAX];
    struct fc_buf decoded = fc_buf_of(memory, sizeof(memory));

    (void)wire_token_decode((struct fc_str){name.ptr - 1, name.len + 2}, &decoded);
    return hash_name(decoded.overflow ? name : fc_buf_str(&decoded));
}

/* Up to the value of a member; *ret_hash is the same for names that mean the same. */
static bool scan_name(struct wire_scan *scan, const struct wire_place *object,
                      struct fc_str *ret_name, uint64_t *ret_hash)
{
    if (wire_token_peek(scan) != '"')
        return wire_token_no_json(scan, "has no name where a member belongs");
    const char *name = scan->at + 1;

    if (!wire_token_string(scan, object, NULL))
        return false;
    const char *end = scan->at - 1;

    *ret_name = (struct fc_str){name, (size_t)(end - name)};
    *ret_hash =
        wire_token_pass_plain(name, end) == end ? hash_name(*ret_name) : hash_escaped(*ret_name);
    if (wire_token_peek(scan) != ':')
        return wire_token_no_json(scan, "has no colon behind a member's name");
    scan->at++;
    return true;
}

static bool among(const uint64_t *hashes, int32_t count, uint64_t hash)
{
    for (int32_t i = 0; i < count; i++)
        if (hashes[i] == hash)
            return true;
    return false;
}

static bool scan_object(struct wire_scan *scan, const struct wire_place *place)
{
    uint64_t hashes[WIRE_MEMBERS_MAX];
    int32_t count = 0;

    scan->at++;
    if (!deeper(scan))
        return false;
    bool empty = wire_token_peek(scan) == '}';

    while (!empty) {
        struct wire_place member = {place, FC_STR_NONE, 0};
        uint64_t hash = 0;

        if (!scan_name(scan, place, &member.name, &hash))
            return false;
        if (count == WIRE_MEMBERS_MAX)
            wire_token_fault(scan, place, "must not hold so many members");
        else if (count < WIRE_MEMBERS_MAX && among(hashes, count, hash))
            wire_token_fault(scan, &member, "must be named once");
        /* One past the bound says that this was told. */
        if (count < WIRE_MEMBERS_MAX)
            hashes[count] = hash;
        if (count <= WIRE_MEMBERS_MAX)
            count++;
        if (!scan_value(scan, &member))
            return false;
        char c = wire_token_peek(scan);

        if (c == '}')
            break;
        if (c != ',')
            return wire_token_no_json(scan, "has an object that is not closed");
        scan->at++;
    }
    scan->at++;
    scan->depth--;
    return true;
}

static bool scan_array(struct wire_scan *scan, const struct wire_place *place)
{
    struct wire_place item = {place, FC_STR_NONE, 0};

    scan->at++;
    if (!deeper(scan))
        return false;
    bool empty = wire_token_peek(scan) == ']';

    while (!empty) {
        if (!scan_value(scan, &item))
            return false;
        char c = wire_token_peek(scan);

        if (c == ']')
            break;
        if (c != ',')
            return wire_token_no_json(scan, "has an array that is not closed");
        scan->at++;
        item.index++;
    }
    scan->at++;
    scan->depth--;
    return true;
}

static bool scan_value(struct wire_scan *scan, const struct wire_place *place)
{
    switch (wire_token_peek(scan)) {
    case '{':
        return scan_object(scan, place);
    case '[':
        return scan_array(scan, place);
    case '"':
        return wire_token_string(scan, place, NULL);
    case 't':
        return wire_token_literal(scan, FC_STR("true"));
    case 'f':
        return wire_token_literal(scan, FC_STR("false"));
    case 'n':
        return wire_token_literal(scan, FC_STR("null"));
    case '\0':
        return wire_token_no_json(scan, "ends where a value belongs");
    default:
        break;
    }
    if (*scan->at != '-' && (*scan->at < '0' || *scan->at > '9'))
        return wire_token_no_json(scan, "has a character where a value belongs");
    return wire_token_number(scan);
}

static bool scan_begin(struct wire_scan *scan, struct fc_str text, struct wire_faults *faults)
{
    *scan = (struct wire_scan){text.ptr, text.ptr, text.ptr, 0, faults, false, NULL};
    static_assert(MESSAGE_BYTES_MAX == 1048576, "the sentence names the bound");
    if (text.len > MESSAGE_BYTES_MAX)
        return wire_token_no_json(scan, "is longer than 1048576 bytes");
    scan->end = text.ptr + text.len;
    if (!fc_str_is_utf8(text))
        return wire_token_no_json(scan, "is not UTF-8, or holds a NUL");
    return true;
}

static bool scan_end(struct wire_scan *scan)
{
    if (wire_token_peek(scan) != '\0')
        return wire_token_no_json(scan, "has something behind the value");
    return true;
}

bool wire_scan(struct fc_str text, struct wire_faults *faults)
{
    struct wire_place root = {NULL, FC_STR_NONE, 0};
    struct wire_scan scan;

    if (text.len == 0)
        text = FC_STR("");
    if (scan_begin(&scan, text, faults) && scan_value(&scan, &root) && scan_end(&scan))
        return true;
    faults->no_json = true;
    wire_fault_add(faults, FC_STR(""), "the text %s (byte %" PRIdPTR ")", scan.reason,
                   (intptr_t)(scan.at - scan.begin));
    return false;
}

static bool scan_element(struct wire_scan *scan, struct wire_element *ret_element)
{
    struct wire_place root = {NULL, FC_STR_NONE, 0};

    (void)wire_token_peek(scan);
    const char *begin = scan->at;

    scan->faulty = false;
    if (!scan_value(scan, &root))
        return false;
    ret_element->text = (struct fc_str){begin, (size_t)(scan->at - begin)};
    ret_element->faulty = scan->faulty;
    return true;
}

/* Behind the bracket that opens an array. Stops at one element too many. */
static bool scan_elements(struct wire_scan *scan, struct wire_element *elements, int32_t count_max,
                          int32_t *ret_count)
{
    bool more = wire_token_peek(scan) != ']';

    *ret_count = 0;
    scan->depth++;
    while (more && *ret_count < count_max) {
        if (!scan_element(scan, &elements[*ret_count]))
            return false;
        ++*ret_count;
        char c = wire_token_peek(scan);

        more = c == ',';
        if (!more && c != ']')
            return wire_token_no_json(scan, "has an array that is not closed");
        scan->at += more ? 1 : 0;
    }
    if (more)
        return false;
    scan->at++;
    return scan_end(scan);
}

enum wire_scan_outcome wire_scan_elements(struct fc_str text, struct wire_element *elements,
                                          int32_t count_max, int32_t *ret_count,
                                          const char **ret_reason)
{
    struct wire_scan scan;

    FC_ASSERT(count_max > 0);
    if (text.len == 0)
        text = FC_STR("");
    *ret_count = 0;
    if (scan_begin(&scan, text, NULL)) {
        if (wire_token_peek(&scan) == '[') {
            scan.at++;
            if (scan_elements(&scan, elements, count_max, ret_count))
                return WIRE_SCAN_ARRAY;
            if (scan.reason == NULL)
                return WIRE_SCAN_TOO_MANY;
        } else if (scan_element(&scan, elements) && scan_end(&scan)) {
            *ret_count = 1;
            return WIRE_SCAN_VALUE;
        }
    }
    *ret_reason = scan.reason;
    return WIRE_SCAN_NO_JSON;
}

enum wire_scan_outcome wire_scan_list(struct fc_str text, struct fc_arena *arena,
                                      struct wire_element **ret_elements, int32_t *ret_count)
{
    /* Nothing is taken yet, but the place is one for elements. */
    void *memory = fc_arena_take(arena, 0, sizeof(struct wire_element));
    struct fc_buf rest = fc_arena_buf_begin(arena);
    size_t room = rest.size / sizeof(struct wire_element);
    struct fc_str taken;
    const char *reason;

    if (memory == NULL || room == 0)
        return WIRE_SCAN_TOO_MANY;
    FC_ASSERT(memory == rest.ptr);
    enum wire_scan_outcome outcome = wire_scan_elements(
        text, memory, room < INT32_MAX ? (int32_t)room : INT32_MAX, ret_count, &reason);

    rest.len = (size_t)*ret_count * sizeof(struct wire_element);
    bool fits = fc_arena_buf_end(arena, &rest, &taken);

    FC_ASSERT(fits);
    *ret_elements = memory;
    return outcome;
}
