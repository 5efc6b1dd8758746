#include "db/migrate.h"

#include "base/assert.h"
#include "db/session.h"
#include "sql/queries.h"

#include <stdlib.h>
#include <string.h>

#define LOCK_CLASS 7200
#define LOCK_OBJECT 1
/* The heads of two arrays and the lengths of their elements, and alignment. */
#define ARENA_EXTRA_BYTES 256
#define ARENA_EXTRA_EACH_BYTES 16

/* Memory for the parameters of any statement here; free(arena.ptr) is the caller's. */
static enum fc_rc arena_open(const struct sql_query *migrations, size_t count,
                             struct fc_arena *ret_arena, struct fc_err *ret_err)
{
    size_t size = ARENA_EXTRA_BYTES;

    for (size_t i = 0; i < count; i++)
        size += strlen(migrations[i].name) + strlen(migrations[i].text) + ARENA_EXTRA_EACH_BYTES;
    void *memory = malloc(size); /* heap: at start */

    if (memory == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "db_migrate", "out of memory");
    fc_arena_init(ret_arena, memory, size);
    return FC_OK;
}

/* --- what this program and the database do not have in common --------------------------------- */

static enum fc_rc ask_difference(struct db *db, const struct sql_query *migrations, size_t count,
                                 struct fc_arena *arena, struct fc_err *ret_err)
{
    struct db_params params;

    fc_arena_reset(arena);
    db_params_init(&params, arena);
    db_array_begin(&params, DB_TEXT);
    for (size_t i = 0; i < count; i++)
        db_array_text(&params, fc_str_of(migrations[i].name));
    db_array_end(&params);
    db_array_begin(&params, DB_TEXT);
    for (size_t i = 0; i < count; i++)
        db_array_text(&params, fc_str_of(migrations[i].text));
    db_array_end(&params);
    FC_ASSERT(!params.overflow);
    db_send(db, &sql_migrate_difference, &params);
    return db_exchange(db, ret_err);
}

/* Whether a row of sql_migrate_difference is a migration that can still be applied. */
static enum fc_rc check_row(const struct db_rows *rows, int32_t row, struct fc_err *ret_err)
{
    struct fc_str version = db_text(rows, row, 0);
    bool applied = db_bool(rows, row, 1);
    bool known = db_bool(rows, row, 2);
    struct fc_str later = db_text(rows, row, 3);

    if (applied && known)
        return fc_err_set(ret_err, FC_CURE_EXIT, "db_migrate",
                          "sql/migrations/" FC_STR_FMT ".sql was edited after it was applied",
                          FC_STR_ARG(version));
    if (applied)
        return fc_err_set(ret_err, FC_CURE_EXIT, "db_migrate",
                          "the schema has " FC_STR_FMT ", which this program does not know",
                          FC_STR_ARG(version));
    if (fc_str_cmp(version, later) < 0)
        return fc_err_set(ret_err, FC_CURE_EXIT, "db_migrate",
                          "sql/migrations/" FC_STR_FMT ".sql comes before " FC_STR_FMT
                          ", which was applied already",
                          FC_STR_ARG(version), FC_STR_ARG(later));
    return FC_OK;
}

/* --- applying --------------------------------------------------------------------------------- */

static enum fc_rc apply(struct db *db, const struct sql_query *migration, struct fc_arena *arena,
                        struct fc_err *ret_err)
{
    struct db_params params;

    db_send(db, &sql_transaction_begin, NULL);
    if (db_exchange(db, ret_err) != FC_OK)
        return FC_FAIL;
    if (db_script(db, migration, ret_err) != FC_OK)
        return FC_FAIL;
    fc_arena_reset(arena);
    db_params_init(&params, arena);
    db_param_text(&params, fc_str_of(migration->name));
    db_param_text(&params, fc_str_of(migration->text));
    FC_ASSERT(!params.overflow);
    db_send(db, &sql_migrate_record, &params);
    db_send(db, &sql_transaction_commit, NULL);
    return db_exchange(db, ret_err);
}

