/*
 * Lists of products as the ingress reads them: what is found, in which order, and page by page
 * while products come.
 */
#include "support/expect.h"
#include "support/reads.h"
#include "support/testdb.h"
#include "support/worker_rows.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

static struct db *db;

static int setup(void **state)
{
    (void)state;
    worker_rows_migrate();
    db = testdb_open(NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

/* id, name, price, category, status, pieces in all; the smaller id is the older one. */
static const struct {
    int id;
    const char *name;
    int price;
    const char *category;
    const char *status;
    int pieces;
} shelf[] = {
    {1, "Mug", 900, "kitchen", "on_sale", 5},      {2, "100% mug", 700, "kitchen", "on_sale", 0},
    {3, "mug_blue", 900, "kitchen", "stopped", 4}, {4, "커피 원두", 1500, "food", "on_sale", 1},
    {5, "커피 잔", 700, "kitchen", "on_sale", 2},  {6, "Tea\\pot", 2000, "kitchen", "on_sale", 3},
    {7, "원두", 1500, "food", "stopped", 0},
};

static void fill_shelf(void)
{
    char text[512];

    worker_rows_clear(db);
    for (size_t i = 0; i < FC_ARRAY_COUNT(shelf); i++) {
        (void)snprintf(text, sizeof(text),
                       "insert into product values (%d, '%s', %d, '%s', '%s', false, 1,"
                       " timestamptz '2026-01-01' + interval '%d hours')",
                       shelf[i].id, shelf[i].name, shelf[i].price, shelf[i].category,
                       shelf[i].status, shelf[i].id);
        testdb_run(db, text);
        /* Two options, one of them always without pieces to buy. */
        (void)snprintf(text, sizeof(text),
                       "insert into product_option values (%d, %d, 'a', 0, %d, 0, false),"
                       " (%d, %d, 'b', 100, 3, 3, false)",
                       10 * shelf[i].id, shelf[i].id, shelf[i].pieces, 10 * shelf[i].id + 1,
                       shelf[i].id);
        testdb_run(db, text);
    }
}

static struct json_object *member(struct json_object *object, const char *name)
{
    struct json_object *value = NULL;

    (void)json_object_object_get_ex(object, name, &value);
    return value;
}

static void put_ids(struct fc_buf *buf, struct json_object *page)
{
    struct json_object *items = member(page, "items");

    for (size_t i = 0; i < json_object_array_length(items); i++)
        fc_buf_put_fmt(buf, buf->len == 0 ? "%lld" : " %lld",
                       (long long)json_object_get_int64(
                           member(json_object_array_get_idx(items, i), "product_id")));
}

/* The ids of one page. */
static void check_ids(const char *target, const char *want)
{
    char text[256];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));
    struct json_object *page = reads_get(db, target, READS_ADMIN);

    put_ids(&buf, page);
    if (!fc_str_eq(fc_buf_str(&buf), fc_str_of(want)))
        fail_msg("%s: " FC_STR_FMT ", not %s", target, FC_STR_ARG(fc_buf_str(&buf)), want);
    json_object_put(page);
}

/* --- what is found ---------------------------------------------------------------------------- */

static void test_read_products_are_sorted_as_asked(void **state)
{
    (void)state;
    fill_shelf();
    check_ids("/v1/products", "7 6 5 4 3 2 1");
    check_ids("/v1/products?sort=newest", "7 6 5 4 3 2 1");
    check_ids("/v1/products?sort=price", "2 5 1 3 4 7 6");
    check_ids("/v1/products?sort=-price", "6 7 4 3 1 5 2");
    check_ids("/v1/products?sort=name", "2 1 6 3 7 4 5");
}

static void test_read_products_of_a_category_are_sorted_as_asked(void **state)
{
    (void)state;
    fill_shelf();
    check_ids("/v1/products?category=kitchen", "6 5 3 2 1");
    check_ids("/v1/products?category=kitchen&sort=price", "2 5 1 3 6");
    check_ids("/v1/products?category=kitchen&sort=-price", "6 3 1 5 2");
    check_ids("/v1/products?category=kitchen&sort=name", "2 1 6 3 5");
    check_ids("/v1/products?category=garden", "");
    check_ids("/v1/products?category=kitch%25", "");
}

static void test_read_products_are_found_by_a_part_of_the_name_whatever_its_case(void **state)
{
    (void)state;
    fill_shelf();
    check_ids("/v1/products?q=mug", "3 2 1");
    check_ids("/v1/products?q=MUG&sort=price", "2 1 3");
    check_ids("/v1/products?q=mug&sort=-price", "3 1 2");
    check_ids("/v1/products?q=mug&sort=name", "2 1 3");
    check_ids("/v1/products?q=m", "3 2 1");
    /* 커피, 원두: fewer letters than a trigram has. */
    check_ids("/v1/products?q=%EC%BB%A4%ED%94%BC", "5 4");
    check_ids("/v1/products?q=%EC%9B%90%EB%91%90", "7 4");
    check_ids("/v1/products?q=%EC%9B%90%EB%91%90&category=food&price_max=1499", "");
    check_ids("/v1/products?q=%EC%BB%A4%ED%94%BC&category=food", "4");
}

