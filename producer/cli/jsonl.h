/*
 * JSON that the command line reads: files with one object a line, and answers of the ingress. Reads
 * members by name and bounds; the first fault is kept as a sentence, and everything read after it
 * is 0 or empty, so that a caller reads straight on and asks once.
 */
#ifndef FC_CLI_JSONL_H
#define FC_CLI_JSONL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"

struct json_object;

struct cli_record {
    struct json_object *root; /* NULL: no JSON */
    bool faulty;
    char fault[160];
};

/* One JSON value and nothing behind it. Always to be closed. */
void cli_record_open(struct cli_record *record, struct fc_str text);
void cli_record_close(struct cli_record *record);

/* `object` NULL: the root. */
int64_t cli_record_int(struct cli_record *record, struct json_object *object, const char *name,
                       int64_t min, int64_t max);
bool cli_record_bool(struct cli_record *record, struct json_object *object, const char *name);
/* A copy in the arena, of `bytes_max` bytes at most; with `may_miss` it is empty when absent. */
struct fc_str cli_record_text(struct cli_record *record, struct json_object *object,
                              const char *name, struct fc_arena *arena, bool may_miss);
struct fc_instant cli_record_instant(struct cli_record *record, const char *name);
struct fc_day cli_record_day(struct cli_record *record, const char *name);
/* Elements of the root's array; 0 with a fault when it is none. */
int32_t cli_record_list(struct cli_record *record, const char *name, int32_t count_max,
                        struct json_object **ret_array);
/* An element that is an object; NULL with a fault when it is none. */
struct json_object *cli_record_item(struct cli_record *record, struct json_object *array,
                                    int32_t index);
/* Whether the root has the member. */
bool cli_record_has(const struct cli_record *record, const char *name);

FC_PRINTF(2, 3) void cli_record_fault(struct cli_record *record, const char *format, ...);

/* --- files ------------------------------------------------------------------------------------ */

/* The whole file in memory, for the time of the command. Trouble with cure PARK. */
FC_MUST_USE enum fc_rc cli_file_read(const char *path, struct fc_str *ret_text,
                                     struct fc_err *ret_err);

/* The next line that is not blank; *number counts all lines from 1 (start with 0). */
bool cli_line_next(struct fc_str *rest, int32_t *number, struct fc_str *ret_line);

/* Lines that are not blank. */
int32_t cli_line_count(struct fc_str text);

#endif
