#include "producer/cli/report.h"

#include "base/assert.h"
#include "producer/cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define REPORT_BYTES (8 * 1024 * 1024)
#define CELLS_BYTES (8 * 1024 * 1024)
#define LABEL_WIDTH 30

void cli_us_put(struct fc_buf *buf, int64_t us)
{
    if (us < 1000)
        fc_buf_put_fmt(buf, "%d us", (int)us);
    else if (us < 1000000)
        fc_buf_put_fmt(buf, "%d.%d ms", (int)(us / 1000), (int)(us / 100 % 10));
    else
        fc_buf_put_fmt(buf, "%lld.%02d s", (long long)(us / 1000000), (int)(us / 10000 % 100));
}

bool cli_report_begin(struct cli_report *report, bool as_json)
{
    char *memory = cli_memory(REPORT_BYTES);
    char *cells = cli_memory(CELLS_BYTES);

    if (memory == NULL || cells == NULL)
        return false;
    *report = (struct cli_report){
        .as_json = as_json, .buf = fc_buf_of(memory, REPORT_BYTES), .cells = cells};
    wire_json_init(&report->json, &report->buf);
    if (as_json)
        wire_json_object_begin(&report->json);
    return true;
}

void cli_report_end(struct cli_report *report)
{
    if (report->as_json) {
        wire_json_object_end(&report->json);
        fc_buf_put_char(&report->buf, '\n');
    }
    FC_ASSERT(!report->buf.overflow);
    (void)fwrite(report->buf.ptr, 1, report->buf.len, stdout);
    (void)fflush(stdout);
    report->buf.len = 0;
}

/* --- facts ------------------------------------------------------------------------------------ */

static void put_label(struct cli_report *report, const char *label)
{
    fc_buf_put_fmt(&report->buf, "%*s%-*s ", report->indent, "", LABEL_WIDTH - report->indent,
                   label);
}

void cli_report_group_begin(struct cli_report *report, const char *key, const char *label)
{
    if (report->as_json) {
        wire_json_name(&report->json, fc_str_of(key));
        wire_json_object_begin(&report->json);
        return;
    }
    fc_buf_put_fmt(&report->buf, "%*s%s\n", report->indent, "", label);
    report->indent += 2;
}

void cli_report_group_end(struct cli_report *report)
{
    if (report->as_json)
        wire_json_object_end(&report->json);
    else
        report->indent -= 2;
}

void cli_report_int(struct cli_report *report, const char *key, const char *label, int64_t value)
{
    if (report->as_json) {
        wire_json_name(&report->json, fc_str_of(key));
        wire_json_i64(&report->json, value);
        return;
    }
    put_label(report, label);
    fc_buf_put_fmt(&report->buf, "%lld\n", (long long)value);
}

void cli_report_str(struct cli_report *report, const char *key, const char *label,
                    struct fc_str value)
{
    if (report->as_json) {
        wire_json_name(&report->json, fc_str_of(key));
        wire_json_str(&report->json, value);
        return;
    }
    put_label(report, label);
    fc_buf_put_fmt(&report->buf, FC_STR_FMT "\n", FC_STR_ARG(value));
}

void cli_report_bool(struct cli_report *report, const char *key, const char *label, bool value)
{
    if (!report->as_json) {
        cli_report_str(report, key, label, fc_str_of(value ? "yes" : "no"));
        return;
    }
    wire_json_name(&report->json, fc_str_of(key));
    wire_json_bool(&report->json, value);
}

void cli_report_us(struct cli_report *report, const char *key, const char *label, int64_t us)
{
    char memory[48];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    if (report->as_json) {
        cli_report_int(report, key, label, us);
        return;
    }
    cli_us_put(&buf, us);
    cli_report_str(report, key, label, fc_buf_str(&buf));
}

void cli_report_milli(struct cli_report *report, const char *key, const char *label, int64_t milli)
{
    char memory[32];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    FC_ASSERT(milli >= 0);
    fc_buf_put_fmt(&buf, "%lld.%03d", (long long)(milli / 1000), (int)(milli % 1000));
    if (!report->as_json) {
        cli_report_str(report, key, label, fc_buf_str(&buf));
        return;
    }
    wire_json_name(&report->json, fc_str_of(key));
    wire_json_raw(&report->json, fc_buf_str(&buf));
}

