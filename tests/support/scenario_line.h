/*
 * One line of a scenario: how its words are read, and what each kind of line does. For the files
 * that make up support/scenario.h only.
 */
#ifndef FC_TESTS_SUPPORT_SCENARIO_LINE_H
#define FC_TESTS_SUPPORT_SCENARIO_LINE_H

#include "support/scenario.h"

/* Until when a template is open that does not say so. */
#define SCENARIO_UNTIL_US (1000000 * FC_US_PER_S)

/* Fails the test at the current line. */
FC_NORETURN FC_PRINTF(2, 3) void scenario_fail(const struct scenario *scenario, const char *format,
                                               ...);
FC_NORETURN void scenario_unknown(const struct scenario *scenario, struct fc_str word);

/* The next word of the line; empty at its end. */
struct fc_str scenario_word(struct scenario *scenario);
bool scenario_is(struct fc_str word, const char *text);
int64_t scenario_number(struct scenario *scenario);
int64_t scenario_number_of(const struct scenario *scenario, struct fc_str text);
struct fc_instant scenario_time(struct scenario *scenario);
/* The number behind the letter of a word such as u1. */
int64_t scenario_id(struct scenario *scenario, char letter);
bool scenario_status(struct fc_str word, enum coupon_status *ret_status);

/* The UUID that stands for c1. */
struct fc_uuid scenario_uuid(int64_t number);
/* A name made of a letter and an id, which lives as long as the scenario. */
struct fc_str scenario_name(struct scenario *scenario, char letter, int64_t id);

/* The rest of a line whose first word is `what`; false when it is none of theirs. */
bool scenario_put(struct scenario *scenario, struct fc_str what);
bool scenario_check(struct scenario *scenario, struct fc_str what);
/* The rest of a line that begins with `ask`. */
void scenario_ask(struct scenario *scenario);

#endif
