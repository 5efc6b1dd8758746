#include "producer/cli/tally.h"

#include "base/assert.h"

void cli_tally_begin(struct cli_tally *tally)
{
    *tally = (struct cli_tally){.began = fc_clock_mono()};
    tally->ended = tally->began;
}

static void add_code(struct cli_tally *tally, const char *code)
{
    struct fc_str name = fc_str_of(code);
    int32_t at = 0;

    while (at < tally->code_count && !fc_str_eq(fc_str_of(tally->codes[at].code), name))
        at++;
    /* More codes than the contract has: the last place takes the rest together. */
    if (at == CLI_CODES_MAX)
        at = CLI_CODES_MAX - 1;
    if (at == tally->code_count) {
        (void)fc_str_copy(name, tally->codes[at].code, sizeof(tally->codes[at].code));
        tally->code_count++;
    }
    tally->codes[at].count++;
}

void cli_tally_add(struct cli_tally *tally, const struct cli_outcome *outcome)
{
    FC_ASSERT(outcome->end < CLI_END_COUNT);
    tally->ends[outcome->end]++;
    tally->replayed += outcome->replayed;
    tally->repeated += outcome->tries > 1 ? outcome->tries - 1 : 0;
    if (outcome->end == CLI_END_REFUSED)
        add_code(tally, outcome->verdict.code);
    if (outcome->accepted.us != 0)
        cli_histogram_add(&tally->accepted_us, outcome->accepted.us - outcome->sent.us);
    if (outcome->decided.us != 0)
        cli_histogram_add(&tally->decided_us, outcome->decided.us - outcome->sent.us);
    if (outcome->trouble != NULL)
        (void)fc_str_copy(fc_str_of(outcome->trouble), tally->trouble, sizeof(tally->trouble));
}

void cli_tally_end(struct cli_tally *tally)
{
    tally->ended = fc_clock_mono();
}

int64_t cli_tally_total(const struct cli_tally *tally)
{
    int64_t total = 0;

    for (int32_t i = 0; i < CLI_END_COUNT; i++)
        total += tally->ends[i];
    return total;
}

int64_t cli_tally_refused_by(const struct cli_tally *tally, struct fc_str code)
{
    for (int32_t i = 0; i < tally->code_count; i++)
        if (fc_str_eq(fc_str_of(tally->codes[i].code), code))
            return tally->codes[i].count;
    return 0;
}

int64_t cli_tally_unknown(const struct cli_tally *tally)
{
    return tally->ends[CLI_END_LOST] + tally->ends[CLI_END_FAILED] + tally->ends[CLI_END_STOPPED];
}

static bool among(struct fc_str list, struct fc_str code)
{
    if (fc_str_eq(list, FC_STR("any")))
        return true;
    while (list.len > 0)
        if (fc_str_eq(fc_str_cut(&list, ','), code))
            return true;
    return false;
}

int64_t cli_tally_unexpected(const struct cli_tally *tally, struct fc_str allowed)
{
    int64_t count = tally->ends[CLI_END_PARKED];

    for (int32_t i = 0; i < tally->code_count; i++)
        if (!among(allowed, fc_str_of(tally->codes[i].code)))
            count += tally->codes[i].count;
    return count;
}

/* --- told ------------------------------------------------------------------------------------- */

static void put_latency(const struct cli_histogram *histogram, struct cli_report *report,
                        const char *key, const char *label)
{
    char memory[160];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    static const struct {
        const char *key;
        int32_t permille;
    } points[] = {{"p50_us", 500}, {"p90_us", 900}, {"p99_us", 990}, {"max_us", 1000}};

    if (report->as_json) {
        cli_report_group_begin(report, key, label);
        cli_report_int(report, "count", "", histogram->count);
        for (size_t i = 0; i < FC_ARRAY_COUNT(points); i++)
            cli_report_int(report, points[i].key, "",
                           cli_histogram_at(histogram, points[i].permille));
        cli_report_group_end(report);
        return;
    }
    if (histogram->count == 0)
        return;
    for (size_t i = 0; i < FC_ARRAY_COUNT(points); i++) {
        fc_buf_put_fmt(&buf, "%s%.3s ", i > 0 ? "  " : "", points[i].key);
        cli_us_put(&buf, cli_histogram_at(histogram, points[i].permille));
    }
    cli_report_str(report, key, label, fc_buf_str(&buf));
}

static void put_codes(const struct cli_tally *tally, struct cli_report *report)
{
    if (!report->as_json && tally->code_count == 0)
        return;
    cli_report_group_begin(report, "refused_by", "refused by");
    for (int32_t i = 0; i < tally->code_count; i++)
        cli_report_int(report, tally->codes[i].code, tally->codes[i].code, tally->codes[i].count);
    cli_report_group_end(report);
}

/* For people only where there are some. */
static void put_some(struct cli_report *report, const char *key, const char *label, int64_t count)
{
    if (count > 0 || report->as_json)
        cli_report_int(report, key, label, count);
}

void cli_tally_put(const struct cli_tally *tally, struct cli_report *report, const char *key,
                   const char *label)
{
    const int64_t *ends = tally->ends;
    int64_t us = tally->ended.us - tally->began.us;
    int64_t unknown = ends[CLI_END_FAILED] + ends[CLI_END_STOPPED];

    cli_report_group_begin(report, key, label);
    cli_report_int(report, "asked", "asked", cli_tally_total(tally));
    cli_report_int(report, "accepted", "accepted", cli_tally_total(tally) - unknown);
    put_some(report, "not_waited_for", "verdict not waited for", ends[CLI_END_ACCEPTED]);
    cli_report_int(report, "succeeded", "succeeded", ends[CLI_END_SUCCEEDED]);
    cli_report_int(report, "refused", "refused", ends[CLI_END_REFUSED]);
    put_codes(tally, report);
    put_some(report, "parked", "parked", ends[CLI_END_PARKED]);
    put_some(report, "lost", "accepted, no verdict", ends[CLI_END_LOST]);
    put_some(report, "failed", "not accepted", ends[CLI_END_FAILED]);
    put_some(report, "stopped", "given up when stopped", ends[CLI_END_STOPPED]);
    put_some(report, "replayed", "repeats, answered as first", tally->replayed);
    put_some(report, "requests_repeated", "requests sent again", tally->repeated);
    cli_report_us(report, "took_us", "took", us);
    cli_report_int(report, "per_second", "a second",
                   us > 0 ? cli_tally_total(tally) * 1000000 / us : 0);
    put_latency(&tally->accepted_us, report, "to_accepted", "to the 202");
    put_latency(&tally->decided_us, report, "to_verdict", "to the verdict");
    if (tally->trouble[0] != '\0')
        cli_report_str(report, "trouble", "the last trouble", fc_str_of(tally->trouble));
    cli_report_group_end(report);
}
