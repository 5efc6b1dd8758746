#include "support/expect.h"

#include "producer/routes.h"

#include <string.h>

static void test_routes_path_and_method_find_their_row(void **state)
{
    static const struct {
        enum request_method method;
        const char *path;
        enum route_name name;
    } rows[] = {
        {REQUEST_POST, "/v1/users", ROUTE_USER_REGISTER},
        {REQUEST_POST, "/v1/users/7/charges", ROUTE_WALLET_CHARGE},
        {REQUEST_POST, "/v1/coupon-templates/3/issues", ROUTE_COUPON_ISSUE},
        {REQUEST_POST, "/v1/orders", ROUTE_ORDER_PLACE},
        {REQUEST_POST, "/v1/orders/01a1fd36-f24c-8000-b918-1a5ee086f968/cancel",
         ROUTE_ORDER_CANCEL},
        {REQUEST_PATCH, "/v1/orders/01a1fd36-f24c-8000-b918-1a5ee086f968", ROUTE_ORDER_CHANGE},
        {REQUEST_POST, "/v1/orders/01a1fd36-f24c-8000-b918-1a5ee086f968/shipments",
         ROUTE_ORDER_SHIP},
        {REQUEST_POST, "/v1/coupons/01a1fd36-f24c-8000-b918-1a5ee086f968/revoke",
         ROUTE_COUPON_REVOKE},
        {REQUEST_POST, "/v1/products", ROUTE_PRODUCT_POST},
        {REQUEST_PUT, "/v1/products/5", ROUTE_PRODUCT_PUT},
        {REQUEST_DELETE, "/v1/products/5", ROUTE_PRODUCT_DELETE},
        {REQUEST_POST, "/v1/options/5/restock", ROUTE_OPTION_RESTOCK},
        {REQUEST_POST, "/v1/coupon-templates", ROUTE_TEMPLATE_POST},
        {REQUEST_DELETE, "/v1/coupon-templates/3", ROUTE_TEMPLATE_DELETE},
        {REQUEST_GET, "/v1/products", ROUTE_PRODUCTS},
        {REQUEST_GET, "/v1/products/top", ROUTE_PRODUCTS_TOP},
        {REQUEST_GET, "/v1/products/5", ROUTE_PRODUCT},
        {REQUEST_GET, "/v1/users/7/balance/history", ROUTE_BALANCE_HISTORY},
        {REQUEST_GET, "/v1/orders/01a1fd36-f24c-8000-b918-1a5ee086f968", ROUTE_ORDER},
        {REQUEST_GET, "/v1/orders/01a1fd36-f24c-8000-b918-1a5ee086f968/history",
         ROUTE_ORDER_HISTORY},
        {REQUEST_GET, "/metrics", ROUTE_METRICS},
        {REQUEST_GET, "/openapi.json", ROUTE_OPENAPI},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct route_match match;

        if (route_find(rows[i].method, fc_str_of(rows[i].path), &match) != ROUTE_FOUND ||
            match.bad_id || match.route->name != rows[i].name)
            fail_msg("%s", rows[i].path);
    }
}

static void test_routes_ids_of_the_path_are_read(void **state)
{
    struct route_match match;

    (void)state;
    assert_int_equal(route_find(REQUEST_GET, FC_STR("/v1/users/9007199254740991/balance"), &match),
                     ROUTE_FOUND);
    assert_int_equal(match.id, ID_MAX);
    assert_int_equal(route_find(REQUEST_GET,
                                FC_STR("/v1/commands/01a1fd36-f24c-8000-b918-1a5ee086f968/events"),
                                &match),
                     ROUTE_FOUND);
    assert_int_equal(match.route->name, ROUTE_COMMAND_EVENTS);
    assert_int_equal(match.uuid.bytes[0], 0x01);
    assert_int_equal(match.uuid.bytes[15], 0x68);
}

