#include "db/lease.h"

#include "base/assert.h"
#include "sql/queries.h"

#include <stdalign.h>
#include <string.h>

/* Two integers. */
#define PARAMS_BYTES 64

/* Asks one statement of a lock class and an object (or another number), alone. */
static enum fc_rc ask(struct db *db, const struct sql_query *query, int32_t lock_class,
                      int32_t object, struct fc_err *ret_err)
{
    alignas(16) char memory[PARAMS_BYTES];
    struct fc_arena arena;
    struct db_params params;

    fc_arena_init(&arena, memory, sizeof(memory));
    db_params_init(&params, &arena);
    db_param_i32(&params, lock_class);
    if (query != &sql_lease_look)
        db_param_i32(&params, object);
    FC_ASSERT(!params.overflow);
    db_send(db, query, &params);
    return db_exchange(db, ret_err);
}

enum fc_rc db_lease_enroll(struct db *db, int32_t lock_class, struct fc_err *ret_err)
{
    return ask(db, &sql_lease_enroll, lock_class, DB_LEASE_ROLL, ret_err);
}

/* One row of sql_lease_look: pid, object, mine. They come in the order of the pids. */
static void view_add(struct db_lease_view *view, const struct db_rows *rows, int32_t row)
{
    int32_t pid = (int32_t)db_i64(rows, row, 0);
    int64_t object = db_i64(rows, row, 1);
    bool mine = db_bool(rows, row, 2);

    if (object == DB_LEASE_ROLL) {
        if (mine) {
            view->rank = view->workers;
            view->me = pid;
        }
        view->workers++;
    } else if (object >= 0 && object < view->partitions) {
        view->held_by[object] = pid;
    }
}

enum fc_rc db_lease_look(struct db *db, int32_t lock_class, int32_t partitions,
                         struct db_lease_view *ret_view, struct fc_err *ret_err)
{
    struct db_lease_view view;

    FC_ASSERT(partitions > 0 && partitions <= PARTITIONS_MAX);
    if (ask(db, &sql_lease_look, lock_class, 0, ret_err) != FC_OK)
        return FC_FAIL;
    const struct db_rows *rows = db_rows(db, 0);

    memset(&view, 0, sizeof(view));
    view.partitions = partitions;
    for (int32_t i = 0; i < db_rows_count(rows); i++)
        view_add(&view, rows, i);
    /* A session that looks has enrolled before. */
    FC_ASSERT(view.me != 0);
    *ret_view = view;
    return FC_OK;
}

enum fc_rc db_lease_evict(struct db *db, int32_t lock_class, int32_t silent_ms, int32_t *ret_count,
                          struct fc_err *ret_err)
{
    FC_ASSERT(silent_ms >= 0);
    if (ask(db, &sql_lease_evict, lock_class, silent_ms, ret_err) != FC_OK)
        return FC_FAIL;
    *ret_count = db_rows_count(db_rows(db, 0));
    return FC_OK;
}

enum fc_rc db_lease_take(struct db *db, int32_t lock_class, int32_t partition, bool *ret_taken,
                         struct fc_err *ret_err)
{
    FC_ASSERT(partition >= 0 && partition < PARTITIONS_MAX);
    if (ask(db, &sql_lease_take, lock_class, partition, ret_err) != FC_OK)
        return FC_FAIL;
    *ret_taken = db_bool(db_rows(db, 0), 0, 0);
    return FC_OK;
}

enum fc_rc db_lease_give(struct db *db, int32_t lock_class, int32_t partition,
                         struct fc_err *ret_err)
{
    FC_ASSERT(partition >= 0 && partition < PARTITIONS_MAX);
    if (ask(db, &sql_lease_give, lock_class, partition, ret_err) != FC_OK)
        return FC_FAIL;
    /* Giving what one does not hold is a mistake: two owners could have acted. */
    FC_ASSERT(db_bool(db_rows(db, 0), 0, 0));
    return FC_OK;
}
