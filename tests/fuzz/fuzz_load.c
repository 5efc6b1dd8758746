/* Answers as the load tool reads them: a head, and members of the JSON behind it. What is told lies
 * within the bytes, and what arrives in pieces comes to the same. */
#include "support/fuzz.h"

#include "producer/cli/load_head.h"
#include "producer/cli/load_scan.h"

static void check_within(struct fc_str text, struct fc_str bytes)
{
    FC_ASSERT(text.len == 0 || text.ptr >= bytes.ptr);
    FC_ASSERT(text.len == 0 || text.ptr + text.len <= bytes.ptr + bytes.len);
}

static void check_scan(struct fc_str body)
{
    static const struct fc_str names[] = {FC_STR_INIT("code"), FC_STR_INIT("state"),
                                          FC_STR_INIT("result")};

    for (size_t i = 0; i < FC_ARRAY_COUNT(names); i++) {
        struct fc_str value = FC_STR_NONE;

        if (load_scan_member(body, names[i], &value))
            check_within(value, body);
    }
}

/* Less of a good head is a beginning, and of a bad one never a good one. */
static void check_cut(struct fc_str bytes, const struct load_head *whole, enum load_parse parsed)
{
    struct fc_str less = {bytes.ptr, bytes.len / 2};
    struct load_head head;
    enum load_parse cut = load_head_parse(less, &head);

    if (parsed == LOAD_PARSE_BAD)
        return;
    FC_ASSERT(cut != LOAD_PARSE_BAD);
    if (cut == LOAD_PARSE_DONE) {
        FC_ASSERT(head.bytes == whole->bytes);
        FC_ASSERT(head.status == whole->status);
        FC_ASSERT(head.body_bytes == whole->body_bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fc_str bytes = fuzz_text(data, size);
    struct load_head head;
    enum load_parse parsed = load_head_parse(bytes, &head);

    check_cut(bytes, &head, parsed);
    check_scan(bytes);
    if (parsed != LOAD_PARSE_DONE)
        return 0;
    FC_ASSERT(head.bytes <= bytes.len);
    FC_ASSERT(head.status >= 200 && head.status < 600);
    FC_ASSERT(head.body_bytes >= 0);
    check_within(head.location, bytes);
    check_scan((struct fc_str){bytes.ptr + head.bytes, bytes.len - head.bytes});
    return 0;
}
