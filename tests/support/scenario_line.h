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

/* Zeroed memory that lives as long as the scenario. */
void *scenario_take(struct scenario *scenario, size_t count, size_t size);

/* Lines as orders have them (7x2, o71x1 or 7/71x3), at most this many. */
#define SCENARIO_LINES_MAX 16
struct order_line scenario_order_line(const struct scenario *scenario, struct fc_str word);

/* What every command may carry behind what is its own, up to the arrow: its id and its key. */
bool scenario_arrow(struct fc_str word);
bool scenario_common(struct scenario *scenario, struct fc_str word, struct command *command);
void scenario_tail(struct scenario *scenario, struct command *command);

/* A word behind `ask` and who reads the rest; false when the word is none of the list's. */
struct scenario_kind {
    const char *word;
    enum command_type type;
    void (*read)(struct scenario *scenario, struct command *command);
};

bool scenario_ask_one(struct scenario *scenario, struct fc_str word,
                      const struct scenario_kind *kinds, size_t count, struct command *command);

/* Commands on what is there already: coupons, orders, the shop; false when it is none of these. */
bool scenario_ask_later(struct scenario *scenario, struct fc_str what, struct command *command);

/* The last command's event of that type, which must be there; the name of a type. */
const struct event *scenario_event(const struct scenario *scenario, enum event_type type);
const char *scenario_event_name(enum event_type type);
void scenario_want(const struct scenario *scenario, const char *what, int64_t is, int64_t wanted);

/* The rest of a line whose first word is `what`; false when it is none of theirs. */
bool scenario_put(struct scenario *scenario, struct fc_str what);
bool scenario_check(struct scenario *scenario, struct fc_str what);
bool scenario_check_order(struct scenario *scenario, struct fc_str what);
/* The rest of a line that begins with `ask`. */
void scenario_ask(struct scenario *scenario);

#endif
