#include "support/chaos_tally.h"

#include "wire/json.h"

#include <string.h>

void chaos_codes_add(struct chaos_codes *codes, const char *code)
{
    int32_t at = 0;

    while (at < codes->count && strcmp(codes->items[at].code, code) != 0)
        at++;
    if (at == CHAOS_CODES_MAX)
        at--;
    if (at == codes->count) {
        (void)fc_str_copy(fc_str_of(code), codes->items[at].code, sizeof(codes->items[at].code));
        codes->count++;
    }
    codes->items[at].count++;
}

static void codes_put(struct wire_json *json, const char *name, const struct chaos_codes *codes)
{
    wire_json_key(json, name);
    wire_json_object_begin(json);
    for (int32_t i = 0; i < codes->count; i++) {
        wire_json_name(json, fc_str_of(codes->items[i].code));
        wire_json_i64(json, codes->items[i].count);
    }
    wire_json_object_end(json);
}

static void latency_put(struct wire_json *json, const char *name,
                        const struct cli_histogram *histogram)
{
    wire_json_key(json, name);
    wire_json_object_begin(json);
    wire_json_key(json, "p50");
    wire_json_i64(json, cli_histogram_at(histogram, 500));
    wire_json_key(json, "p99");
    wire_json_i64(json, cli_histogram_at(histogram, 990));
    wire_json_key(json, "max");
    wire_json_i64(json, histogram->max_us);
    wire_json_object_end(json);
}

void chaos_tally_put(const struct chaos_tally *tally, struct fc_buf *buf)
{
    const struct {
        const char *name;
        int64_t value;
    } counts[] = {
        {"ops", tally->ops},
        {"ops_over_amqp", tally->over_amqp},
        {"ops_without_key", tally->keyless},
        {"ops_copied", tally->copies},
        {"tries", tally->tries},
        {"tries_impatient", tally->impatient},
        {"tries_late", tally->late},
        {"accepted", tally->accepted},
        {"lost", tally->lost},
        {"unanswered", tally->unanswered},
        {"polls", tally->polls},
        {"polls_denied", tally->denied},
        {"succeeded", tally->succeeded},
        {"refused", tally->refused},
        {"changed", tally->changed},
        {"undecided", tally->undecided},
        {"waited_for_room", tally->waited},
        {"cpu_ms", tally->cpu_ms},
    };
    struct wire_json json;

    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    for (size_t i = 0; i < FC_ARRAY_COUNT(counts); i++) {
        wire_json_key(&json, counts[i].name);
        wire_json_i64(&json, counts[i].value);
    }
    codes_put(&json, "door", &tally->door);
    codes_put(&json, "refusals", &tally->refusals);
    latency_put(&json, "accepted_us", &tally->answer_us);
    latency_put(&json, "verdict_us", &tally->verdict_us);
    wire_json_object_end(&json);
}
