/* "call status", then the body of a payment gateway's answer. An approval is only what says so, of
 * the order that was asked for. */
#include "support/fuzz.h"

#include "base/limits.h"
#include "payment/gateway.h"
#include "platform/meaning.h"

#include <string.h>

#define ORDER "0192f3a4-5b6c-8d7e-8f90-a1b2c3d4e5f6"

static void check_text(struct fc_str text)
{
    FC_ASSERT(text.len <= NAME_BYTES_MAX && fc_str_is_utf8(text));
    for (size_t i = 0; i < text.len; i++)
        FC_ASSERT((unsigned char)text.ptr[i] >= 0x20 && text.ptr[i] != 0x7F);
}

static void check_says(const struct gateway_answer *read, const struct outgoing_answer *answer)
{
    bool taken = answer->status >= 200 && answer->status < 300;
    struct fc_uuid id;
    bool other = false;

    check_text(read->payment_id);
    check_text(read->reason);
    FC_ASSERT(read->says < GATEWAY_SAYS_COUNT && gateway_says_name(read->says) != NULL);
    if (read->says <= GATEWAY_VOIDED)
        FC_ASSERT(taken && answer->body.len > strlen(ORDER));
    if (!taken)
        FC_ASSERT(read->says > GATEWAY_VOIDED && read->says != GATEWAY_SILENT);
    FC_ASSERT(fc_uuid_parse(FC_STR("0192f3a4-5b6c-8d7e-8f90-a1b2c3d4e5f7"), &id));
    struct gateway_answer strange =
        gateway_answer_read(GATEWAY_ASK, &id, answer, fuzz_arena_other());

    other = read->says <= GATEWAY_VOIDED && strange.says <= GATEWAY_VOIDED;
    FC_ASSERT(!other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fc_str body = fuzz_text(data, size);
    struct fc_str head = fuzz_word(&body);
    struct fc_uuid order_id;
    int64_t call;
    int64_t status;

    if (!fc_str_to_i64(fc_str_cut(&head, ' '), 0, GATEWAY_CALL_COUNT - 1, &call) ||
        !fc_str_to_i64(head, 100, 599, &status))
        return 0;
    struct outgoing_answer answer = {.fate = OUTGOING_ANSWERED,
                                     .status = (int32_t)status,
                                     .body = body,
                                     .retry_after_s = -1,
                                     .trouble = ""};

    FC_ASSERT(fc_uuid_parse(FC_STR(ORDER), &order_id));
    struct gateway_answer read =
        gateway_answer_read((enum gateway_call)call, &order_id, &answer, fuzz_arena());

    check_says(&read, &answer);
    /* A full arena loses texts and nothing else. */
    struct gateway_answer narrow =
        gateway_answer_read((enum gateway_call)call, &order_id, &answer, fuzz_arena_narrow(16));

    FC_ASSERT(narrow.says == read.says);
    fuzz_arena_narrow_end(true);
    FC_ASSERT((meaning_of(&answer) == MEANING_TAKEN) == (status >= 200 && status < 300));
    return 0;
}
