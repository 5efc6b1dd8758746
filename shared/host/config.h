/*
 * Settings: one row each in a program's table, with name, kind, default, bounds and one sentence.
 * The row gives parsing, --print-config and the documentation. Values come from the environment;
 * a wrong one is trouble with cure EXIT whose text names the setting and what it may be. Reads
 * the environment once at start; nothing here blocks or changes later.
 */
#ifndef FC_HOST_CONFIG_H
#define FC_HOST_CONFIG_H

#include "base/err.h"
#include "base/str.h"

enum fc_setting_kind {
    FC_SETTING_TEXT,    /* char[size] */
    FC_SETTING_I32,     /* int32_t in min..max */
    FC_SETTING_BOOL,    /* bool: true false yes no on off 1 0 */
    FC_SETTING_SECRET,  /* as TEXT, never printed; FIRSTCOME_X_FILE may name a file instead */
    FC_SETTING_ADDRESS, /* char[size]: host:port, checked to have both; may only be empty where
                           the default is */
};

struct fc_setting {
    const char *name; /* FIRSTCOME_… */
    enum fc_setting_kind kind;
    size_t offset;        /* of the member in the settings struct */
    size_t size;          /* of the member */
    const char *value;    /* default as text; NULL: must be given */
    int64_t min, max;     /* I32: value; TEXT and SECRET: bytes, max 0: as many as fit */
    const char *sentence; /* what it is for, with its unit */
};

/* Fills the struct at `ret_settings` from `environment` (as environ); names every fault found in
 * one text as far as it fits; the struct is then of no use. Unknown FIRSTCOME_* variables are not
 * faults: others read them. */
FC_MUST_USE enum fc_rc fc_config_read(const struct fc_setting *table, size_t count,
                                      char *const *environment, void *ret_settings,
                                      struct fc_err *ret_err);

/* One line a setting, NAME=value, then "  # sentence"; secrets as "(set)" or "(not set)". */
void fc_config_print(const struct fc_setting *table, size_t count, const void *settings, int fd);

/* The rows that every program has: log level, log format, instance. */
struct fc_common_settings {
    char log_level[16];
    char log_format[16];
    char instance[64];
};

#define FC_COMMON_SETTINGS_COUNT 3
/* Rows for a struct fc_common_settings that stands at `offset` in the program's struct. */
void fc_config_common_rows(size_t offset, struct fc_setting ret_rows[FC_COMMON_SETTINGS_COUNT]);

/* Sets the log up from them; a wrong level or format is trouble. */
FC_MUST_USE enum fc_rc fc_config_apply_log(const struct fc_common_settings *common,
                                           const char *program, struct fc_err *ret_err);

#endif
