/*
 * What can go wrong, done to evidence that is right: each deed is one violation, and names the
 * check that has to find it and those that may as well, since one wrong can be seen from several
 * sides. No other may complain.
 */
#ifndef FC_TESTS_SUPPORT_HISTORY_CHECK_DEEDS_H
#define FC_TESTS_SUPPORT_HISTORY_CHECK_DEEDS_H

#include "support/chance.h"
#include "support/history_check.h"

#define MAY(check) (1U << (check))

struct history_deed {
    const char *what;
    enum history_check_name found_by;
    uint32_t may; /* MAY(…) | … */
    /* False when the evidence has nothing to do it to. */
    bool (*commit)(struct evidence *evidence, struct chance *chance);
};

/* Those on commands and verdicts, on keys and lines, and on tables and other parties. */
extern const struct history_deed history_deeds_on_commands[];
extern const int32_t history_deeds_on_commands_count;
extern const struct history_deed history_deeds_on_lines[];
extern const int32_t history_deeds_on_lines_count;
extern const struct history_deed history_deeds_on_tables[];
extern const int32_t history_deeds_on_tables_count;

/* --- for the deeds ---------------------------------------------------------------------------- */

/* The place of the row, or of the first try, of that id; -1: there is none. */
int64_t deed_row_of(const struct evidence *evidence, const struct fc_uuid *id);
int64_t deed_try_of(const struct evidence *evidence, const struct fc_uuid *id);
/* Whether a client was told its verdict; whether another row repeats it. */
bool deed_was_seen(const struct evidence *evidence, const struct fc_uuid *id);
bool deed_was_repeated(const struct evidence *evidence, const struct fc_uuid *id);

/* A random place among `count` at which `fits` is true, or -1. */
#define PICK(place, count, fits)                                               \
    do {                                                                       \
        int64_t pick_from = (count) > 0 ? chance_below(chance, (count)) : 0;   \
        place = -1;                                                            \
        for (int64_t pick_at = 0; place < 0 && pick_at < (count); pick_at++) { \
            int64_t i = (pick_from + pick_at) % (count);                       \
            if (fits)                                                          \
                place = i;                                                     \
        }                                                                      \
    } while (0)

#endif
