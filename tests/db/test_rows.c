#include "db/rows.h"

#include "support/testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct db *db;
static struct fc_err err;
static struct db_params params;

static int setup(void **state)
{
    (void)state;
    db = testdb_open(NULL);
    db_params_init(&params, testdb_arena());
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

static const struct db_rows *ask(const char *text)
{
    db_send(db, testdb_query(text), &params);
    if (db_exchange(db, &err) != FC_OK)
        fail_msg("%s: %s", text, err.text);
    db_params_init(&params, testdb_arena());
    return db_rows(db, 0);
}

static void assert_text(struct fc_str text, struct fc_str want)
{
    assert_int_equal(text.len, want.len);
    assert_memory_equal(text.ptr, want.ptr, want.len);
}

static const struct fc_uuid uuid = {
    {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0x8c, 0xde, 0x80, 0, 0, 0, 0, 0, 0, 0xff}};

static const int64_t numbers[] = {0,         1,          -1,
                                  255,       256,        32767,
                                  -32768,    2147483647, -2147483648LL,
                                  INT64_MAX, INT64_MIN,  946684800000000};

/* --- there and back --------------------------------------------------------------------------- */

static void test_rows_integers_come_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(numbers); i++) {
        db_param_i64(&params, numbers[i]);
        db_param_i32(&params, (int32_t)numbers[i]);
        db_param_i16(&params, (int16_t)numbers[i]);
        const struct db_rows *rows = ask("select $1::bigint, $2::integer, $3::smallint");

        assert_true(db_i64(rows, 0, 0) == numbers[i]);
        assert_true(db_i64(rows, 0, 1) == (int32_t)numbers[i]);
        assert_true(db_i64(rows, 0, 2) == (int16_t)numbers[i]);
    }
}

static void test_rows_values_of_each_type_come_back(void **state)
{
    (void)state;
    db_param_bool(&params, true);
    db_param_bool(&params, false);
    db_param_text(&params, FC_STR("선착순 'first' \\ \"come\""));
    db_param_bytes(&params, FC_STR("\0\377a\0"));
    db_param_uuid(&params, &uuid);
    db_param_instant(&params, (struct fc_instant){1767225599999999});
    db_param_day(&params, (struct fc_day){20453});
    const struct db_rows *rows =
        ask("select $1::boolean, $2::boolean, $3::text, $4::bytea, $5::uuid,"
            " $6::timestamptz, $7::date");
    struct fc_uuid id = db_uuid(rows, 0, 4);

    assert_true(db_bool(rows, 0, 0));
    assert_false(db_bool(rows, 0, 1));
    assert_text(db_text(rows, 0, 2), FC_STR("선착순 'first' \\ \"come\""));
    assert_text(db_text(rows, 0, 3), FC_STR("\0\377a\0"));
    assert_true(fc_uuid_eq(&id, &uuid));
    assert_int_equal(db_instant(rows, 0, 5).us, 1767225599999999);
    assert_int_equal(db_day(rows, 0, 6).days, 20453);
}

static void test_rows_values_are_what_the_server_understands(void **state)
{
    (void)state;
    db_param_uuid(&params, &uuid);
    db_param_instant(&params, (struct fc_instant){1767225599999999});
    db_param_day(&params, (struct fc_day){20453});
    db_param_bool(&params, true);
    const struct db_rows *rows =
        ask("select $1::uuid::text, $2::timestamptz::text, $3::date::text, $4::boolean::text");

    assert_text(db_text(rows, 0, 0), FC_STR("01234567-89ab-8cde-8000-0000000000ff"));
    assert_text(db_text(rows, 0, 1), FC_STR("2025-12-31 23:59:59.999999+00"));
    assert_text(db_text(rows, 0, 2), FC_STR("2025-12-31"));
    assert_text(db_text(rows, 0, 3), FC_STR("true"));
}

