#include "wire/token.h"

#include "base/assert.h"
#include "base/word.h"

bool wire_token_no_json(struct wire_scan *scan, const char *reason)
{
    scan->reason = reason;
    return false;
}

void wire_token_fault(struct wire_scan *scan, const struct wire_place *place, const char *detail)
{
    char pointer[WIRE_POINTER_BYTES_MAX];

    scan->faulty = true;
    if (scan->faults != NULL)
        wire_fault_add(scan->faults, wire_place_pointer(place, pointer), "%s", detail);
}

static void skip_blanks(struct wire_scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
        scan->at++;
}

/* The next byte that is no blank, 0 at the end (the text holds no NUL). */
char wire_token_peek(struct wire_scan *scan)
{
    skip_blanks(scan);
    return scan->at < scan->end ? *scan->at : '\0';
}

static bool scan_hex4(struct wire_scan *scan, uint32_t *ret_code)
{
    uint32_t code = 0;

    if (scan->end - scan->at < 4)
        return wire_token_no_json(scan, "ends within an escape");
    for (int i = 0; i < 4; i++) {
        char c = *scan->at++;

        if (c >= '0' && c <= '9')
            code = code << 4 | (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            code = code << 4 | (uint32_t)(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            code = code << 4 | (uint32_t)(c - 'A' + 10);
        else
            return wire_token_no_json(scan, "has an escape without four hexadecimal digits");
    }
    *ret_code = code;
    return true;
}

/* What follows \u: one unit, or both of a surrogate pair. */
static bool scan_unicode(struct wire_scan *scan, const struct wire_place *place, uint32_t *ret_code)
{
    uint32_t code;
    uint32_t low;

    if (!scan_hex4(scan, &code))
        return false;
    *ret_code = code;
    if (code == 0)
        wire_token_fault(scan, place, "must not hold a NUL");
    if (code < 0xD800 || code > 0xDFFF)
        return true;
    if (code > 0xDBFF || scan->end - scan->at < 2 || scan->at[0] != '\\' || scan->at[1] != 'u') {
        wire_token_fault(scan, place, "must not hold half a surrogate pair");
        return true;
    }
    scan->at += 2;
    if (!scan_hex4(scan, &low))
        return false;
    if (low < 0xDC00 || low > 0xDFFF)
        wire_token_fault(scan, place, "must not hold half a surrogate pair");
    else
        *ret_code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

static bool scan_escape(struct wire_scan *scan, const struct wire_place *place, uint32_t *ret_code)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";

    scan->at++;
    if (scan->at == scan->end)
        return wire_token_no_json(scan, "ends within a string");
    char letter = *scan->at++;

    if (letter == 'u')
        return scan_unicode(scan, place, ret_code);
    for (size_t i = 0; i < sizeof(letters) - 1; i++) {
        if (letters[i] == letter) {
            *ret_code = (unsigned char)meanings[i];
            return true;
        }
    }
    return wire_token_no_json(scan, "has an escape that JSON does not know");
}

static void put_utf8(struct fc_buf *buf, uint32_t code)
{
    if (code < 0x80) {
        fc_buf_put_char(buf, (char)code);
        return;
    }
    if (code < 0x800) {
        fc_buf_put_char(buf, (char)(0xC0 | code >> 6));
    } else {
        if (code < 0x10000) {
            fc_buf_put_char(buf, (char)(0xE0 | code >> 12));
        } else {
            fc_buf_put_char(buf, (char)(0xF0 | code >> 18));
            fc_buf_put_char(buf, (char)(0x80 | (code >> 12 & 0x3F)));
        }
        fc_buf_put_char(buf, (char)(0x80 | (code >> 6 & 0x3F)));
    }
    fc_buf_put_char(buf, (char)(0x80 | (code & 0x3F)));
}

const char *wire_token_pass_plain(const char *at, const char *end)
{
    for (; end - at >= FC_WORD_BYTES; at += FC_WORD_BYTES) {
        uint64_t word = fc_word_load(at);
        uint64_t met =
            fc_word_equal(word, '"') | fc_word_equal(word, '\\') | fc_word_below(word, 0x20);

        if (met != 0)
            return at + fc_word_first(met);
    }
    while (at < end && (unsigned char)*at >= 0x20 && *at != '"' && *at != '\\')
        at++;
    return at;
}

/* `decoded` may be NULL: then only the form is of interest. */
bool wire_token_string(struct wire_scan *scan, const struct wire_place *place,
                       struct fc_buf *decoded)
{
    const char *at = ++scan->at;
    const char *end = scan->end;

    for (;;) {
        const char *run = at;
        uint32_t code = 0;

        at = wire_token_pass_plain(at, end);
        if (decoded != NULL)
            fc_buf_put(decoded, (struct fc_str){run, (size_t)(at - run)});
        scan->at = at;
        if (at == end)
            return wire_token_no_json(scan, "ends within a string");
        if (*at == '"')
            break;
        if (*at != '\\')
            return wire_token_no_json(scan, "has a control character in a string");
        if (!scan_escape(scan, place, &code))
            return false;
        if (decoded != NULL)
            put_utf8(decoded, code);
        at = scan->at;
    }
    scan->at++;
    return true;
}

bool wire_token_decode(struct fc_str quoted, struct fc_buf *decoded)
{
    struct wire_scan scan = {.begin = quoted.ptr, .at = quoted.ptr, .end = quoted.ptr + quoted.len};
    bool whole = wire_token_string(&scan, NULL, decoded);

    FC_ASSERT(whole);
    return !scan.faulty;
}

static bool scan_digits(struct wire_scan *scan)
{
    const char *first = scan->at;

    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
        scan->at++;
    return scan->at > first ? true : wire_token_no_json(scan, "has a number without a digit");
}

bool wire_token_number(struct wire_scan *scan)
{
    if (*scan->at == '-')
        scan->at++;
    bool zero = scan->at < scan->end && *scan->at == '0';
    const char *first = scan->at;

    if (!scan_digits(scan))
        return false;
    if (zero && scan->at - first > 1)
        return wire_token_no_json(scan, "has a number with a leading zero");
    if (scan->at < scan->end && *scan->at == '.') {
        scan->at++;
        if (!scan_digits(scan))
            return false;
    }
    if (scan->at < scan->end && (*scan->at == 'e' || *scan->at == 'E')) {
        scan->at++;
        if (scan->at < scan->end && (*scan->at == '+' || *scan->at == '-'))
            scan->at++;
        if (!scan_digits(scan))
            return false;
    }
    return true;
}

bool wire_token_literal(struct wire_scan *scan, struct fc_str literal)
{
    struct fc_str rest = {scan->at, (size_t)(scan->end - scan->at)};

    if (!fc_str_starts_with(rest, literal))
        return wire_token_no_json(scan, "has a character where a value belongs");
    scan->at += literal.len;
    return true;
}