static enum fc_rc lock(struct db *db, struct fc_arena *arena, struct fc_err *ret_err)
{
    struct db_params params;

    db_params_init(&params, arena);
    db_param_i32(&params, LOCK_CLASS);
    db_param_i32(&params, LOCK_OBJECT);
    db_send(db, &sql_migrate_lock, &params);
    if (db_exchange(db, ret_err) != FC_OK)
        return FC_FAIL;
    db_send(db, &sql_migrate_table, NULL);
    return db_exchange(db, ret_err);
}

static const struct sql_query *find(const struct sql_query *migrations, size_t count,
                                    struct fc_str name)
{
    for (size_t i = 0; i < count; i++)
        if (fc_str_eq(fc_str_of(migrations[i].name), name))
            return &migrations[i];
    FC_UNREACHABLE("the database told a migration that it was not asked about");
}

/* Marks what is to be applied, or refuses all of it. The rows do not outlive the next statement. */
static enum fc_rc mark(const struct db_rows *rows, const struct sql_query *migrations, size_t count,
                       bool *ret_todo, struct fc_err *ret_err)
{
    for (int32_t i = 0; i < db_rows_count(rows); i++) {
        if (check_row(rows, i, ret_err) != FC_OK)
            return FC_FAIL;
        ret_todo[find(migrations, count, db_text(rows, i, 0)) - migrations] = true;
    }
    return FC_OK;
}

enum fc_rc db_migrate(const char *conninfo, const struct sql_query *migrations, size_t count,
                      db_migrate_fn *applying, void *arg, struct fc_err *ret_err)
{
    const struct db_settings settings = {conninfo, "firstcome-migrate", NULL, 0, 0, 0};
    struct fc_arena arena = {NULL, 0, 0, 0};
    enum fc_rc rc = FC_FAIL;
    struct db *db = NULL;
    bool *todo = calloc(count + 1, sizeof(*todo)); /* heap: at start */

    if (todo == NULL) {
        (void)fc_err_set(ret_err, FC_CURE_EXIT, "db_migrate", "out of memory");
        goto out;
    }
    if (arena_open(migrations, count, &arena, ret_err) != FC_OK ||
        db_open(&settings, &db, ret_err) != FC_OK || lock(db, &arena, ret_err) != FC_OK ||
        ask_difference(db, migrations, count, &arena, ret_err) != FC_OK ||
        mark(db_rows(db, 0), migrations, count, todo, ret_err) != FC_OK)
        goto out;
    for (size_t i = 0; i < count; i++) {
        if (!todo[i])
            continue;
        if (applying != NULL)
            applying(arg, migrations[i].name);
        if (apply(db, &migrations[i], &arena, ret_err) != FC_OK)
            goto out;
    }
    rc = FC_OK;
out:
    db_close(db);
    free(arena.ptr);
    free(todo);
    return rc;
}

/* --- checking --------------------------------------------------------------------------------- */

enum fc_rc db_migrate_check(struct db *db, const struct sql_query *migrations, size_t count,
                            struct fc_err *ret_err)
{
    struct fc_arena arena = {NULL, 0, 0, 0};
    enum fc_rc rc = FC_FAIL;

    if (arena_open(migrations, count, &arena, ret_err) != FC_OK)
        goto out;
    if (ask_difference(db, migrations, count, &arena, ret_err) != FC_OK) {
        /* The bookkeeping itself is missing. */
        if (db_err_is(ret_err, "42P01"))
            (void)fc_err_set(ret_err, FC_CURE_EXIT, "db_migrate_check",
                             "the schema was never made: run firstcome migrate");
        goto out;
    }
    if (db_rows_count(db_rows(db, 0)) == 0) {
        rc = FC_OK;
        goto out;
    }
    if (check_row(db_rows(db, 0), 0, ret_err) == FC_OK)
        (void)fc_err_set(ret_err, FC_CURE_EXIT, "db_migrate_check",
                         "the schema lacks " FC_STR_FMT ": run firstcome migrate",
                         FC_STR_ARG(db_text(db_rows(db, 0), 0, 0)));
out:
    free(arena.ptr);
    return rc;
}
