#include "clock/due.h"

#include "base/assert.h"
#include "sql/queries.h"

static_assert(DUE_PAGE_ROWS * 3 * 400 < DUE_ARENA_BYTES, "a page fits");

/* The first instant of year 1. */
const struct fc_instant due_always = {-62135596800LL * FC_US_PER_S};

struct due_run due_run_of(struct fc_str name, struct fc_instant at, struct fc_instant now,
                          struct fc_instant from)
{
    return (struct due_run){.name = name, .at = at, .now = now, .row_at = from};
}

/* --- a command -------------------------------------------------------------------------------- */

/* The next command of the run, but for its key and its body. */
static struct wire_command command_begin(struct due_run *run, enum command_type type)
{
    struct wire_command command = {.command = {.type = type, .accepted_at = run->now}};

    command.command.id = fc_uuid_named(run->at, run->name, run->command_count++);
    return command;
}

static void command_end(struct wire_command *command, struct outbox *outbox)
{
    struct fc_buf buf;

    if (command->key.len == 0) {
        buf = fc_arena_buf_begin(outbox->arena);
        wire_command_key_put(&buf, command->command.key);
        if (!fc_arena_buf_end(outbox->arena, &buf, &command->key))
            FC_UNREACHABLE("the arena holds a page");
    }
    buf = fc_arena_buf_begin(outbox->arena);
    wire_body_put(&buf, &command->command);
    if (!fc_arena_buf_end(outbox->arena, &buf, &command->body))
        FC_UNREACHABLE("the arena holds a page");
    outbox_put(outbox, command);
}

/* --- a page ----------------------------------------------------------------------------------- */

/* Rows of (object, id, instant): those behind the last one, due before now. */
static enum fc_rc page_read(const struct due_run *run, const struct sql_query *query, struct db *db,
                            struct fc_arena *arena, struct fc_err *ret_err)
{
    struct db_params params;

    db_params_init(&params, arena);
    db_param_instant(&params, run->now);
    db_param_instant(&params, run->row_at);
    db_param_uuid(&params, &run->row_id);
    db_param_i32(&params, DUE_PAGE_ROWS);
    db_send(db, query, &params);
    return db_exchange(db, ret_err);
}

/* Goes on behind a row, if it is the furthest so far. */
static void pass_row(struct due_run *run, struct fc_instant at, const struct fc_uuid *id)
{
    if (at.us < run->row_at.us || (at.us == run->row_at.us && fc_uuid_cmp(id, &run->row_id) < 0))
        return;
    run->row_at = at;
    run->row_id = *id;
}

/* --- coupons ---------------------------------------------------------------------------------- */

/* The rows from `row` on that one command names: of one template, not too many. */
static int32_t same_template(const struct db_rows *rows, int32_t row)
{
    int64_t template_id = db_i64(rows, row, 0);
    int32_t count = 1;

    while (row + count < db_rows_count(rows) && count < COUPON_EXPIRE_MAX &&
           db_i64(rows, row + count, 0) == template_id)
        count++;
    return count;
}

enum fc_rc due_coupons(struct due_run *run, struct db *db, struct outbox *outbox, bool *ret_more,
                       struct fc_err *ret_err)
{
    int32_t count;

    if (page_read(run, &sql_clock_coupons_due, db, outbox->arena, ret_err) == FC_FAIL)
        return FC_FAIL;
    const struct db_rows *rows = db_rows(db, 0);

    for (int32_t row = 0; row < db_rows_count(rows); row += count) {
        struct wire_command command = command_begin(run, COMMAND_COUPON_EXPIRE);
        struct coupon_expire *expire = &command.command.body.coupon_expire;

        count = same_template(rows, row);
        command.command.key = (struct command_key){COMMAND_KEY_TEMPLATE, db_i64(rows, row, 0)};
        expire->coupon_ids =
            fc_arena_take(outbox->arena, (size_t)count, sizeof(*expire->coupon_ids));
        FC_ASSERT(expire->coupon_ids != NULL);
        expire->coupon_count = count;
        for (int32_t i = 0; i < count; i++) {
            expire->coupon_ids[i] = db_uuid(rows, row + i, 1);
            pass_row(run, db_instant(rows, row + i, 2), &expire->coupon_ids[i]);
        }
        command_end(&command, outbox);
    }
    *ret_more = db_rows_count(rows) == DUE_PAGE_ROWS;
    return FC_OK;
}

/* --- orders ----------------------------------------------------------------------------------- */

enum fc_rc due_orders(struct due_run *run, struct db *db, struct outbox *outbox, bool *ret_more,
                      struct fc_err *ret_err)
{
    if (page_read(run, &sql_clock_orders_due, db, outbox->arena, ret_err) == FC_FAIL)
        return FC_FAIL;
    const struct db_rows *rows = db_rows(db, 0);

    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        struct wire_command command = command_begin(run, COMMAND_ORDER_EXPIRE);
        struct order_expire *expire = &command.command.body.order_expire;

        /* It stands in line where the order was placed. */
        command.key = db_text(rows, row, 0);
        if (!wire_command_key_parse(command.key, &command.command.key))
            FC_UNREACHABLE("an order has the key of the command that placed it");
        expire->order_id = db_uuid(rows, row, 1);
        pass_row(run, db_instant(rows, row, 2), &expire->order_id);
        command_end(&command, outbox);
    }
    *ret_more = db_rows_count(rows) == DUE_PAGE_ROWS;
    return FC_OK;
}

/* --- days ------------------------------------------------------------------------------------- */

enum fc_rc due_day(struct due_run *run, struct db *db, struct outbox *outbox, bool *ret_more,
                   struct fc_err *ret_err)
{
    struct wire_command command = command_begin(run, COMMAND_DAY_CLOSE);
    struct fc_day day = fc_day_seoul(run->at);

    (void)db;
    (void)ret_err;
    day.days--;
    command.command.key = (struct command_key){COMMAND_KEY_DAY, day.days};
    command.command.body.day_close.day = day;
    command_end(&command, outbox);
    *ret_more = false;
    return FC_OK;
}
