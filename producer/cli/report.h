/*
 * What a command has to say, once, on stdout: lines and tables for people, or the same as one JSON
 * object. A command states each fact once, with its name for scripts and its name for people.
 */
#ifndef FC_CLI_REPORT_H
#define FC_CLI_REPORT_H

#include "base/str.h"
#include "base/time.h"
#include "wire/json.h"

#define REPORT_COLUMNS_MAX 12

struct cli_column {
    const char *key;   /* in JSON */
    const char *label; /* above the column */
    bool is_number;    /* stands right */
};

struct cli_report {
    bool as_json;
    struct fc_buf buf; /* what stands so far */
    struct wire_json json;
    int32_t indent;
    /* The table that is being put. */
    const struct cli_column *columns;
    int32_t column_count;
    char *cells; /* texts, each with a NUL behind it, row by row */
    size_t cells_len;
    int32_t cell_count;
};

/* Takes memory for the time of the command; false when there is none. */
FC_MUST_USE bool cli_report_begin(struct cli_report *report, bool as_json);
/* Writes it all to stdout. */
void cli_report_end(struct cli_report *report);

/* A heading above what is indented below it; an object in JSON. */
void cli_report_group_begin(struct cli_report *report, const char *key, const char *label);
void cli_report_group_end(struct cli_report *report);

void cli_report_int(struct cli_report *report, const char *key, const char *label, int64_t value);
void cli_report_str(struct cli_report *report, const char *key, const char *label,
                    struct fc_str value);
void cli_report_bool(struct cli_report *report, const char *key, const char *label, bool value);
/* Microseconds: "12.3 ms" for people. */
void cli_report_us(struct cli_report *report, const char *key, const char *label, int64_t us);
/* Thousandths: 1234 is 1.234. */
void cli_report_milli(struct cli_report *report, const char *key, const char *label, int64_t milli);
/* A line for people only. */
FC_PRINTF(2, 3) void cli_report_line(struct cli_report *report, const char *format, ...);

/* A table, row by row, cell by cell; an array of objects in JSON. */
void cli_report_table_begin(struct cli_report *report, const char *key, const char *label,
                            const struct cli_column *columns, int32_t column_count);
void cli_report_cell_int(struct cli_report *report, int64_t value);
void cli_report_cell_str(struct cli_report *report, struct fc_str value);
void cli_report_table_end(struct cli_report *report);

/* "950 us", "12.3 ms", "4.56 s". */
void cli_us_put(struct fc_buf *buf, int64_t us);

#endif
