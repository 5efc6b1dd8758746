#include "producer/cli/contest.h"

#include "base/assert.h"
#include "producer/cli/bodies.h"
#include "producer/cli/jsonl.h"

#include <errno.h>
#include <stdio.h>

#define DAY_US FC_US_PER_DAY
#define BODY_BYTES 4096

/* --- the template ----------------------------------------------------------------------------- */

static bool template_ask(const struct cli *cli, struct cli_client *client, int64_t template_id,
                         int64_t *ret_issued, int *ret_exit)
{
    char path[64];
    char memory[BODY_BYTES];
    struct fc_buf body = fc_buf_of(memory, sizeof(memory));
    struct fc_buf buf = fc_buf_of(path, sizeof(path) - 1);
    struct cli_record record;
    struct fc_err err;

    fc_buf_put_fmt(&buf, "/v1/coupon-templates/%lld", (long long)template_id);
    path[buf.len] = '\0';
    if (cli_fetch(client, path, &body, &err) != FC_OK) {
        *ret_exit = cli_trouble(cli, &err);
        return false;
    }
    cli_record_open(&record, fc_buf_str(&body));
    *ret_issued = cli_record_int(&record, NULL, "issued", 0, INT64_MAX);
    bool good = !record.faulty;

    if (!good)
        cli_say(cli, "GET %s: %s", path, record.fault);
    cli_record_close(&record);
    *ret_exit = FC_EXIT_FAILED;
    return good;
}

bool contest_template_put(const struct cli *cli, struct cli_client *client, struct contest *contest,
                          int *ret_exit)
{
    char memory[BODY_BYTES];
    char run[32];
    struct fc_buf buf = fc_buf_of(run, sizeof(run) - 1);
    struct fc_instant now = fc_clock_now();
    struct cli_request request = {.body = fc_buf_of(memory, sizeof(memory))};
    struct cli_template_row template = {
        .template_id = contest->template_id,
        .name = FC_STR("First come, first served"),
        .discount_won = 5000,
        .quantity = contest->quantity,
        .issue_from = {now.us - DAY_US},
        .issue_until = {now.us + 365 * DAY_US},
    };
    struct cli_outcome outcome;
    int64_t issued;

    fc_buf_put_fmt(&buf, "%llx", (unsigned long long)fc_process_chance());
    run[buf.len] = '\0';
    cli_request_template(&request, &template, run);
    cli_ask_one(client, &request, &outcome);
    *ret_exit = FC_EXIT_FAILED;
    if (outcome.end != CLI_END_SUCCEEDED) {
        cli_say(cli, "the coupon template was not made: %s %s", outcome.verdict.code,
                outcome.trouble != NULL ? "(no verdict)" : outcome.verdict.detail);
        return false;
    }
    if (outcome.verdict.template_id != 0)
        contest->template_id = outcome.verdict.template_id;
    if (!template_ask(cli, client, contest->template_id, &issued, ret_exit))
        return false;
    if (issued > 0)
        cli_say(cli, "template %lld has issued coupons already: a race needs a fresh one",
                (long long)contest->template_id);
    return issued == 0;
}

/* --- the race --------------------------------------------------------------------------------- */

static enum cli_next next_issue(void *arg, struct cli_request *request)
{
    struct contest *contest = arg;

    if (contest->at == contest->requests)
        return CLI_NEXT_DONE;
    struct contest_entry *entry = &contest->entries[contest->at];

    *entry = (struct contest_entry){.user_id = contest->first_user + contest->at % contest->users,
                                    .end = CLI_END_STOPPED};
    cli_request_issue(request, contest->template_id, entry->user_id, contest->at);
    request->tag = contest->at++;
    return CLI_NEXT_SEND;
}

static void verdict_keep(struct contest_entry *entry, const struct cli_outcome *outcome)
{
    entry->end = outcome->end;
    entry->status = outcome->status;
    if (outcome->end == CLI_END_SUCCEEDED) {
        entry->position = outcome->verdict.position;
        entry->coupon_id = outcome->verdict.coupon_id;
    }
    if (outcome->end == CLI_END_REFUSED)
        (void)fc_str_copy(fc_str_of(outcome->verdict.code), entry->code, sizeof(entry->code));
}

static void issue_settled(void *arg, int64_t tag, const struct cli_outcome *outcome)
{
    struct contest *contest = arg;
    struct contest_entry *entry = &contest->entries[tag];

    verdict_keep(entry, outcome);
    entry->sent_us = outcome->sent.us;
    entry->answered_us = outcome->accepted.us;
    entry->command_id = outcome->verdict.command_id;
}

static enum cli_next next_verdict(void *arg, struct cli_request *request)
{
    struct contest *contest = arg;

    while (contest->at < contest->requests && contest->entries[contest->at].end != CLI_END_ACCEPTED)
        contest->at++;
    if (contest->at == contest->requests)
        return CLI_NEXT_DONE;
    const struct contest_entry *entry = &contest->entries[contest->at];

    cli_request_verdict(request, &entry->command_id, entry->user_id);
    request->tag = contest->at++;
    return CLI_NEXT_SEND;
}

static void verdict_settled(void *arg, int64_t tag, const struct cli_outcome *outcome)
{
    struct contest *contest = arg;

    verdict_keep(&contest->entries[tag], outcome);
}

