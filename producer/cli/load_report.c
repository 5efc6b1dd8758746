#include "producer/cli/load_report.h"

#include <errno.h>
#include <stdio.h>

static const char *const states[LOAD_STATES] = {"accepted", "succeeded", "refused", "parked"};
static const char *const fates[LOAD_FATE_COUNT] = {"answered", "cut", "timeout", "bad"};

static int64_t one_of(const struct load_pair *pair, bool measured)
{
    return measured ? pair->measured : pair->all;
}

static void put_statuses(const struct load_tally *tally, bool measured, struct cli_report *report)
{
    cli_report_group_begin(report, "statuses", "by status");
    for (int32_t i = 0; i < LOAD_STATUSES; i++) {
        char key[4] = {(char)('0' + i / 100), (char)('0' + i / 10 % 10), (char)('0' + i % 10)};

        if (one_of(&tally->statuses[i], measured) > 0)
            cli_report_int(report, key, key, one_of(&tally->statuses[i], measured));
    }
    cli_report_group_end(report);
}

static void put_codes(const struct load_tally *tally, bool measured, struct cli_report *report)
{
    bool any = report->as_json;

    for (int32_t i = 0; i < tally->code_count; i++)
        any = any || one_of(&tally->codes[i].count, measured) > 0;
    if (!any)
        return;
    cli_report_group_begin(report, "codes", "by problem code");
    for (int32_t i = 0; i < tally->code_count; i++) {
        const struct load_code *code = &tally->codes[i];

        if (one_of(&code->count, measured) > 0)
            cli_report_int(report, code->name, code->name, one_of(&code->count, measured));
    }
    cli_report_group_end(report);
}

static void put_states(const struct load_tally *tally, bool measured, struct cli_report *report)
{
    bool any = report->as_json;

    for (int32_t i = 0; i < LOAD_STATES; i++)
        any = any || one_of(&tally->states[i], measured) > 0;
    if (!any)
        return;
    cli_report_group_begin(report, "states", "by state of the command");
    for (int32_t i = 0; i < LOAD_STATES; i++)
        if (one_of(&tally->states[i], measured) > 0)
            cli_report_int(report, states[i], states[i], one_of(&tally->states[i], measured));
    cli_report_group_end(report);
}

static void put_failures(const struct load_run *run, struct cli_report *report)
{
    const struct load_tally *tally = &run->tally;
    int64_t unconnected = load_wire_unconnected(run->settings.wire);

    cli_report_group_begin(report, "failures", "without an answer, in the whole run");
    cli_report_int(report, "connect", "not connected", unconnected);
    for (int32_t i = LOAD_CUT; i < LOAD_FATE_COUNT; i++)
        cli_report_int(report, fates[i], fates[i], tally->fates[i].all);
    cli_report_group_end(report);
    if (tally->trouble[0] != '\0')
        cli_report_str(report, "trouble", "the last trouble", fc_str_of(tally->trouble));
    else if (unconnected > 0)
        cli_report_str(report, "trouble", "the last trouble",
                       fc_str_of(load_wire_trouble(run->settings.wire)));
}

static void put_latency(const struct cli_histogram *histogram, struct cli_report *report,
                        const char *key, const char *label)
{
    static const struct {
        const char *key;
        int32_t permille;
    } rows[] = {{"p50", 500}, {"p90", 900}, {"p99", 990}, {"p999", 999}, {"max", 1000}};

    cli_report_group_begin(report, key, label);
    cli_report_int(report, "count", "requests", histogram->count);
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        cli_report_us(report, rows[i].key, rows[i].key,
                      cli_histogram_at(histogram, rows[i].permille));
    cli_report_us(report, "mean", "mean", cli_histogram_mean(histogram));
    cli_report_group_end(report);
}

static void put_open_loop(const struct load_run *run, struct cli_report *report)
{
    const struct load_tally *tally = &run->tally;

    cli_report_int(report, "rate", "planned a second", run->settings.rate);
    cli_report_int(report, "late", "sent more than 1 ms late", tally->late);
    cli_report_us(report, "late_us_max", "the latest", tally->late_us_max);
    cli_report_int(report, "unsent", "planned and never sent", tally->unsent);
}

static void put_cost(const struct load_run *run, struct cli_report *report)
{
    int64_t us = run->cpu_end_us - run->cpu_begin_us;
    int64_t completed = run->tally.answered.measured;
    int64_t took_us = load_run_took_us(run);

    cli_report_milli(report, "cpu_s", "this tool's CPU seconds", us / 1000);
    cli_report_milli(report, "cpu_us_each", "  microseconds a request",
                     completed > 0 ? us * 1000 / completed : 0);
    cli_report_milli(report, "cores", "  of a core", us * 1000 / took_us);
}

