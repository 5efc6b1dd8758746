#include "support/worker_rows.h"

#include "db/migrate.h"
#include "sql/queries.h"
#include "support/expect.h"

#include <stdio.h>
#include <string.h>

/* 2026-03-01T12:00:01Z */
#define START_US INT64_C(1772366401000000)

static const char state_query[] =
    "select 'customer', t::text from customer t union all"
    " select 'wallet', t::text from wallet t union all"
    " select 'product', t::text from product t union all"
    " select 'product_option', t::text from product_option t union all"
    " select 'coupon_template', t::text from coupon_template t union all"
    " select 'coupon', t::text from coupon t union all"
    " select 'orders', t::text from orders t union all"
    " select 'order_line', t::text from order_line t union all"
    " select 'policy', t::text from policy t";

struct fc_instant worker_instant(int64_t seconds)
{
    return (struct fc_instant){START_US + seconds * 1000000};
}

void worker_rows_migrate(void)
{
    testdb_migrate(sql_migrations_count);
}

void worker_rows_clear(struct db *db)
{
    testdb_run(db, "truncate customer, wallet, product, product_option, coupon_template, coupon,"
                   " orders, order_line, journal, parked, poison_attempt, counted_event,"
                   " sales_daily, sales_option_daily, sales_category_daily, sales_total_daily,"
                   " sales_closed, day_closed, schedule_run, policy restart identity cascade");
}

void worker_rows_open_shop(struct db *db)
{
    testdb_run(db, "insert into customer values (7, '" WORKER_NOW_ROW "'),"
                   " (8, '" WORKER_NOW_ROW "')");
    testdb_run(db, "insert into wallet values (7, 10000, 4), (8, 0, 1)");
    testdb_run(db, "insert into product values"
                   " (3, 'Mug', 900, 'kitchen', 'on_sale', false, 2, '" WORKER_NOW_ROW "')");
    testdb_run(db, "insert into product_option values"
                   " (31, 3, 'red', 100, 10, 4, true), (32, 3, 'blue', 0, 5, 0, false)");
    testdb_run(db, "insert into coupon_template values (5, 'Rush', 'rate', 1000, 2, 1,"
                   " '2026-01-01', '2027-01-01', 10, 500, 2)");
    testdb_run(db, "insert into coupon values ('" WORKER_ID_HEAD "e', 5, 7, 1, 'available',"
                   " 'rate', 1000, 500, '2026-02-01', '2026-06-01', null, 1)");
}

struct fc_str worker_rows_text(struct db *db, const char *select)
{
    static char texts[4][1024 * 1024];
    static int next;
    char query[8192];
    char *text = texts[next++ % 4];
    int len = snprintf(query, sizeof(query),
                       "select coalesce(string_agg(replace(t::text, $$\"\"$$, $$'$$), chr(10)"
                       " order by t::text collate \"C\"), $$$$) from (%s) t",
                       select);

    assert_in_range(len, 1, sizeof(query) - 1);
    testdb_run(db, query);
    if (!fc_str_copy(db_text(db_rows(db, 0), 0, 0), text, sizeof(texts[0])))
        fail_msg("too many rows to compare");
    return fc_str_of(text);
}

void worker_rows_check(struct db *db, const char *select, const char *want, const char *file,
                       int line)
{
    struct fc_str rows = worker_rows_text(db, select);

    if (fc_str_eq(rows, fc_str_of(want)))
        return;
    print_error("%s\n  gives\n" FC_STR_FMT "\n  wanted\n%s\n", select, FC_STR_ARG(rows), want);
    _fail(file, line);
}

struct fc_str worker_rows_state(struct db *db)
{
    return worker_rows_text(db, state_query);
}