static void test_rows_infinity_is_the_end_of_the_integer(void **state)
{
    (void)state;
    db_param_instant(&params, (struct fc_instant){INT64_MAX});
    db_param_day(&params, (struct fc_day){INT32_MIN});
    const struct db_rows *rows =
        ask("select $1::timestamptz::text, $2::date::text, '-infinity'::timestamptz,"
            " 'infinity'::date");

    assert_text(db_text(rows, 0, 0), FC_STR("infinity"));
    assert_text(db_text(rows, 0, 1), FC_STR("-infinity"));
    assert_true(db_instant(rows, 0, 2).us == INT64_MIN);
    assert_true(db_day(rows, 0, 3).days == INT32_MAX);
}

static void test_rows_json_is_text(void **state)
{
    (void)state;
    db_param_text(&params, FC_STR("{\"a\": [1, \"\xEC\x9B\x90\"]}"));
    const struct db_rows *rows =
        ask("select $1::text::jsonb, $1::json, $1::varchar, 'x'::\"char\"");

    assert_text(db_text(rows, 0, 0), FC_STR("{\"a\": [1, \"\xEC\x9B\x90\"]}"));
    assert_text(db_text(rows, 0, 1), FC_STR("{\"a\": [1, \"\xEC\x9B\x90\"]}"));
    assert_text(db_text(rows, 0, 2), FC_STR("{\"a\": [1, \"\xEC\x9B\x90\"]}"));
    assert_text(db_text(rows, 0, 3), FC_STR("x"));
}

static void test_rows_enum_of_the_schema_is_its_label(void **state)
{
    (void)state;
    testdb_run(db, "create type mood as enum ('glad', 'sad')");
    assert_text(db_text(ask("select 'sad'::mood"), 0, 0), FC_STR("sad"));
}

/* --- NULL ------------------------------------------------------------------------------------- */

static void test_rows_null_is_zero_and_told(void **state)
{
    (void)state;
    for (int i = 0; i < 7; i++)
        db_param_null(&params);
    const struct db_rows *rows =
        ask("select $1::bigint, $2::boolean, $3::text, $4::bytea, $5::uuid,"
            " $6::timestamptz, $7::date, ''::text");
    struct fc_uuid id = db_uuid(rows, 0, 4);

    for (int32_t column = 0; column < 7; column++)
        assert_true(db_is_null(rows, 0, column));
    assert_false(db_is_null(rows, 0, 7));
    assert_int_equal(db_i64(rows, 0, 0), 0);
    assert_false(db_bool(rows, 0, 1));
    assert_int_equal(db_text(rows, 0, 2).len, 0);
    assert_int_equal(db_text(rows, 0, 3).len, 0);
    assert_true(fc_uuid_is_zero(&id));
    assert_int_equal(db_instant(rows, 0, 5).us, 0);
    assert_int_equal(db_day(rows, 0, 6).days, 0);
}

/* --- arrays ----------------------------------------------------------------------------------- */

static void put_arrays(void)
{
    db_array_begin(&params, DB_I16);
    db_array_i16(&params, -7);
    db_array_null(&params);
    db_array_end(&params);
    db_array_begin(&params, DB_I32);
    db_array_i32(&params, 70000);
    db_array_null(&params);
    db_array_end(&params);
    db_array_begin(&params, DB_I64);
    db_array_i64(&params, INT64_MIN);
    db_array_null(&params);
    db_array_end(&params);
    db_array_begin(&params, DB_BOOL);
    db_array_bool(&params, true);
    db_array_null(&params);
    db_array_end(&params);
    db_array_begin(&params, DB_UUID);
    db_array_uuid(&params, &uuid);
    db_array_null(&params);
    db_array_end(&params);
    db_array_begin(&params, DB_TEXT);
    db_array_text(&params, FC_STR("{\"not\", null}"));
    db_array_null(&params);
    db_array_end(&params);
    db_array_begin(&params, DB_INSTANT);
    db_array_instant(&params, (struct fc_instant){1});
    db_array_null(&params);
    db_array_end(&params);
    db_array_begin(&params, DB_DAY);
    db_array_day(&params, (struct fc_day){-1});
    db_array_null(&params);
    db_array_end(&params);
    db_array_begin(&params, DB_BYTES);
    db_array_bytes(&params, FC_STR("\0b"));
    db_array_null(&params);
    db_array_end(&params);
}

