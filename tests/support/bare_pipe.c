#include "support/bare_pipe.h"

#include "base/assert.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMN_BYTES (1024 * 1024)
#define HEAD_BYTES 20
/* Where PostgreSQL's time begins, 2000, in microseconds since 1970. */
#define EPOCH_US 946684800000000LL

static void give_up(const struct bare_pipe *pipe, const char *what)
{
    (void)fprintf(stderr, "%s: %s\n", what, PQerrorMessage(pipe->pg));
    exit(1);
}

/* --- life ------------------------------------------------------------------------------------- */

void bare_open(struct bare_pipe *pipe, const char *conninfo, const char *options)
{
    const char *const names[] = {"dbname", "options", "application_name", NULL};
    const char *const values[] = {conninfo, options, "bench-bare", NULL};

    *pipe = (struct bare_pipe){.pg = PQconnectdbParams(names, values, 1)};
    if (PQstatus(pipe->pg) != CONNECTION_OK)
        give_up(pipe, "connect");
    for (int i = 0; i < BARE_COLUMNS_MAX; i++) {
        pipe->columns[i].ptr = malloc(COLUMN_BYTES); /* heap: at start */
        FC_ASSERT(pipe->columns[i].ptr != NULL);
    }
}

void bare_prepare(struct bare_pipe *pipe, const char *name, const char *text)
{
    PGresult *result = PQprepare(pipe->pg, name, text, 0, NULL);

    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        give_up(pipe, name);
    PQclear(result);
}

static void forget_results(struct bare_pipe *pipe)
{
    for (int i = 0; i < BARE_STATEMENTS_MAX; i++) {
        PQclear(pipe->results[i]);
        pipe->results[i] = NULL;
    }
}

void bare_close(struct bare_pipe *pipe)
{
    forget_results(pipe);
    for (int i = 0; i < BARE_COLUMNS_MAX; i++)
        free(pipe->columns[i].ptr);
    PQfinish(pipe->pg);
    *pipe = (struct bare_pipe){0};
}

/* --- columns ---------------------------------------------------------------------------------- */

static struct bare_column *open_column(struct bare_pipe *pipe)
{
    FC_ASSERT(pipe->column_count > 0);
    return &pipe->columns[pipe->column_count - 1];
}

static void put_bytes(struct bare_column *column, const void *bytes, size_t len)
{
    FC_ASSERT(column->len + len <= COLUMN_BYTES);
    memcpy(column->ptr + column->len, bytes, len);
    column->len += len;
}

static void put_u32(struct bare_column *column, uint32_t value)
{
    uint32_t bytes = htobe32(value);

    put_bytes(column, &bytes, sizeof(bytes));
}

void bare_column(struct bare_pipe *pipe, enum bare_type type)
{
    FC_ASSERT(pipe->column_count < BARE_COLUMNS_MAX);
    struct bare_column *column = &pipe->columns[pipe->column_count++];
    const uint32_t head[] = {1, 0, (uint32_t)type, 0, 1}; /* dimensions, nulls, …, length, from */

    column->len = 0;
    column->count = 0;
    for (size_t i = 0; i < FC_ARRAY_COUNT(head); i++)
        put_u32(column, head[i]);
}

static void put_value(struct bare_pipe *pipe, const void *bytes, size_t len)
{
    struct bare_column *column = open_column(pipe);

    column->count++;
    put_u32(column, (uint32_t)len);
    put_bytes(column, bytes, len);
}

void bare_i64(struct bare_pipe *pipe, int64_t value)
{
    uint64_t bytes = htobe64((uint64_t)value);

    put_value(pipe, &bytes, sizeof(bytes));
}

void bare_i32(struct bare_pipe *pipe, int32_t value)
{
    uint32_t bytes = htobe32((uint32_t)value);

    put_value(pipe, &bytes, sizeof(bytes));
}

void bare_i16(struct bare_pipe *pipe, int16_t value)
{
    uint16_t bytes = htobe16((uint16_t)value);

    put_value(pipe, &bytes, sizeof(bytes));
}

