#include "producer/cli/load_tally.h"

#include "base/assert.h"
#include "producer/cli/load_scan.h"

static void count(struct load_pair *pair, bool measured)
{
    pair->all++;
    pair->measured += measured;
}

/* More codes than the contract has: the last place takes the rest together. */
static int32_t code_place(struct load_tally *tally, struct fc_str name)
{
    int32_t at = 0;

    while (at < tally->code_count && !fc_str_eq(fc_str_of(tally->codes[at].name), name))
        at++;
    if (at == CLI_CODES_MAX)
        return CLI_CODES_MAX - 1;
    if (at == tally->code_count) {
        (void)fc_str_copy(name, tally->codes[at].name, sizeof(tally->codes[at].name));
        tally->code_count++;
    }
    return at;
}

/* A code goes into our own JSON and is compared: anything else than a word is none. */
static bool is_word(struct fc_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((text.ptr[i] < 'a' || text.ptr[i] > 'z') && text.ptr[i] != '_')
            return false;
    return text.len > 0 && text.len < sizeof(((struct load_code *)NULL)->name);
}

static int32_t code_of(struct load_tally *tally, struct fc_str body)
{
    struct fc_str code;

    if (!load_scan_member(body, FC_STR("code"), &code) || !is_word(code))
        return -1;
    return code_place(tally, code);
}

static void count_state(struct load_tally *tally, struct fc_str body, bool measured)
{
    static const struct fc_str words[LOAD_STATES] = {
        FC_STR_INIT("accepted"),
        FC_STR_INIT("succeeded"),
        FC_STR_INIT("refused"),
        FC_STR_INIT("parked"),
    };
    struct fc_str state;

    if (!load_scan_member(body, FC_STR("state"), &state))
        return;
    for (int32_t i = 0; i < LOAD_STATES; i++)
        if (fc_str_eq(state, words[i]))
            count(&tally->states[i], measured);
}

/* In a command's document it stands in the result, elsewhere at the top. */
static int64_t position_of(struct fc_str body)
{
    struct fc_str result = body;
    struct fc_str text;
    int64_t position;

    if (load_scan_member(body, FC_STR("result"), &text))
        result = text;
    if (!load_scan_member(result, FC_STR("position"), &text) ||
        !fc_str_to_i64(text, 1, INT32_MAX - 1, &position))
        return 0;
    return position;
}

struct load_seen load_tally_answer(struct load_tally *tally, const struct load_answer *answer,
                                   struct load_reading reading, bool measured)
{
    struct load_seen seen = {.code = -1};

    count(&tally->fates[answer->fate], measured);
    if (answer->fate != LOAD_ANSWERED) {
        (void)fc_str_copy(fc_str_of(answer->trouble), tally->trouble, sizeof(tally->trouble));
        return seen;
    }
    seen.status = answer->head.status;
    FC_ASSERT(seen.status < LOAD_STATUSES);
    count(&tally->answered, measured);
    count(&tally->statuses[seen.status], measured);
    if (answer->head.replayed)
        count(&tally->replayed, measured);
    if (answer->head.has_retry_after)
        count(&tally->retry_after, measured);
    if (seen.status >= 300)
        seen.code = code_of(tally, answer->body);
    else if (reading.documents)
        count_state(tally, answer->body, measured);
    if (seen.code >= 0)
        count(&tally->codes[seen.code].count, measured);
    else if (reading.positions && seen.status < 300)
        seen.position = position_of(answer->body);
    return seen;
}

void load_tally_latency(struct load_tally *tally, int64_t planned_us, int64_t sent_us,
                        int64_t answered_us)
{
    int64_t late_us = sent_us - planned_us;

    cli_histogram_add(&tally->latency_us, answered_us - planned_us);
    cli_histogram_add(&tally->service_us, answered_us - sent_us);
    tally->late += late_us > LOAD_LATE_US;
    if (late_us > tally->late_us_max)
        tally->late_us_max = late_us;
}

int64_t load_tally_unexpected(const struct load_tally *tally, struct fc_str allowed)
{
    struct cli_tally refused = {.code_count = tally->code_count};
    int64_t unexpected = tally->states[CLI_VERDICT_PARKED].all;
    int64_t without_code = 0;

    for (int32_t i = 0; i < LOAD_FATE_COUNT; i++)
        unexpected += i == LOAD_ANSWERED ? 0 : tally->fates[i].all;
    for (int32_t i = 300; i < LOAD_STATUSES; i++)
        without_code += tally->statuses[i].all;
    for (int32_t i = 0; i < tally->code_count; i++) {
        const struct load_code *code = &tally->codes[i];

        (void)fc_str_copy(fc_str_of(code->name), refused.codes[i].code,
                          sizeof(refused.codes[i].code));
        refused.codes[i].count = code->count.all;
        without_code -= code->count.all;
    }
    if (fc_str_eq(allowed, FC_STR("any")))
        without_code = 0;
    return unexpected + without_code + cli_tally_unexpected(&refused, allowed);
}
