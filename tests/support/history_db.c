#include "support/history_db.h"

#include "db/conn.h"

/* Parameters are two ids at most. */
#define ARENA_BYTES 4096

struct snapshot {
    struct db *db;
    struct evidence *evidence;
    struct fc_arena arena;
};

typedef bool take_row_fn(struct snapshot *snapshot, const struct db_rows *rows, int32_t row,
                         char ret_why[256]);

/* --- pages ------------------------------------------------------------------------------------ */

/* Where a page begins: behind the last row of the one before. */
enum page_by { PAGE_NOT, PAGE_BY_ID, PAGE_BY_NUMBER, PAGE_BY_BOTH };

struct page {
    struct sql_query query;
    enum page_by by; /* the first columns, in this order */
    take_row_fn *take;
};

struct cursor {
    struct fc_uuid id;
    int64_t number;
};

static void put_cursor(struct db_params *params, enum page_by by, const struct cursor *cursor)
{
    if (by == PAGE_BY_ID || by == PAGE_BY_BOTH)
        db_param_uuid(params, &cursor->id);
    if (by == PAGE_BY_NUMBER || by == PAGE_BY_BOTH)
        db_param_i64(params, cursor->number);
}

static void move_cursor(enum page_by by, const struct db_rows *rows, int32_t row,
                        struct cursor *cursor)
{
    if (by == PAGE_BY_ID || by == PAGE_BY_BOTH)
        cursor->id = db_uuid(rows, row, 0);
    if (by == PAGE_BY_NUMBER || by == PAGE_BY_BOTH)
        cursor->number = db_i64(rows, row, by == PAGE_BY_BOTH ? 1 : 0);
}

static enum fc_rc read_page(struct snapshot *snapshot, const struct page *page,
                            struct cursor *cursor, int32_t *ret_count, struct fc_err *ret_err)
{
    struct db_params params;
    const struct db_rows *rows;
    char why[256];

    fc_arena_reset(&snapshot->arena);
    db_params_init(&params, &snapshot->arena);
    put_cursor(&params, page->by, cursor);
    db_send(snapshot->db, &page->query, &params);
    if (db_exchange(snapshot->db, ret_err) == FC_FAIL)
        return FC_FAIL;
    rows = db_rows(snapshot->db, 0);
    *ret_count = db_rows_count(rows);
    for (int32_t row = 0; row < *ret_count; row++)
        if (!page->take(snapshot, rows, row, why))
            return fc_err_set(ret_err, FC_CURE_EXIT, page->query.name, "%s", why);
    if (*ret_count > 0)
        move_cursor(page->by, rows, *ret_count - 1, cursor);
    return FC_OK;
}

static enum fc_rc read_pages(struct snapshot *snapshot, const struct page *page,
                             struct fc_err *ret_err)
{
    /* Ids of users, options and templates are above 0, sequences too. */
    struct cursor cursor = {.number = INT64_MIN};
    int32_t count = 0;

    do {
        if (read_page(snapshot, page, &cursor, &count, ret_err) == FC_FAIL)
            return FC_FAIL;
    } while (count > 0 && page->by != PAGE_NOT);
    return FC_OK;
}

/* --- rows ------------------------------------------------------------------------------------- */

static bool take_journal(struct snapshot *snapshot, const struct db_rows *rows, int32_t row,
                         char ret_why[256])
{
    const struct evidence_row made = {
        .id = db_uuid(rows, row, 0),
        .seq = db_i64(rows, row, 1),
        .actor_id = db_i64(rows, row, 2),
        .decided_at = db_instant(rows, row, 3).us,
        .replay_of = db_uuid(rows, row, 4),
        .is_replay = !db_is_null(rows, row, 4),
    };
    const struct evidence_row_text text = {
        .type = db_text(rows, row, 5),
        .key = db_text(rows, row, 6),
        .idempotency_key = db_text(rows, row, 7),
        .verdict = db_text(rows, row, 8),
        .result = db_text(rows, row, 9),
        .events = db_text(rows, row, 10),
    };

    return evidence_put_row(snapshot->evidence, &made, &text, ret_why);
}

