#include "support/history_check_case.h"

#include "support/expect.h"

#include <stdio.h>

struct evidence evidence;
struct evidence_file evidence_file;
struct history_verdict verdict;

int case_begin(void **state)
{
    (void)state;
    evidence = (struct evidence){.has_platform = false};
    evidence_file_open(&evidence, FC_STR("c"), &evidence_file);
    return 0;
}

int case_end(void **state)
{
    (void)state;
    evidence_file_close(&evidence_file);
    evidence_close(&evidence);
    return 0;
}

/* --- saying what happened --------------------------------------------------------------------- */

struct fc_uuid case_id(int n)
{
    return (struct fc_uuid){{0, (uint8_t)(n >> 8), (uint8_t)n, 0, 0, 0, 0x80, 0, 0x80}};
}

static void put(const struct history_line *line)
{
    char why[256];

    if (!evidence_put_line(&evidence, &evidence_file, line, why))
        fail_msg("%s", why);
}

void case_sent(int64_t t_us, int64_t op, int32_t attempt, const char *command, const char *key)
{
    struct history_line line = {
        .what = HISTORY_SENT, .t_us = t_us, .op = op, .attempt = attempt, .user_id = 7};

    (void)fc_str_copy(fc_str_of(command), line.command, sizeof(line.command));
    (void)fc_str_copy(fc_str_of(key), line.idempotency_key, sizeof(line.idempotency_key));
    put(&line);
}

void case_published(int64_t t_us, int64_t op, int32_t attempt, int n)
{
    struct history_line line = {.what = HISTORY_SENT,
                                .t_us = t_us,
                                .op = op,
                                .attempt = attempt,
                                .user_id = 7,
                                .command = "wallet.charge",
                                .has_id = true,
                                .id = case_id(n)};

    put(&line);
}

void case_answered(int64_t t_us, int64_t op, int32_t attempt, int32_t status, int n)
{
    struct history_line line = {.what = HISTORY_ANSWERED,
                                .t_us = t_us,
                                .op = op,
                                .attempt = attempt,
                                .status = status,
                                .has_id = n != 0,
                                .id = case_id(n)};

    put(&line);
}

void case_lost(int64_t op, int32_t attempt)
{
    const struct history_line line = {.what = HISTORY_LOST, .op = op, .attempt = attempt};

    put(&line);
}

void case_told(int64_t op, int32_t attempt, int n, const char *code, const char *body)
{
    struct history_line line = {.what = HISTORY_VERDICT,
                                .op = op,
                                .attempt = attempt,
                                .has_id = true,
                                .id = case_id(n),
                                .succeeded = code[0] == '\0',
                                .body = fc_str_of(body)};

    (void)fc_str_copy(fc_str_of(code), line.code, sizeof(line.code));
    put(&line);
}

void case_decided(const struct case_row *row)
{
    char why[256];
    const struct evidence_row made = {.id = case_id(row->n),
                                      .replay_of = case_id(row->repeats),
                                      .seq = row->seq,
                                      .actor_id = 7,
                                      .is_replay = row->repeats != 0};
    const struct evidence_row_text text = {
        .type = fc_str_of(row->type),
        .key = row->key == NULL ? FC_STR("user:7") : fc_str_of(row->key),
        .idempotency_key = fc_str_of(row->owns),
        .verdict = fc_str_of(row->code),
        .result = FC_STR("{\"a\":1,\"b\":[true,null,\"x\"]}"),
        .events = fc_str_of(row->events),
    };

    if (!evidence_put_row(&evidence, &made, &text, why))
        fail_msg("%s", why);
}

void case_refused(int n, int64_t seq, const char *type, const char *owns, const char *code)
{
    case_decided(&(struct case_row){.n = n, .seq = seq, .type = type, .owns = owns, .code = code});
}

void case_expect(int64_t violations, enum history_check_name check)
{
    history_judge(&evidence, &verdict);
    if (verdict.violations != violations || verdict.checks[check].violations != violations) {
        history_verdict_print(&verdict, stderr);
        fail_msg("%d violations wanted of %s", (int)violations, history_check_name(check));
    }
}