static void test_routes_what_is_no_id_is_told_apart_from_an_unknown_path(void **state)
{
    static const char *const paths[] = {
        "/v1/users/x/balance",        "/v1/users/0/balance",      "/v1/users/-1/balance",
        "/v1/users/9007199254740992", "/v1/commands/1",           "/v1/orders/xyz",
        "/v1/users/%37/balance",      "/v1/coupon-templates/1.5", "/v1/users/{id}",
        "/v1/users/{id}/balance",     "/v1/commands/{uuid}",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(paths); i++) {
        struct route_match match;

        if (route_find(REQUEST_GET, fc_str_of(paths[i]), &match) != ROUTE_FOUND || !match.bad_id)
            fail_msg("%s", paths[i]);
    }
}

static void test_routes_unknown_paths_have_no_row(void **state)
{
    static const char *const paths[] = {
        "",
        "/",
        "/v1",
        "/v1/",
        "/v1/users/",
        "v1/users",
        "//v1/users",
        "/v1/u",
        "/v1/userx",
        "/v1/users{id}",
        "/v1/product",
        "/v1/products/top/5",
        "/v1/commands",
        "/livezz",
        "/v1//users",
        "/v1/users//balance",
        "/v1/users/7/balance/",
        "/v2/users",
        "/v1/orders/01a1fd36-f24c-8000-b918-1a5ee086f968/pay",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(paths); i++) {
        struct route_match match;

        if (route_find(REQUEST_GET, fc_str_of(paths[i]), &match) != ROUTE_NO_PATH)
            fail_msg("%s", paths[i]);
    }
}

static void test_routes_a_wrong_method_is_told_the_right_ones(void **state)
{
    struct route_match match;

    (void)state;
    assert_int_equal(route_find(REQUEST_PATCH, FC_STR("/v1/products/5"), &match), ROUTE_NO_METHOD);
    assert_string_equal(match.allow, "PUT, DELETE, GET, HEAD");
    assert_int_equal(route_find(REQUEST_GET, FC_STR("/v1/orders"), &match), ROUTE_NO_METHOD);
    assert_string_equal(match.allow, "POST");
    assert_int_equal(
        route_find(REQUEST_PUT, FC_STR("/v1/orders/01a1fd36-f24c-8000-b918-1a5ee086f968"), &match),
        ROUTE_NO_METHOD);
    assert_string_equal(match.allow, "PATCH, GET, HEAD");
    assert_int_equal(route_find(REQUEST_OTHER, FC_STR("/livez"), &match), ROUTE_NO_METHOD);
    assert_string_equal(match.allow, "GET, HEAD");
}

static void test_routes_table_is_whole(void **state)
{
    (void)state;
    assert_int_equal(routes_count, ROUTE_NAME_COUNT);
    for (int32_t name = 0; name < ROUTE_NAME_COUNT; name++) {
        size_t i = 0;

        while (i < routes_count && (int32_t)routes[i].name != name)
            i++;
        assert_true(i < routes_count);
        /* A path with an id has something to say about an id that is none. */
        bool has_id = routes[i].unknown != NULL;
        struct fc_str pattern = fc_str_of(routes[i].pattern);
        (void)fc_str_cut(&pattern, '{');
        assert_true(strcspn(routes[i].pattern, "{") > ROUTE_GLANCE);
        assert_int_equal(has_id, pattern.len > 0);
        assert_int_equal(routes[i].kind == ROUTE_IS_COMMAND, routes[i].type != COMMAND_COUNT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_routes_path_and_method_find_their_row),
        cmocka_unit_test(test_routes_ids_of_the_path_are_read),
        cmocka_unit_test(test_routes_what_is_no_id_is_told_apart_from_an_unknown_path),
        cmocka_unit_test(test_routes_unknown_paths_have_no_row),
        cmocka_unit_test(test_routes_a_wrong_method_is_told_the_right_ones),
        cmocka_unit_test(test_routes_table_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