static bool take_wallet(struct snapshot *snapshot, const struct db_rows *rows, int32_t row,
                        char ret_why[256])
{
    (void)ret_why;
    *ARRAY_ADD(snapshot->evidence, wallet) =
        (struct evidence_wallet){db_i64(rows, row, 0), db_i64(rows, row, 1), db_i64(rows, row, 2)};
    return true;
}

static bool take_option(struct snapshot *snapshot, const struct db_rows *rows, int32_t row,
                        char ret_why[256])
{
    (void)ret_why;
    *ARRAY_ADD(snapshot->evidence, option) =
        (struct evidence_option){db_i64(rows, row, 0), db_i64(rows, row, 1), db_i64(rows, row, 2)};
    return true;
}

static bool take_template(struct snapshot *snapshot, const struct db_rows *rows, int32_t row,
                          char ret_why[256])
{
    (void)ret_why;
    *ARRAY_ADD(snapshot->evidence, template) = (struct evidence_template){
        db_i64(rows, row, 0), db_is_null(rows, row, 1) ? -1 : db_i64(rows, row, 1),
        db_i64(rows, row, 2)};
    return true;
}

static bool take_coupon(struct snapshot *snapshot, const struct db_rows *rows, int32_t row,
                        char ret_why[256])
{
    (void)ret_why;
    *ARRAY_ADD(snapshot->evidence, coupon) = (struct evidence_coupon){
        db_uuid(rows, row, 0), db_i64(rows, row, 1), db_i64(rows, row, 2), db_i64(rows, row, 3)};
    return true;
}

static bool take_order(struct snapshot *snapshot, const struct db_rows *rows, int32_t row,
                       char ret_why[256])
{
    (void)ret_why;
    *ARRAY_ADD(snapshot->evidence, order) = (struct evidence_order){
        .id = db_uuid(rows, row, 0),
        .user_id = db_i64(rows, row, 1),
        .paid = db_i64(rows, row, 2),
        .from_balance = db_i64(rows, row, 3),
        .refunded = db_i64(rows, row, 4),
        .status = names_put(&snapshot->evidence->names, db_text(rows, row, 5)),
        .transfer = db_bool(rows, row, 6),
        .was_paid = db_bool(rows, row, 7),
    };
    return true;
}

static bool take_order_line(struct snapshot *snapshot, const struct db_rows *rows, int32_t row,
                            char ret_why[256])
{
    (void)ret_why;
    *ARRAY_ADD(snapshot->evidence, order_line) = (struct evidence_order_line){
        db_uuid(rows, row, 0), db_i64(rows, row, 1), db_i64(rows, row, 2)};
    return true;
}

static bool take_counted(struct snapshot *snapshot, const struct db_rows *rows, int32_t row,
                         char ret_why[256])
{
    (void)ret_why;
    *ARRAY_ADD(snapshot->evidence, counted) = db_uuid(rows, row, 0);
    return true;
}

static bool take_parked(struct snapshot *snapshot, const struct db_rows *rows, int32_t row,
                        char ret_why[256])
{
    (void)ret_why;
    *ARRAY_ADD(snapshot->evidence, parking) = (struct evidence_parked){
        .id = db_uuid(rows, row, 0),
        .reason = names_put(&snapshot->evidence->names, db_text(rows, row, 1)),
        .open = db_bool(rows, row, 2),
        .dropped = db_bool(rows, row, 3),
    };
    return true;
}

static bool take_counter(struct snapshot *snapshot, const struct db_rows *rows, int32_t row,
                         char ret_why[256])
{
    enum counter_kind kind = (enum counter_kind)db_i64(rows, row, 0);
    struct evidence_counter counter = {
        .kind = kind, .day = db_day(rows, row, 1).days, .thing = db_i64(rows, row, 2)};

    (void)ret_why;
    if (kind == COUNTER_CATEGORY)
        counter.thing = names_put(&snapshot->evidence->names, db_text(rows, row, 3));
    for (int i = 0; i < COUNTER_NUMBERS; i++)
        counter.numbers[i] = db_i64(rows, row, 4 + i);
    *ARRAY_ADD(snapshot->evidence, counter) = counter;
    return true;
}

