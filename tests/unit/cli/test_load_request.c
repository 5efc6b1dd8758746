#include "support/expect.h"

#include "producer/cli/load_request.h"
#include "producer/cli/load_work.h"

static struct load_writer writer;
static char path[LOAD_PATH_BYTES_MAX];
static char body[LOAD_BODY_BYTES_MAX];
static char bytes[8192];

static const struct load_world world = {.users = 3,
                                        .first_user = 11,
                                        .options = 4,
                                        .first_option = 21,
                                        .templates = 2,
                                        .first_template = 31,
                                        .lines = 3,
                                        .path = "/v1/products/top",
                                        .balance = 5000,
                                        .stock = 7,
                                        .quantity = 9};

static struct fc_str written(struct load_work *work, int64_t number)
{
    struct fc_buf buf = fc_buf_of(bytes, sizeof(bytes));
    struct load_request request = {.path = fc_buf_of(path, sizeof(path)),
                                   .body = fc_buf_of(body, sizeof(body))};

    load_work_next(work, number, &request);
    load_request_put(&writer, 0, &request, number, &buf);
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

static struct fc_str of_kind(enum load_kind kind, int64_t number)
{
    struct load_work work = {.kind = kind, .world = &world, .chance = {1}};

    return written(&work, number);
}

static int with_manner(struct load_manner manner)
{
    manner.hosts[0] = FC_STR("shop:8080");
    assert_true(load_writer_init(&writer, &manner, 1));
    return 0;
}

static int plain(void **state)
{
    (void)state;
    return with_manner((struct load_manner){.wait_s = 0});
}

static void test_load_request_issue_is_bytes_for_bytes(void **state)
{
    (void)state;
    with_manner(
        (struct load_manner){.wait_s = 10, .token = FC_STR("secret"), .keys = true, .run = 0xAB});
    assert_str_equal(of_kind(LOAD_ISSUES, 3), "POST /v1/coupon-templates/32/issues HTTP/1.1\r\n"
                                              "Host: shop:8080\r\n"
                                              "X-Gateway-Token: secret\r\n"
                                              "Content-Type: application/json\r\n"
                                              "Prefer: wait=10\r\n"
                                              "X-User-Id: 12\r\n"
                                              "X-Role: user\r\n"
                                              "Idempotency-Key: \"load-00000000000000ab-3\"\r\n"
                                              "Content-Length: 14\r\n"
                                              "\r\n"
                                              "{\"user_id\":12}");
}

static void test_load_request_get_has_no_body_and_prefers_nothing(void **state)
{
    (void)state;
    with_manner((struct load_manner){.wait_s = 10, .keys = true});
    assert_str_equal(of_kind(LOAD_GET, 0), "GET /v1/products/top HTTP/1.1\r\n"
                                           "Host: shop:8080\r\n"
                                           "X-User-Id: 11\r\n"
                                           "X-Role: user\r\n"
                                           "\r\n");
}

static void test_load_request_each_user_asks_each_template_once(void **state)
{
    struct load_work work = {.kind = LOAD_ISSUES, .world = &world};
    bool asked[3][2] = {{false}};

    (void)state;
    assert_int_equal(load_work_count(&work), 6);
    for (int64_t i = 0; i < 6; i++) {
        struct load_request request = {.path = fc_buf_of(path, sizeof(path)),
                                       .body = fc_buf_of(body, sizeof(body))};

        load_work_next(&work, i, &request);
        int64_t template = i % 2;
        char want[64];
        struct fc_buf buf = fc_buf_of(want, sizeof(want) - 1);

        fc_buf_put_fmt(&buf, "/v1/coupon-templates/%d/issues", (int)template + 31);
        want[buf.len] = '\0';
        assert_str_equal(fc_buf_str(&request.path), want);
        assert_in_range(request.user_id, 11, 13);
        assert_false(asked[request.user_id - 11][template]);
        asked[request.user_id - 11][template] = true;
    }
}

/* The option ids of an order, from its body. */
static int32_t options_of(struct fc_str text, int64_t ret_options[LOAD_LINES_MAX])
{
    struct fc_str mark = FC_STR("option_id\":");
    int32_t count = 0;

    for (; text.len > 0; text.ptr++, text.len--) {
        if (!fc_str_starts_with(text, mark))
            continue;
        struct fc_str rest = {text.ptr + mark.len, text.len - mark.len};

        assert_true(fc_str_to_i64(fc_str_cut(&rest, ','), 1, ID_MAX, &ret_options[count++]));
    }
    return count;
}

static void test_load_request_orders_are_of_distinct_options_and_any_user(void **state)
{
    struct load_work work = {.kind = LOAD_ORDERS, .world = &world, .chance = {1}};
    int32_t by_lines[4] = {0};
    int32_t by_user[3] = {0};
    int32_t by_option[4] = {0};

    (void)state;
    for (int64_t i = 0; i < 3000; i++) {
        struct load_request request = {.path = fc_buf_of(path, sizeof(path)),
                                       .body = fc_buf_of(body, sizeof(body))};
        int64_t options[LOAD_LINES_MAX];

        load_work_next(&work, i, &request);
        int32_t count = options_of(fc_buf_str(&request.body), options);

        assert_in_range(count, 1, 3);
        by_lines[count]++;
        by_user[request.user_id - 11]++;
        for (int32_t j = 0; j < count; j++) {
            assert_in_range(options[j], 21, 24);
            by_option[options[j] - 21]++;
            for (int32_t k = 0; k < j; k++)
                assert_int_not_equal(options[j], options[k]);
        }
    }
    for (int32_t i = 0; i < 3; i++) {
        assert_in_range(by_lines[i + 1], 850, 1150);
        assert_in_range(by_user[i], 850, 1150);
    }
    for (int32_t i = 0; i < 4; i++)
        assert_in_range(by_option[i], 1300, 1700);
}

static void test_load_request_hot_orders_are_all_of_the_first_option(void **state)
{
    struct load_world hot = world;
    struct load_work work = {.kind = LOAD_ORDERS, .world = &hot, .chance = {1}};

    (void)state;
    hot.hot = true;
    for (int64_t i = 0; i < 20; i++)
        assert_str_contains(written(&work, i), "\"lines\":[{\"option_id\":21,\"quantity\":1}]}");
}

static void test_load_request_more_lines_than_options_is_all_options(void **state)
{
    struct load_world few = world;
    struct load_work work = {.kind = LOAD_ORDERS, .world = &few, .chance = {1}};
    int64_t options[LOAD_LINES_MAX];

    (void)state;
    few.lines = LOAD_LINES_MAX;
    for (int64_t i = 0; i < 100; i++)
        assert_in_range(options_of(written(&work, i), options), 1, few.options);
}

static void test_load_request_the_largest_order_fits(void **state)
{
    struct load_world large = {.users = 1,
                               .first_user = ID_MAX - 1,
                               .options = LOAD_LINES_MAX,
                               .first_option = ID_MAX - LOAD_LINES_MAX,
                               .lines = LOAD_LINES_MAX};
    struct load_work work = {.kind = LOAD_ORDERS, .world = &large, .chance = {1}};
    int64_t options[LOAD_LINES_MAX];
    int32_t most = 0;

    (void)state;
    for (int64_t i = 0; i < 2000; i++) {
        int32_t count = options_of(written(&work, i), options);

        most = count > most ? count : most;
    }
    assert_int_equal(most, LOAD_LINES_MAX);
}

static void test_load_request_prepares_by_an_administrator(void **state)
{
    (void)state;
    assert_str_contains(of_kind(LOAD_PREPARE_PRODUCTS, 1), "X-User-Id: 1\r\nX-Role: admin\r\n");
    assert_str_contains(of_kind(LOAD_PREPARE_PRODUCTS, 1), "{\"product_id\":22,");
    assert_str_contains(of_kind(LOAD_PREPARE_PRODUCTS, 1), "\"option_id\":22,");
    assert_str_contains(of_kind(LOAD_PREPARE_TEMPLATES, 1), "{\"template_id\":32,");
    assert_str_contains(of_kind(LOAD_PREPARE_USERS, 2), "X-User-Id: 13\r\nX-Role: user\r\n");
    assert_str_contains(of_kind(LOAD_PREPARE_BALANCES, 2), "{\"amount\":5000}");
    assert_str_contains(of_kind(LOAD_PREPARE_IDS, 5), "POST /v1/users/13/charges ");
}

static void test_load_request_a_mark_that_is_too_long_is_refused(void **state)
{
    static char token[LOAD_COMMON_BYTES];
    struct load_manner manner = {.hosts = {FC_STR("shop")}, .token = {token, sizeof(token)}};

    (void)state;
    assert_false(load_writer_init(&writer, &manner, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load_request_issue_is_bytes_for_bytes),
        cmocka_unit_test(test_load_request_get_has_no_body_and_prefers_nothing),
        cmocka_unit_test_setup(test_load_request_each_user_asks_each_template_once, plain),
        cmocka_unit_test_setup(test_load_request_orders_are_of_distinct_options_and_any_user,
                               plain),
        cmocka_unit_test_setup(test_load_request_hot_orders_are_all_of_the_first_option, plain),
        cmocka_unit_test_setup(test_load_request_more_lines_than_options_is_all_options, plain),
        cmocka_unit_test_setup(test_load_request_the_largest_order_fits, plain),
        cmocka_unit_test_setup(test_load_request_prepares_by_an_administrator, plain),
        cmocka_unit_test(test_load_request_a_mark_that_is_too_long_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
