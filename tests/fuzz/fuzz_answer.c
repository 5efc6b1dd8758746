/* A verdict message, and a result inside of one, as the ingress reads them; and the answers that
 * the command line reads. */
#include "support/fuzz.h"

#include "base/limits.h"
#include "producer/cli/jsonl.h"
#include "producer/cli/verdict.h"
#include "wire/document.h"

#include <string.h>

static void check_documents(struct fc_str bytes)
{
    struct fc_arena *arena = fuzz_arena();
    struct wire_document *documents;
    int32_t count;

    if (!wire_documents_parse(bytes, arena, &documents, &count)) {
        FC_ASSERT(arena->used == 0);
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        struct fc_buf first = fuzz_buf();
        struct fc_buf second = fuzz_buf_other();
        struct wire_document *again;
        int32_t again_count;

        FC_ASSERT(wire_state_name(documents[i].state) != NULL);
        fc_buf_put_char(&first, '[');
        wire_document_put(&first, &documents[i]);
        fc_buf_put_char(&first, ']');
        FC_ASSERT(
            wire_documents_parse(fc_buf_str(&first), fuzz_arena_other(), &again, &again_count));
        FC_ASSERT(again_count == 1);
        fc_buf_put_char(&second, '[');
        wire_document_put(&second, &again[0]);
        fc_buf_put_char(&second, ']');
        FC_ASSERT(fc_str_eq(fc_buf_str(&first), fc_buf_str(&second)));
    }
}

static void check_members(struct fc_str bytes)
{
    struct fc_str text = wire_member_text(bytes, "coupon_id", fuzz_arena());
    int64_t value = -7;

    FC_ASSERT(text.len <= bytes.len);
    if (!wire_member_i64(bytes, "user_id", &value))
        FC_ASSERT(value == -7);
}

static void check_verdict(struct fc_str bytes)
{
    struct cli_verdict verdict;

    if (!cli_verdict_parse(bytes, &verdict))
        return;
    FC_ASSERT(memchr(verdict.code, '\0', sizeof(verdict.code)) != NULL);
    FC_ASSERT(memchr(verdict.detail, '\0', sizeof(verdict.detail)) != NULL);
}

static void check_record(struct fc_str bytes)
{
    struct json_object *options = NULL;
    struct cli_record record;

    cli_record_open(&record, bytes);
    int32_t count = cli_record_list(&record, "options", PRODUCT_OPTIONS_MAX, &options);

    for (int32_t i = 0; i < count; i++) {
        struct json_object *option = cli_record_item(&record, options, i);
        int64_t price = cli_record_int(&record, option, "price", 0, PRICE_KRW_MAX);

        FC_ASSERT(price >= 0 && price <= PRICE_KRW_MAX);
        FC_ASSERT(!record.faulty || price == 0);
    }
    FC_ASSERT(count <= PRODUCT_OPTIONS_MAX);
    cli_record_close(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fc_str bytes = fuzz_text(data, size);

    check_documents(bytes);
    check_members(bytes);
    check_verdict(bytes);
    check_record(bytes);
    return 0;
}
