/*
 * The least that statements over binary arrays need on top of libpq: columns of values written into
 * fixed memory, statements queued in pipeline mode, one wait for all their answers. For loops that
 * measure how fast PostgreSQL can be asked at all: no cures, no limits, no retries; trouble is told
 * on stderr and ends the process.
 */
#ifndef FC_SUPPORT_BARE_PIPE_H
#define FC_SUPPORT_BARE_PIPE_H

#include "base/id.h"
#include "base/time.h"

#include <libpq-fe.h>

#define BARE_COLUMNS_MAX 12
#define BARE_STATEMENTS_MAX 16

/* PostgreSQL's own numbers of the element types. */
enum bare_type {
    BARE_I64 = 20,
    BARE_I16 = 21,
    BARE_I32 = 23,
    BARE_TEXT = 25,
    BARE_INSTANT = 1184,
    BARE_UUID = 2950
};

struct bare_column {
    char *ptr; /* owned */
    size_t len;
    int32_t count;
};

struct bare_pipe {
    PGconn *pg;
    struct bare_column columns[BARE_COLUMNS_MAX]; /* of the statement that is being written */
    int column_count;                             /* the last one is open */
    PGresult *results[BARE_STATEMENTS_MAX];       /* of the last exchange; owned */
    int sent;
};

void bare_open(struct bare_pipe *pipe, const char *conninfo, const char *options);
void bare_close(struct bare_pipe *pipe);
/* Before the first exchange. */
void bare_prepare(struct bare_pipe *pipe, const char *name, const char *text);

/* One column begins, and with the first after a statement the next statement. */
void bare_column(struct bare_pipe *pipe, enum bare_type type);
void bare_i64(struct bare_pipe *pipe, int64_t value);
void bare_i32(struct bare_pipe *pipe, int32_t value);
void bare_i16(struct bare_pipe *pipe, int16_t value);
void bare_text(struct bare_pipe *pipe, struct fc_str text);
void bare_uuid(struct bare_pipe *pipe, const struct fc_uuid *id);
void bare_instant(struct bare_pipe *pipe, struct fc_instant at);

/* Queues a prepared statement with the columns written since the last one. */
void bare_send(struct bare_pipe *pipe, const char *name);
/* Sends what is queued, and waits for all answers. False: they met somebody else's change (class
 * 40, or a CHECK) and the transaction is rolled back. */
bool bare_exchange(struct bare_pipe *pipe);

/* Of the answer to the index-th statement of the last exchange. */
int bare_rows(const struct bare_pipe *pipe, int index);
int64_t bare_get_i64(const struct bare_pipe *pipe, int index, int row, int column);
struct fc_str bare_get_text(const struct bare_pipe *pipe, int index, int row, int column);

#endif