/* --- all of it -------------------------------------------------------------------------------- */

#define SALES "orders, quantity, revenue, cancelled_orders, cancelled_quantity, cancelled_revenue"

static const struct page pages[] = {
    {{"history_journal", "",
      "select command_id, seq, actor_id, decided_at, replay_of, type, key, idempotency_key,"
      " verdict, result, events from journal where command_id > $1 order by command_id limit 5000"},
     PAGE_BY_ID,
     take_journal},
    {{"history_wallets", "",
      "select user_id, balance, held from wallet where user_id > $1 order by user_id limit 20000"},
     PAGE_BY_NUMBER,
     take_wallet},
    {{"history_options", "",
      "select option_id, total, reserved from product_option where option_id > $1"
      " order by option_id limit 20000"},
     PAGE_BY_NUMBER,
     take_option},
    {{"history_templates", "",
      "select template_id, quantity, issued from coupon_template where template_id > $1"
      " order by template_id limit 20000"},
     PAGE_BY_NUMBER,
     take_template},
    {{"history_coupons", "",
      "select coupon_id, template_id, user_id, position from coupon where coupon_id > $1"
      " order by coupon_id limit 20000"},
     PAGE_BY_ID,
     take_coupon},
    {{"history_orders", "",
      "select order_id, user_id, paid, from_balance, refunded, status,"
      " payment_method = 'bank_transfer', paid_at is not null from orders where order_id > $1"
      " order by order_id limit 20000"},
     PAGE_BY_ID,
     take_order},
    {{"history_order_lines", "",
      "select order_id, option_id, quantity from order_line where (order_id, option_id) > ($1, $2)"
      " order by order_id, option_id limit 20000"},
     PAGE_BY_BOTH,
     take_order_line},
    {{"history_counted", "",
      "select event_id from counted_event where event_id > $1 order by event_id limit 50000"},
     PAGE_BY_ID,
     take_counted},
    {{"history_parked", "",
      "select command_id, reason, resolved_at is null, resolution is not distinct from 'dropped'"
      " from parked where command_id is not null order by parked_id"},
     PAGE_NOT,
     take_parked},
    {{"history_counters", "",
      "select 0::bigint, day, product_id, null::text, " SALES " from sales_daily"
      " union all select 1, day, option_id, null, " SALES " from sales_option_daily"
      " union all select 2, day, 0, category, " SALES " from sales_category_daily"
      " union all select 3, day, 0, null, " SALES " from sales_total_daily"},
     PAGE_NOT,
     take_counter},
};

enum fc_rc history_db_read_in(struct evidence *evidence, struct db *db, struct fc_err *ret_err)
{
    static char memory[ARENA_BYTES];
    struct snapshot snapshot = {.db = db, .evidence = evidence};

    fc_arena_init(&snapshot.arena, memory, sizeof(memory));
    for (size_t i = 0; i < FC_ARRAY_COUNT(pages); i++)
        if (read_pages(&snapshot, &pages[i], ret_err) == FC_FAIL)
            return FC_FAIL;
    return FC_OK;
}

enum fc_rc history_db_read(struct evidence *evidence, const char *conninfo, struct fc_err *ret_err)
{
    static const struct sql_query begin = {
        "history_begin", "", "start transaction isolation level repeatable read, read only"};
    const struct db_settings settings = {.conninfo = conninfo, .program = "firstcome-history"};
    struct db *db = NULL;

    if (db_open(&settings, &db, ret_err) == FC_FAIL)
        return FC_FAIL;
    db_send(db, &begin, NULL);
    enum fc_rc rc = db_exchange(db, ret_err);

    if (rc == FC_OK)
        rc = history_db_read_in(evidence, db, ret_err);
    db_close(db);
    return rc;
}