bool contest_run(const struct cli *cli, struct cli_client *client, struct contest *contest,
                 int *ret_exit)
{
    size_t bytes = contest_judge_bytes(contest);
    void *memory = cli_memory(bytes);
    struct fc_arena arena;
    struct cli_stage race = {.label = "race",
                             .total = contest->requests,
                             .asker = {.next = next_issue,
                                       .settled = issue_settled,
                                       .arg = contest,
                                       .manner = CLI_ACCEPTED_ONLY,
                                       .width = (int32_t)contest->clients},
                             .tally = &contest->asked};
    struct cli_stage verdicts = {.label = "verdicts",
                                 .asker = {.next = next_verdict,
                                           .settled = verdict_settled,
                                           .arg = contest,
                                           .width = (int32_t)contest->clients},
                                 .tally = &contest->verdicts};

    contest->entries = cli_memory((size_t)contest->requests * sizeof(*contest->entries));
    if (memory == NULL || contest->entries == NULL) {
        cli_say(cli, "out of memory");
        *ret_exit = FC_EXIT_LATER;
        return false;
    }
    for (int64_t i = 0; i < contest->requests; i++)
        contest->entries[i] = (struct contest_entry){.end = CLI_END_STOPPED};
    contest->at = 0;
    cli_stage_run(cli, client, &race);
    contest->at = 0;
    verdicts.total = contest->asked.ends[CLI_END_ACCEPTED];
    cli_stage_run(cli, client, &verdicts);
    if (fc_process_stopping())
        cli_say(cli, "stopped before the end: what is known so far proves nothing");
    else if (!template_ask(cli, client, contest->template_id, &contest->issued_told, ret_exit))
        return false;
    fc_arena_init(&arena, memory, bytes);
    return contest_judge(contest, &arena);
}

/* --- told ------------------------------------------------------------------------------------- */

static void put_proof(const struct contest *contest, struct cli_report *report)
{
    const struct fairness *fairness = &contest->fairness;

    cli_report_int(report, "quantity", "coupons there were", contest->quantity);
    cli_report_int(report, "issued", "coupons issued", contest->issued);
    cli_report_int(report, "issued_wanted", "  as many as there had to be", contest->issued_wanted);
    cli_report_int(report, "issued_told", "  as many as the shop says", contest->issued_told);
    cli_report_int(report, "users_twice", "users with two", contest->users_twice);
    cli_report_int(report, "positions_bad", "positions given twice", contest->positions_bad);
    cli_report_int(report, "positions_gaps", "positions left out", contest->positions_gaps);
    cli_report_int(report, "unheard", "requests without a verdict", contest->unheard);
    cli_report_int(report, "unexplained", "unexplained refusals", contest->others);
    cli_report_int(report, "pairs", "pairs of winner and loser", fairness->pairs);
    cli_report_int(report, "pairs_certain", "  judged: one came first", fairness->pairs_certain);
    cli_report_int(report, "violations", "  the loser came first", fairness->violations);
    cli_report_int(report, "orders_certain", "pairs of winners judged", fairness->orders_certain);
    cli_report_int(report, "orders_wrong", "  position not in order", fairness->orders_wrong);
    cli_report_bool(report, "proved", "winners are the first", contest->proved);
}

void contest_put(const struct contest *contest, struct cli_report *report)
{
    cli_report_int(report, "template_id", "template", contest->template_id);
    cli_report_int(report, "users", "users", contest->users);
    cli_report_int(report, "clients", "clients at once", contest->clients);
    cli_tally_put(&contest->asked, report, "requests", "requests");
    cli_tally_put(&contest->verdicts, report, "verdicts", "verdicts");
    cli_report_group_begin(report, "proof", "proof");
    put_proof(contest, report);
    cli_report_group_end(report);
}

static void entry_put(struct wire_json *json, const struct contest_entry *entry, int64_t number)
{
    static const char *const ends[CLI_END_COUNT] = {"succeeded", "refused", "parked", "accepted",
                                                    "lost",      "failed",  "stopped"};

    wire_json_object_begin(json);
    wire_json_key(json, "n");
    wire_json_i64(json, number);
    wire_json_key(json, "user_id");
    wire_json_i64(json, entry->user_id);
    wire_json_key(json, "command_id");
    wire_json_uuid(json, &entry->command_id);
    wire_json_key(json, "sent_us");
    wire_json_i64(json, entry->sent_us);
    wire_json_key(json, "answered_us");
    wire_json_i64(json, entry->answered_us);
    wire_json_key(json, "end");
    wire_json_str(json, fc_str_of(ends[entry->end]));
    wire_json_key(json, "code");
    wire_json_str(json, fc_str_of(entry->code));
    wire_json_key(json, "position");
    wire_json_i64(json, entry->position);
    wire_json_object_end(json);
}

enum fc_rc contest_write(const struct contest *contest, const char *path, struct fc_err *ret_err)
{
    FILE *file = fopen(path, "we");

    if (file == NULL)
        return fc_err_set_sys(ret_err, FC_CURE_PARK, path, errno);
    for (int64_t i = 0; i < contest->requests; i++) {
        char memory[512];
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
        struct wire_json json;

        wire_json_init(&json, &buf);
        entry_put(&json, &contest->entries[i], i);
        fc_buf_put_char(&buf, '\n');
        FC_ASSERT(!buf.overflow);
        (void)fwrite(buf.ptr, 1, buf.len, file);
    }
    bool bad = ferror(file) != 0;

    if (fclose(file) != 0 || bad)
        return fc_err_set_sys(ret_err, FC_CURE_PARK, path, errno);
    return FC_OK;
}
