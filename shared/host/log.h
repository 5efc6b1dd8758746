/*
 * One line a fact on stderr: time, level, program instance, a sentence in a few fixed words, then
 * key=value; JSON by setting. A line is written with one write(2). Only shells log (cycle, main,
 * the ingress's loop); lower floors return struct fc_err. Values are escaped: nothing that came
 * from outside can forge a line. May block only as stderr may.
 */
#ifndef FC_HOST_LOG_H
#define FC_HOST_LOG_H

#include "base/err.h"
#include "base/id.h"
#include "base/str.h"

enum fc_log_level { FC_LOG_DEBUG, FC_LOG_INFO, FC_LOG_WARN, FC_LOG_ERROR, FC_LOG_FATAL };

struct fc_log_settings {
    enum fc_log_level level; /* lines below it are dropped */
    bool json;
    char instance[64]; /* such as order-2, the "instance" of every line */
};

struct fc_log_line {
    char bytes[4096];
    struct fc_buf buf; /* overflow cuts the line and marks it cut=true */
    bool dropped;      /* below the level: puts do nothing */
};

void fc_log_init(const struct fc_log_settings *settings);
FC_MUST_USE bool fc_log_level_parse(struct fc_str text, enum fc_log_level *ret_level);

/* False: lines of this level are dropped, and need not be begun. */
bool fc_log_wants(enum fc_log_level level);

void fc_log_begin(struct fc_log_line *line, enum fc_log_level level, const char *sentence);
void fc_log_str(struct fc_log_line *line, const char *key, struct fc_str value);
void fc_log_text(struct fc_log_line *line, const char *key, const char *value);
void fc_log_i64(struct fc_log_line *line, const char *key, int64_t value);
void fc_log_uuid(struct fc_log_line *line, const char *key, const struct fc_uuid *id);
/* where, code (if it has one), cure, and its text as error. */
void fc_log_err(struct fc_log_line *line, const struct fc_err *err);
void fc_log_end(struct fc_log_line *line);

#endif