static void put_whole_run(const struct load_tally *tally, struct cli_report *report)
{
    if (!report->as_json)
        return;
    cli_report_group_begin(report, "all", "the whole run");
    cli_report_int(report, "sent", "sent", tally->sent.all);
    cli_report_int(report, "answered", "answered", tally->answered.all);
    cli_report_int(report, "replayed", "replayed", tally->replayed.all);
    put_statuses(tally, false, report);
    put_codes(tally, false, report);
    put_states(tally, false, report);
    cli_report_group_end(report);
}

void load_report_put(const struct load_run *run, const char *name, struct cli_report *report)
{
    const struct load_tally *tally = &run->tally;
    int64_t took_us = load_run_took_us(run);

    cli_report_str(report, "name", "load", fc_str_of(name));
    cli_report_int(report, "clients", "clients", run->settings.lane_count);
    cli_report_int(report, "per_s", "completed a second",
                   tally->answered.measured * FC_US_PER_S / took_us);
    cli_report_int(report, "completed", "completed", tally->answered.measured);
    cli_report_milli(report, "seconds", "in seconds", took_us / 1000);
    cli_report_int(report, "sent", "sent", tally->sent.measured);
    put_cost(run, report);
    if (run->settings.rate > 0)
        put_open_loop(run, report);
    put_statuses(tally, true, report);
    put_codes(tally, true, report);
    put_states(tally, true, report);
    if (report->as_json || tally->replayed.measured > 0)
        cli_report_int(report, "replayed", "repeats, answered as first", tally->replayed.measured);
    if (report->as_json || tally->retry_after.measured > 0)
        cli_report_int(report, "retry_after", "told to come again", tally->retry_after.measured);
    put_failures(run, report);
    put_latency(&tally->latency_us, report, "latency_us",
                run->settings.rate > 0 ? "latency, from the planned instant" : "latency");
    if (report->as_json || run->settings.rate > 0)
        put_latency(&tally->service_us, report, "service_us", "latency, from the real sending");
    put_whole_run(tally, report);
}

void load_report_put_proof(const struct load_proof *proof, struct cli_report *report)
{
    const struct fairness *fairness = &proof->fairness;

    cli_report_group_begin(report, "proof", "who came first");
    cli_report_int(report, "winners", "winners", fairness->winners);
    cli_report_int(report, "losers", "losers", fairness->losers);
    cli_report_int(report, "pairs_certain", "pairs of both judged", fairness->pairs_certain);
    cli_report_int(report, "violations", "  the loser came first", fairness->violations);
    cli_report_int(report, "orders_certain", "pairs of winners judged", fairness->orders_certain);
    cli_report_int(report, "orders_wrong", "  position not in order", fairness->orders_wrong);
    cli_report_int(report, "positions_twice", "positions given twice", proof->positions_twice);
    cli_report_int(report, "winners_unplaced", "winners without one", proof->winners_unplaced);
    cli_report_bool(report, "fair", "the first came first", proof->fair);
    cli_report_group_end(report);
}

/* --- files ------------------------------------------------------------------------------------ */

static enum fc_rc file_end(FILE *file, const char *path, struct fc_err *ret_err)
{
    bool failed = ferror(file) != 0;
    int sys = errno;

    if (fclose(file) != 0) {
        failed = true;
        sys = errno;
    }
    return failed ? fc_err_set_sys(ret_err, FC_CURE_PARK, path, sys) : FC_OK;
}

enum fc_rc load_histogram_write(const struct load_run *run, const char *path,
                                struct fc_err *ret_err)
{
    static char memory[CLI_HISTOGRAM_TEXT_BYTES];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return fc_err_set_sys(ret_err, FC_CURE_PARK, path, errno);
    cli_histogram_put(&run->tally.latency_us, &buf);
    (void)fwrite(buf.ptr, 1, buf.len, file);
    return file_end(file, path, ret_err);
}

enum fc_rc load_history_write(const struct load_run *run, const char *path, struct fc_err *ret_err)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return fc_err_set_sys(ret_err, FC_CURE_PARK, path, errno);
    for (int64_t i = 0; i < run->sent; i++) {
        const struct load_record *record = &run->records[i];
        const char *code = record->code >= 0 ? run->tally.codes[record->code].name : "";

        (void)fprintf(
            file,
            "{\"n\":%lld,\"planned_us\":%lld,\"sent_us\":%lld,\"answered_us\":%lld,"
            "\"status\":%d,\"code\":\"%s\",\"position\":%lld}\n",
            (long long)i, (long long)(record->planned_us - run->begin_us),
            (long long)(record->sent_us - run->begin_us),
            (long long)(record->answered_us > 0 ? record->answered_us - run->begin_us : 0),
            (int)record->status, code, (long long)record->position);
    }
    return file_end(file, path, ret_err);
}
