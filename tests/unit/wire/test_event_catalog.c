#include "support/events.h"
#include "support/expect.h"

#define PRODUCT(options)                                                                       \
    "{\"product_id\":3,\"name\":\"n\",\"price\":100,\"category\":\"\",\"status\":\"on_sale\"," \
    "\"first_come\":false,\"options\":[" options "]}"
#define OPTION(more) "{\"option_id\":12,\"name\":\"S\",\"surcharge\":-1," more "}"
#define OLD OPTION("\"is_new\":false")
#define FIVE OLD "," OLD "," OLD "," OLD "," OLD

static void test_product_option_has_its_stock_when_it_is_new(void **state)
{
    static const struct event_case rows[] = {
        {"product.put", PRODUCT(OPTION("\"is_new\":true,\"stock\":0") "," OLD), NULL},
        {"product.put", PRODUCT(OPTION("\"is_new\":false,\"stock\":5")), PRODUCT(OLD)},
        {"product.put", PRODUCT(OPTION("\"is_new\":true")), ""},
        {"product.put", PRODUCT(OPTION("\"is_new\":true,\"stock\":1000000000")), NULL},
        {"product.put", PRODUCT(OPTION("\"is_new\":true,\"stock\":1000000001")), ""},
        {"product.put", PRODUCT(OPTION("\"stock\":1")), ""},
        {"product.put", PRODUCT("7"), ""},
        {"product.put", PRODUCT(""), ""},
        {"product.put", PRODUCT(FIVE "," FIVE), NULL},
        {"product.put", PRODUCT(FIVE "," FIVE "," OLD), ""},
    };

    (void)state;
    event_cases_check(rows, FC_ARRAY_COUNT(rows));
}

static void test_product_deleted_names_its_options(void **state)
{
    static const struct event_case rows[] = {
        {"product.deleted", "{\"product_id\":3,\"option_ids\":[12,13]}", NULL},
        {"product.deleted", "{\"product_id\":3,\"option_ids\":[]}", NULL},
        {"product.deleted", "{\"product_id\":3,\"option_ids\":[0]}", ""},
        {"product.deleted", "{\"product_id\":3,\"option_ids\":[{}]}", ""},
        {"product.deleted", "{\"product_id\":3,\"option_ids\":[1,2,3,4,5,6,7,8,9,10,11]}", ""},
    };

    (void)state;
    event_cases_check(rows, FC_ARRAY_COUNT(rows));
}

#define MOVED(lines) "{\"order_id\":\"0198f3a2-7c11-8abc-9def-012345678931\"," lines "}"
#define LINES(quantity) "\"lines\":[{\"option_id\":12,\"quantity\":" quantity "}]"

static void test_stock_says_that_it_was_reserved_before(void **state)
{
    static const struct event_case rows[] = {
        {"stock.reserved", MOVED(LINES("1")), NULL},
        {"stock.released", MOVED(LINES("1000000000")), NULL},
        {"stock.returned", MOVED(LINES("1000000001")), ""},
        {"stock.taken", MOVED("\"from_reserved\":true," LINES("1")), NULL},
        {"stock.taken", MOVED("\"from_reserved\":false," LINES("1")), MOVED(LINES("1"))},
        {"stock.taken", MOVED(LINES("0")), ""},
        {"stock.taken", MOVED("\"lines\":[]"), ""},
        {"stock.taken", MOVED("\"lines\":[12]"), ""},
        {"stock.taken", MOVED("\"from_reserved\":1," LINES("1")), ""},
        {"stock.restocked", "{\"option_id\":12,\"product_id\":3,\"quantity\":-1000000000}", NULL},
        {"stock.restocked", "{\"option_id\":12,\"product_id\":3,\"quantity\":-1000000001}", ""},
    };

    (void)state;
    event_cases_check(rows, FC_ARRAY_COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_product_option_has_its_stock_when_it_is_new),
        cmocka_unit_test(test_product_deleted_names_its_options),
        cmocka_unit_test(test_stock_says_that_it_was_reserved_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
