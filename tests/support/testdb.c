#include "support/testdb.h"

#include "base/assert.h"
#include "db/migrate.h"
#include "sql/queries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ARENA_BYTES (96U * 1024 * 1024)
#define QUERIES_KEPT 256
#define NAME_BYTES 24

static char schema[64];
static char schema_conninfo[1024];

static struct db *open_with(const char *conninfo, const char *options)
{
    const struct db_settings settings = {conninfo, "firstcome-test", options, 0, 0, 0};
    struct db *db = NULL;
    struct fc_err err;

    if (db_open(&settings, &db, &err) != FC_OK)
        fail_msg("%s: %s", err.where, err.text);
    return db;
}

/* `before`, the schema's name, `after`. */
static void run_on_schema(struct db *db, const char *before, const char *after)
{
    char text[256];

    (void)snprintf(text, sizeof(text), "%s %s %s", before, schema, after);
    testdb_run(db, text);
}

bool testdb_begin(void)
{
    const char *conninfo = getenv("FIRSTCOME_DATABASE");
    bool is_uri = conninfo != NULL && strstr(conninfo, "://") != NULL;

    if (conninfo == NULL) {
        print_message("skipped: FIRSTCOME_DATABASE names no server\n");
        return false;
    }
    (void)snprintf(schema, sizeof(schema), "fc_test_%ld", (long)getpid());
    if (is_uri)
        (void)snprintf(schema_conninfo, sizeof(schema_conninfo),
                       "%s%coptions=-c%%20search_path%%3D%s", conninfo,
                       strchr(conninfo, '?') != NULL ? '&' : '?', schema);
    else
        (void)snprintf(schema_conninfo, sizeof(schema_conninfo), "%s options='-c search_path=%s'",
                       conninfo, schema);
    struct db *db = open_with(conninfo, NULL);

    run_on_schema(db, "drop schema if exists", "cascade");
    run_on_schema(db, "create schema", "");
    db_close(db);
    return true;
}

int testdb_end(int tests)
{
    struct db *db = open_with(getenv("FIRSTCOME_DATABASE"), NULL);

    run_on_schema(db, "drop schema", "cascade");
    db_close(db);
    return tests;
}

const char *testdb_conninfo(void)
{
    return schema_conninfo;
}

void testdb_migrate(size_t count)
{
    struct fc_err err;

    if (db_migrate(testdb_conninfo(), sql_migrations, count, NULL, NULL, &err) != FC_OK)
        fail_msg("%s: %s", err.where, err.text);
}

struct db *testdb_open(const char *options)
{
    return open_with(schema_conninfo, options);
}

const struct sql_query *testdb_query(const char *text)
{
    static struct sql_query kept[QUERIES_KEPT];
    static char names[QUERIES_KEPT][NAME_BYTES];
    static int count;

    for (int i = 0; i < count; i++)
        if (strcmp(kept[i].text, text) == 0)
            return &kept[i];
    assert_in_range(count, 0, QUERIES_KEPT - 1);
    (void)snprintf(names[count], NAME_BYTES, "test_%d", count);
    kept[count] = (struct sql_query){names[count], "", strdup(text)};
    return &kept[count++];
}

void testdb_run(struct db *db, const char *text)
{
    struct fc_err err;

    db_send(db, testdb_query(text), NULL);
    if (db_exchange(db, &err) != FC_OK)
        fail_msg("%s: %s (%s)", text, err.text, err.code);
}

int64_t testdb_ask(struct db *db, const char *text)
{
    testdb_run(db, text);
    assert_in_range(db_rows_count(db_rows(db, 0)), 1, INT32_MAX);
    return db_i64(db_rows(db, 0), 0, 0);
}

void testdb_await(struct db *db, const char *text)
{
    while (testdb_ask(db, text) == 0)
        testdb_run(db, "select pg_sleep(0.005)");
}

struct fc_arena *testdb_arena(void)
{
    static struct fc_arena arena;

    if (arena.ptr == NULL) {
        void *memory = malloc(ARENA_BYTES);

        assert_non_null(memory);
        fc_arena_init(&arena, memory, ARENA_BYTES);
    }
    fc_arena_reset(&arena);
    return &arena;
}

static void on_assert(const char *text)
{
    /* cmocka prints it after the stack on which it stood is gone. */
    static char kept[200];

    (void)fc_str_copy(fc_str_of(text), kept, sizeof(kept));
    mock_assert(0, kept, __FILE__, __LINE__);
}

void testdb_catch_asserts(void)
{
    fc_assert_hook_set(on_assert);
}