static void test_read_products_signs_of_a_pattern_stand_for_themselves(void **state)
{
    (void)state;
    fill_shelf();
    check_ids("/v1/products?q=%25", "2");
    check_ids("/v1/products?q=_", "3");
    check_ids("/v1/products?q=m_g", "");
    check_ids("/v1/products?q=%5C", "6");
    check_ids("/v1/products?q=a%5Cp", "6");
    check_ids("/v1/products?q=%25%25", "");
}

static void test_read_products_bounds_of_the_price_are_included(void **state)
{
    static const char *const orders[] = {"newest", "price", "-price", "name"};
    char target[128];

    (void)state;
    fill_shelf();
    for (size_t i = 0; i < FC_ARRAY_COUNT(orders); i++) {
        static const char *const wants[] = {"7 4 3 1", "1 3 4 7", "7 4 3 1", "1 3 7 4"};

        (void)snprintf(target, sizeof(target), "/v1/products?price_min=900&price_max=1500&sort=%s",
                       orders[i]);
        check_ids(target, wants[i]);
        (void)snprintf(target, sizeof(target), "/v1/products?price_min=2001&sort=%s", orders[i]);
        check_ids(target, "");
        (void)snprintf(target, sizeof(target), "/v1/products?price_max=699&sort=%s", orders[i]);
        check_ids(target, "");
    }
    check_ids("/v1/products?category=kitchen&price_max=899", "5 2");
    check_ids("/v1/products?q=mug&price_min=900", "3 1");
}

/* What is reserved cannot be bought; what is stopped is not sold out. */
static void test_read_products_sold_out_may_be_left_out(void **state)
{
    (void)state;
    fill_shelf();
    check_ids("/v1/products?sold_out=include", "7 6 5 4 3 2 1");
    check_ids("/v1/products?sold_out=exclude", "7 6 5 4 3 1");
    check_ids("/v1/products?sold_out=exclude&sort=price", "5 1 3 4 7 6");
    check_ids("/v1/products?sold_out=exclude&sort=-price", "6 7 4 3 1 5");
    check_ids("/v1/products?sold_out=exclude&sort=name", "1 6 3 7 4 5");
    check_ids("/v1/products?sold_out=exclude&category=kitchen", "6 5 3 1");
    check_ids("/v1/products?sold_out=exclude&q=mug", "3 1");
}

static void test_read_products_tell_on_sale_sold_out_and_stopped_apart(void **state)
{
    static const char *const wants[] = {"stopped", "on_sale",  "on_sale", "on_sale",
                                        "stopped", "sold_out", "on_sale"};
    static const int left[] = {0, 3, 2, 1, 4, 0, 5};

    (void)state;
    fill_shelf();
    struct json_object *page = reads_get(db, "/v1/products", READS_ADMIN);
    struct json_object *items = member(page, "items");

    assert_int_equal(json_object_array_length(items), FC_ARRAY_COUNT(wants));
    for (size_t i = 0; i < FC_ARRAY_COUNT(wants); i++) {
        struct json_object *item = json_object_array_get_idx(items, i);

        assert_string_equal(json_object_get_string(member(item, "status")), wants[i]);
        assert_int_equal(json_object_get_int(member(item, "available")), left[i]);
        assert_int_equal(json_object_array_length(member(item, "options")), 2);
    }
    json_object_put(page);
}

/* --- pages ------------------------------------------------------------------------------------ */

static const char *const lists[] = {
    "/v1/products?limit=2",
    "/v1/products?limit=2&sort=price",
    "/v1/products?limit=2&sort=-price",
    "/v1/products?limit=2&sort=name",
    "/v1/products?limit=2&q=u",
    "/v1/products?limit=2&q=u&sort=price",
    "/v1/products?limit=2&q=u&sort=-price",
    "/v1/products?limit=2&q=u&sort=name",
    "/v1/products?limit=2&category=kitchen",
    "/v1/products?limit=2&category=kitchen&sort=price",
    "/v1/products?limit=2&category=kitchen&sort=-price",
    "/v1/products?limit=2&category=kitchen&sort=name",
};

/* Puts two products before any page of the list, wherever that begins. */
static void put_more(int id)
{
    char text[512];

    (void)snprintf(text, sizeof(text),
                   "insert into product values (%d, '!u 원 %d', 0, 'kitchen', 'on_sale', false, 1,"
                   " '2030-01-01'), (%d, '~u 원 %d', 9999, 'kitchen', 'on_sale', false, 1,"
                   " '2030-01-01')",
                   id, id, id + 1, id);
    testdb_run(db, text);
}

