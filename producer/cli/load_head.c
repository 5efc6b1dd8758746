#include "producer/cli/load_head.h"

#include <string.h>

#define STATUS_LINE "HTTP/1.1 200"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* `name` is in lower case. */
static bool is_name(struct fc_str text, struct fc_str name)
{
    if (text.len != name.len)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (lower(text.ptr[i]) != name.ptr[i])
            return false;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct fc_str trim(struct fc_str text)
{
    while (text.len > 0 && is_blank(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

static bool bad(struct load_head *head, const char *trouble)
{
    head->trouble = trouble;
    return false;
}

/* "HTTP/1.1 201 Created": three digits, then the end or a blank. */
static bool read_status(struct fc_str line, struct load_head *head)
{
    size_t least = sizeof(STATUS_LINE) - 1;
    bool known = fc_str_starts_with(line, FC_STR("HTTP/1.1 ")) ||
                 fc_str_starts_with(line, FC_STR("HTTP/1.0 "));
    int64_t status;

    if (!known || line.len < least || (line.len > least && line.ptr[least] != ' ') ||
        !fc_str_to_i64((struct fc_str){line.ptr + least - 3, 3}, 100, 599, &status))
        return bad(head, "no status line of HTTP/1.1");
    if (status < 200)
        return bad(head, "an interim answer, which nobody asked for");
    head->status = (int32_t)status;
    /* HTTP/1.0 closes unless it says otherwise, which this tool does not ask for. */
    head->close = line.ptr[7] == '0';
    return true;
}

static bool read_length(struct fc_str value, struct load_head *head)
{
    int64_t length;

    if (!fc_str_to_i64(value, 0, INT64_MAX / 2, &length))
        return bad(head, "a Content-Length that is no number");
    if (head->body_bytes >= 0 && head->body_bytes != length)
        return bad(head, "two Content-Lengths");
    head->body_bytes = length;
    return true;
}

static bool read_header(struct fc_str line, struct load_head *head)
{
    struct fc_str value = line;
    struct fc_str name = fc_str_cut(&value, ':');

    if (name.len == line.len || name.len == 0 || is_blank(name.ptr[0]) ||
        is_blank(name.ptr[name.len - 1]))
        return bad(head, "a header without a name, or a folded one");
    /* Most headers are none of ours: by their first letters. */
    switch (lower(name.ptr[0])) {
    case 'c':
        if (is_name(name, FC_STR("content-length")))
            return read_length(trim(value), head);
        if (is_name(name, FC_STR("connection")))
            head->close = is_name(trim(value), FC_STR("close"));
        return true;
    case 't':
        if (is_name(name, FC_STR("transfer-encoding")))
            return bad(head, "a Transfer-Encoding: only bodies with a Content-Length are read");
        return true;
    case 'i':
        if (is_name(name, FC_STR("idempotency-replayed")))
            head->replayed = is_name(trim(value), FC_STR("true"));
        return true;
    case 'l':
        if (is_name(name, FC_STR("location")))
            head->location = trim(value);
        return true;
    case 'r':
        if (is_name(name, FC_STR("retry-after")))
            head->has_retry_after = true;
        return true;
    default:
        return true;
    }
}

static bool has_no_body(int32_t status)
{
    return status == 204 || status == 304;
}

/* The empty line was read: is all there that has to be? */
static enum load_parse finish(struct load_head *head, size_t bytes)
{
    head->bytes = bytes;
    if (has_no_body(head->status))
        head->body_bytes = 0;
    if (head->body_bytes >= 0)
        return LOAD_PARSE_DONE;
    head->trouble = "no Content-Length";
    return LOAD_PARSE_BAD;
}

enum load_parse load_head_parse(struct fc_str bytes, struct load_head *ret_head)
{
    size_t at = 0;

    *ret_head = (struct load_head){.body_bytes = -1};
    while (at < bytes.len) {
        const char *begin = bytes.ptr + at;
        const char *end = memchr(begin, '\n', bytes.len - at);

        if (end == NULL)
            break;
        if (end == begin || end[-1] != '\r') {
            ret_head->trouble = "a line that does not end with CRLF";
            return LOAD_PARSE_BAD;
        }
        struct fc_str line = {begin, (size_t)(end - begin) - 1};
        bool first = at == 0;

        at += line.len + 2;
        if (!first && line.len == 0)
            return finish(ret_head, at);
        if (first ? !read_status(line, ret_head) : !read_header(line, ret_head))
            return LOAD_PARSE_BAD;
    }
    if (bytes.len < LOAD_HEAD_BYTES_MAX)
        return LOAD_PARSE_MORE;
    ret_head->trouble = "a head of more than 8 KiB";
    return LOAD_PARSE_BAD;
}