void cli_report_line(struct cli_report *report, const char *format, ...)
{
    va_list args;
    char memory[1024];

    if (report->as_json)
        return;
    va_start(args, format);
    int len = vsnprintf(memory, sizeof(memory), format, args);

    va_end(args);
    FC_ASSERT(len >= 0);
    fc_buf_put_fmt(&report->buf, "%*s%s\n", report->indent, "", memory);
}

/* --- tables ----------------------------------------------------------------------------------- */

void cli_report_table_begin(struct cli_report *report, const char *key, const char *label,
                            const struct cli_column *columns, int32_t column_count)
{
    FC_ASSERT(column_count > 0 && column_count <= REPORT_COLUMNS_MAX);
    report->columns = columns;
    report->column_count = column_count;
    report->cells_len = 0;
    report->cell_count = 0;
    if (report->as_json) {
        wire_json_name(&report->json, fc_str_of(key));
        wire_json_array_begin(&report->json);
    } else if (label != NULL) {
        fc_buf_put_fmt(&report->buf, "%*s%s\n", report->indent, "", label);
    }
}

/* Before the value of a cell in JSON. */
static void cell_open(struct cli_report *report)
{
    int32_t column = report->cell_count % report->column_count;

    if (column == 0)
        wire_json_object_begin(&report->json);
    wire_json_key(&report->json, report->columns[column].key);
}

static void cell_close(struct cli_report *report)
{
    report->cell_count++;
    if (report->as_json && report->cell_count % report->column_count == 0)
        wire_json_object_end(&report->json);
}

/* What does not fit any more is left out of the table, not out of JSON. */
static void cell_keep(struct cli_report *report, struct fc_str text)
{
    size_t room = CELLS_BYTES - report->cells_len;
    size_t len = text.len < room ? text.len : room - 1;

    FC_ASSERT(room > 0);
    if (len > 0) /* an empty text has no bytes to point at */
        memcpy(report->cells + report->cells_len, text.ptr, len);
    report->cells[report->cells_len + len] = '\0';
    report->cells_len += len + (len + 1 < room ? 1 : 0);
}

void cli_report_cell_int(struct cli_report *report, int64_t value)
{
    char memory[24];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    if (report->as_json) {
        cell_open(report);
        wire_json_i64(&report->json, value);
    } else {
        fc_buf_put_i64(&buf, value);
        cell_keep(report, fc_buf_str(&buf));
    }
    cell_close(report);
}

void cli_report_cell_str(struct cli_report *report, struct fc_str value)
{
    if (report->as_json) {
        cell_open(report);
        wire_json_str(&report->json, value);
    } else {
        cell_keep(report, value);
    }
    cell_close(report);
}

/* Columns on the terminal: bytes that begin a character. */
static int32_t width_of(const char *text)
{
    int32_t width = 0;

    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static void put_cell(struct cli_report *report, int32_t column, const char *text, int32_t width)
{
    bool last = column == report->column_count - 1;
    int32_t pad = width - width_of(text);

    fc_buf_put_fmt(&report->buf, "%*s", column == 0 ? report->indent : 2, "");
    if (report->columns[column].is_number)
        fc_buf_put_fmt(&report->buf, "%*s%s", pad, "", text);
    else
        fc_buf_put_fmt(&report->buf, "%s%*s", text, last ? 0 : pad, "");
    if (last)
        fc_buf_put_char(&report->buf, '\n');
}

void cli_report_table_end(struct cli_report *report)
{
    int32_t widths[REPORT_COLUMNS_MAX] = {0};
    const char *text = report->cells;

    FC_ASSERT(report->cell_count % report->column_count == 0);
    if (report->as_json) {
        wire_json_array_end(&report->json);
        return;
    }
    for (int32_t i = 0; i < report->column_count; i++)
        widths[i] = width_of(report->columns[i].label);
    for (int32_t i = 0; i < report->cell_count; i++, text += strlen(text) + 1) {
        int32_t width = width_of(text);

        if (width > widths[i % report->column_count])
            widths[i % report->column_count] = width;
    }
    for (int32_t i = 0; i < report->column_count; i++)
        put_cell(report, i, report->columns[i].label, widths[i]);
    text = report->cells;
    for (int32_t i = 0; i < report->cell_count; i++, text += strlen(text) + 1)
        put_cell(report, i % report->column_count, text, widths[i % report->column_count]);
}
