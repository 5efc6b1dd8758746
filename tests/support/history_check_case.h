/*
 * A small history and a small journal, said line by line, for tests of the judge of histories: one
 * client, file "c", user 7, times in microseconds. Command ids are numbers. Trouble fails the test
 * that runs.
 */
#ifndef FC_TESTS_SUPPORT_HISTORY_CHECK_CASE_H
#define FC_TESTS_SUPPORT_HISTORY_CHECK_CASE_H

#include "support/history_check.h"

extern struct evidence evidence;
extern struct evidence_file evidence_file;
extern struct history_verdict verdict;

/* For cmocka: an empty case, and its end. */
int case_begin(void **state);
int case_end(void **state);

struct fc_uuid case_id(int n);

/* A try under an idempotency key (empty: none); a charge that a producer published under its id. */
void case_sent(int64_t t_us, int64_t op, int32_t attempt, const char *command, const char *key);
void case_published(int64_t t_us, int64_t op, int32_t attempt, int n);
/* `n` 0: the answer named no command. */
void case_answered(int64_t t_us, int64_t op, int32_t attempt, int32_t status, int n);
void case_lost(int64_t op, int32_t attempt);
/* A verdict that was seen; a success has the code "". */
void case_told(int64_t op, int32_t attempt, int n, const char *code, const char *body);

struct case_row {
    int n;
    int64_t seq;
    const char *type;
    const char *key;    /* the line; NULL: user:7 */
    const char *owns;   /* an idempotency key, or NULL */
    const char *code;   /* NULL: succeeded */
    int repeats;        /* 0: nothing */
    const char *events; /* NULL: none */
};

/* The body is {"a":1,"b":[true,null,"x"]}. */
void case_decided(const struct case_row *row);
/* Refused, so that there is nothing to it but the verdict. */
void case_refused(int n, int64_t seq, const char *type, const char *owns, const char *code);

/* That many violations, all of them of that check. */
void case_expect(int64_t violations, enum history_check_name check);

#define CHARGE "wallet.charge"
#define NO "charge_not_allowed"

#endif