static void test_rows_arrays_of_each_type_come_back(void **state)
{
    (void)state;
    put_arrays();
    const struct db_rows *rows =
        ask("select * from unnest($1::smallint[], $2::integer[], $3::bigint[], $4::boolean[],"
            " $5::uuid[], $6::text[], $7::timestamptz[], $8::date[], $9::bytea[])");
    struct fc_uuid id = db_uuid(rows, 0, 4);

    assert_int_equal(db_rows_count(rows), 2);
    assert_int_equal(db_i64(rows, 0, 0), -7);
    assert_int_equal(db_i64(rows, 0, 1), 70000);
    assert_true(db_i64(rows, 0, 2) == INT64_MIN);
    assert_true(db_bool(rows, 0, 3));
    assert_true(fc_uuid_eq(&id, &uuid));
    assert_text(db_text(rows, 0, 5), FC_STR("{\"not\", null}"));
    assert_int_equal(db_instant(rows, 0, 6).us, 1);
    assert_int_equal(db_day(rows, 0, 7).days, -1);
    assert_text(db_text(rows, 0, 8), FC_STR("\0b"));
    for (int32_t column = 0; column < 9; column++)
        assert_true(db_is_null(rows, 1, column));
}

static void test_rows_empty_array_is_no_row(void **state)
{
    (void)state;
    db_array_begin(&params, DB_TEXT);
    db_array_end(&params);
    const struct db_rows *rows = ask("select cardinality($1::text[]), $1::text[] = '{}'");

    assert_int_equal(db_i64(rows, 0, 0), 0);
    assert_true(db_bool(rows, 0, 1));
}

/* --- mistakes --------------------------------------------------------------------------------- */

static void test_rows_wrong_type_is_a_mistake(void **state)
{
    (void)state;
    const struct db_rows *rows = ask("select 1::bigint, 'x'::text, 1::numeric, null::text");

    expect_assert_failure((void)db_bool(rows, 0, 0));
    expect_assert_failure((void)db_text(rows, 0, 0));
    expect_assert_failure((void)db_uuid(rows, 0, 0));
    expect_assert_failure((void)db_instant(rows, 0, 0));
    expect_assert_failure((void)db_day(rows, 0, 0));
    expect_assert_failure((void)db_i64(rows, 0, 1));
    expect_assert_failure((void)db_i64(rows, 0, 2));
    expect_assert_failure((void)db_i64(rows, 0, 3));
}

static void test_rows_beyond_the_end_is_a_mistake(void **state)
{
    (void)state;
    const struct db_rows *rows = ask("select 1::bigint from generate_series(1, 2)");

    assert_int_equal(db_i64(rows, 1, 0), 1);
    expect_assert_failure((void)db_i64(rows, 2, 0));
    expect_assert_failure((void)db_i64(rows, -1, 0));
    expect_assert_failure((void)db_i64(rows, 0, 1));
    expect_assert_failure((void)db_is_null(rows, 0, -1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_rows_integers_come_back),
        TEST(test_rows_values_of_each_type_come_back),
        TEST(test_rows_values_are_what_the_server_understands),
        TEST(test_rows_infinity_is_the_end_of_the_integer),
        TEST(test_rows_json_is_text),
        TEST(test_rows_enum_of_the_schema_is_its_label),
        TEST(test_rows_null_is_zero_and_told),
        TEST(test_rows_arrays_of_each_type_come_back),
        TEST(test_rows_empty_array_is_no_row),
        TEST(test_rows_wrong_type_is_a_mistake),
        TEST(test_rows_beyond_the_end_is_a_mistake),
    };

    if (!testdb_begin())
        return 77;
    testdb_catch_asserts();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