/* All pages one after another, `between` them called for each. */
static void put_pages(const char *list, void (*between)(int id), struct fc_buf *buf)
{
    char target[1024];
    int pages = 0;

    (void)snprintf(target, sizeof(target), "%s", list);
    for (;;) {
        struct json_object *page = reads_get(db, target, READS_ADMIN);
        const char *cursor = json_object_get_string(member(page, "next_cursor"));

        put_ids(buf, page);
        assert_true(pages++ < 10);
        if (cursor == NULL) {
            json_object_put(page);
            return;
        }
        assert_int_equal(json_object_array_length(member(page, "items")), 2);
        (void)snprintf(target, sizeof(target), "%s&cursor=%s", list, cursor);
        json_object_put(page);
        if (between != NULL)
            between(100 * pages);
    }
}

static void test_read_products_pages_make_the_whole_list(void **state)
{
    (void)state;
    fill_shelf();
    for (size_t i = 0; i < FC_ARRAY_COUNT(lists); i++) {
        char pages[256];
        char whole[256];
        char target[256];
        struct fc_buf of_pages = fc_buf_of(pages, sizeof(pages));
        struct fc_buf of_whole = fc_buf_of(whole, sizeof(whole));

        put_pages(lists[i], NULL, &of_pages);
        (void)snprintf(target, sizeof(target), "%s0", lists[i]);
        char *limit = strstr(target, "limit=2");

        /* limit=2 becomes limit=9 */
        assert_non_null(limit);
        limit[6] = '9';
        target[strlen(target) - 1] = '\0';
        struct json_object *page = reads_get(db, target, READS_ADMIN);

        put_ids(&of_whole, page);
        assert_null(member(page, "next_cursor"));
        json_object_put(page);
        if (of_whole.len < 5 || !fc_str_eq(fc_buf_str(&of_pages), fc_buf_str(&of_whole)))
            fail_msg("%s: " FC_STR_FMT ", not " FC_STR_FMT, lists[i],
                     FC_STR_ARG(fc_buf_str(&of_pages)), FC_STR_ARG(fc_buf_str(&of_whole)));
    }
}

/* Those that were there are seen once each, whatever comes before or behind them meanwhile. */
static void test_read_products_pages_lose_and_repeat_nothing_while_products_come(void **state)
{
    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(lists); i++) {
        char before[256];
        char after[512];
        struct fc_buf of_before = fc_buf_of(before, sizeof(before));
        struct fc_buf of_after = fc_buf_of(after, sizeof(after));
        struct fc_str seen;
        char kept[512];
        struct fc_buf of_kept = fc_buf_of(kept, sizeof(kept));

        fill_shelf();
        put_pages(lists[i], NULL, &of_before);
        put_pages(lists[i], put_more, &of_after);
        seen = fc_buf_str(&of_after);
        while (seen.len > 0) {
            struct fc_str id = fc_str_cut(&seen, ' ');

            if (id.len > 1)
                continue;
            if (of_kept.len > 0)
                fc_buf_put_char(&of_kept, ' ');
            fc_buf_put(&of_kept, id);
        }
        if (!fc_str_eq(fc_buf_str(&of_kept), fc_buf_str(&of_before)))
            fail_msg("%s: " FC_STR_FMT ", not " FC_STR_FMT, lists[i],
                     FC_STR_ARG(fc_buf_str(&of_kept)), FC_STR_ARG(fc_buf_str(&of_before)));
    }
}

static void test_read_products_a_cursor_is_of_its_own_list(void **state)
{
    struct reads_asked asked;
    char target[1024];

    (void)state;
    fill_shelf();
    struct json_object *page = reads_get(db, lists[0], READS_ADMIN);
    const char *cursor = json_object_get_string(member(page, "next_cursor"));

    for (size_t i = 0; i < FC_ARRAY_COUNT(lists); i++) {
        (void)snprintf(target, sizeof(target), "%s&cursor=%s", lists[i], cursor);
        reads_ask(target, READS_ADMIN, &asked);
        assert_int_equal(asked.good, i == 0);
    }
    json_object_put(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_products_are_sorted_as_asked),
        cmocka_unit_test(test_read_products_of_a_category_are_sorted_as_asked),
        cmocka_unit_test(test_read_products_are_found_by_a_part_of_the_name_whatever_its_case),
        cmocka_unit_test(test_read_products_signs_of_a_pattern_stand_for_themselves),
        cmocka_unit_test(test_read_products_bounds_of_the_price_are_included),
        cmocka_unit_test(test_read_products_sold_out_may_be_left_out),
        cmocka_unit_test(test_read_products_tell_on_sale_sold_out_and_stopped_apart),
        cmocka_unit_test(test_read_products_pages_make_the_whole_list),
        cmocka_unit_test(test_read_products_pages_lose_and_repeat_nothing_while_products_come),
        cmocka_unit_test(test_read_products_a_cursor_is_of_its_own_list),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