void bare_text(struct bare_pipe *pipe, struct fc_str text)
{
    put_value(pipe, text.ptr, text.len);
}

void bare_uuid(struct bare_pipe *pipe, const struct fc_uuid *id)
{
    put_value(pipe, id->bytes, sizeof(id->bytes));
}

void bare_instant(struct bare_pipe *pipe, struct fc_instant at)
{
    bare_i64(pipe, at.us - EPOCH_US);
}

/* --- statements ------------------------------------------------------------------------------- */

static void close_columns(struct bare_pipe *pipe)
{
    for (int i = 0; i < pipe->column_count; i++) {
        struct bare_column *column = &pipe->columns[i];
        uint32_t count = htobe32((uint32_t)column->count);

        FC_ASSERT(column->len >= HEAD_BYTES);
        memcpy(column->ptr + 12, &count, sizeof(count));
    }
}

void bare_send(struct bare_pipe *pipe, const char *name)
{
    const char *values[BARE_COLUMNS_MAX] = {0};
    int lengths[BARE_COLUMNS_MAX] = {0};
    int formats[BARE_COLUMNS_MAX] = {0};

    FC_ASSERT(pipe->sent < BARE_STATEMENTS_MAX);
    if (PQpipelineStatus(pipe->pg) == PQ_PIPELINE_OFF && PQenterPipelineMode(pipe->pg) != 1)
        give_up(pipe, "pipeline");
    close_columns(pipe);
    for (int i = 0; i < pipe->column_count; i++) {
        values[i] = pipe->columns[i].ptr;
        lengths[i] = (int)pipe->columns[i].len;
        formats[i] = 1;
    }
    if (PQsendQueryPrepared(pipe->pg, name, pipe->column_count, values, lengths, formats, 1) != 1)
        give_up(pipe, name);
    pipe->column_count = 0;
    pipe->sent++;
}

static bool is_conflict(const char *state)
{
    return state != NULL && (strncmp(state, "40", 2) == 0 || strcmp(state, "23514") == 0);
}

/* The index-th answer; false when it is trouble that another try may get around. */
static bool take_result(struct bare_pipe *pipe, int index)
{
    PGresult *result = PQgetResult(pipe->pg);
    ExecStatusType status = PQresultStatus(result);

    pipe->results[index] = result;
    PQclear(PQgetResult(pipe->pg)); /* the NULL behind each answer */
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_ABORTED)
        return true;
    if (!is_conflict(PQresultErrorField(result, PG_DIAG_SQLSTATE)))
        give_up(pipe, PQresultErrorMessage(result));
    return false;
}

static bool exchange(struct bare_pipe *pipe)
{
    int count = pipe->sent;
    bool well = true;

    forget_results(pipe);
    if (PQpipelineSync(pipe->pg) != 1)
        give_up(pipe, "sync");
    for (int i = 0; i < count; i++)
        if (!take_result(pipe, i))
            well = false;
    PGresult *sync = PQgetResult(pipe->pg);

    if (PQresultStatus(sync) != PGRES_PIPELINE_SYNC)
        give_up(pipe, "sync");
    PQclear(sync);
    pipe->sent = 0;
    return well;
}

bool bare_exchange(struct bare_pipe *pipe)
{
    if (exchange(pipe))
        return true;
    bare_send(pipe, "rollback");
    if (!exchange(pipe))
        give_up(pipe, "rollback");
    return false;
}

int bare_rows(const struct bare_pipe *pipe, int index)
{
    return PQntuples(pipe->results[index]);
}

int64_t bare_get_i64(const struct bare_pipe *pipe, int index, int row, int column)
{
    uint64_t bytes;

    FC_ASSERT(PQgetlength(pipe->results[index], row, column) == (int)sizeof(bytes));
    memcpy(&bytes, PQgetvalue(pipe->results[index], row, column), sizeof(bytes));
    return (int64_t)be64toh(bytes);
}

struct fc_str bare_get_text(const struct bare_pipe *pipe, int index, int row, int column)
{
    const PGresult *result = pipe->results[index];

    return (struct fc_str){PQgetvalue(result, row, column),
                           (size_t)PQgetlength(result, row, column)};
}
