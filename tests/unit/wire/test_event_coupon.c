#include "support/events.h"
#include "support/expect.h"

#define COUPON "0198f3a2-7c11-8abc-9def-012345678921"
#define ORDER "0198f3a2-7c11-8abc-9def-012345678931"
#define AT "2026-01-01T00:00:00.000000Z"
#define RATE "\"discount\":{\"type\":\"rate\",\"value\":500}"
#define ISSUED(more) "{\"coupon_id\":\"" COUPON "\"," more "}"
#define ISSUED_REST "\"user_id\":7,\"position\":1," RATE ",\"min_total\":0,\"issued_at\":\"" AT "\""
#define MOVED(more) "{\"coupon_id\":\"" COUPON "\"," more "}"

static void test_coupon_of_the_policy_itself_has_no_template(void **state)
{
    static const struct event_case rows[] = {
        {"coupon.issued", ISSUED("\"template_id\":5," ISSUED_REST ",\"expires_at\":\"" AT "\""),
         NULL},
        {"coupon.issued", ISSUED("\"template_id\":null," ISSUED_REST ",\"expires_at\":null"), NULL},
        {"coupon.issued", ISSUED(ISSUED_REST),
         ISSUED("\"template_id\":null," ISSUED_REST ",\"expires_at\":null")},
        {"coupon.issued", ISSUED("\"template_id\":0," ISSUED_REST), ""},
        {"coupon.expired", MOVED("\"template_id\":null,\"user_id\":7"), NULL},
        {"coupon.expired", MOVED("\"template_id\":0,\"user_id\":7"), ""},
    };

    (void)state;
    event_cases_check(rows, FC_ARRAY_COUNT(rows));
}

static void test_coupon_moves_name_an_order_where_there_is_one(void **state)
{
    static const struct event_case rows[] = {
        {"coupon.used", MOVED("\"template_id\":5,\"user_id\":7,\"order_id\":\"" ORDER "\""), NULL},
        {"coupon.returned", MOVED("\"template_id\":5,\"user_id\":7,\"order_id\":\"" ORDER "\""),
         NULL},
        {"coupon.expired", MOVED("\"template_id\":5,\"user_id\":7,\"order_id\":\"" ORDER "\""),
         NULL},
        {"coupon.expired", MOVED("\"template_id\":5,\"user_id\":7"), NULL},
        {"coupon.revoked", MOVED("\"template_id\":5,\"user_id\":7"), NULL},
        /* As it was written before it named its template. */
        {"coupon.used", MOVED("\"user_id\":7,\"order_id\":\"" ORDER "\""),
         MOVED("\"template_id\":null,\"user_id\":7,\"order_id\":\"" ORDER "\"")},
        {"coupon.used", MOVED("\"template_id\":5,\"user_id\":7,\"order_id\":\"31\""), ""},
        {"coupon.revoked", MOVED("\"template_id\":5,\"user_id\":0"), ""},
    };

    (void)state;
    event_cases_check(rows, FC_ARRAY_COUNT(rows));
}

#define WINDOW "\"issue_from\":\"" AT "\",\"issue_until\":\"2026-02-01T00:00:00.000000Z\""
#define TEMPLATE(quantity, more) \
    "{\"template_id\":5,\"name\":\"n\"," RATE ",\"quantity\":" quantity "," WINDOW "," more "}"

static void test_template_is_read_as_bodies_are(void **state)
{
    static const struct event_case rows[] = {
        {"template.put", TEMPLATE("100", "\"valid_days\":365,\"min_total\":5000"), NULL},
        {"template.put", TEMPLATE("null", "\"valid_days\":null,\"min_total\":0"), NULL},
        {"template.put", TEMPLATE("0", "\"valid_days\":null,\"min_total\":0"), ""},
        {"template.put", TEMPLATE("1", "\"valid_days\":0,\"min_total\":0"), ""},
        {"template.put", TEMPLATE("1", "\"valid_days\":1,\"min_total\":-1"), ""},
        {"template.deleted", "{\"template_id\":5}", NULL},
        {"template.deleted", "{\"template_id\":null}", ""},
    };

    (void)state;
    event_cases_check(rows, FC_ARRAY_COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coupon_of_the_policy_itself_has_no_template),
        cmocka_unit_test(test_coupon_moves_name_an_order_where_there_is_one),
        cmocka_unit_test(test_template_is_read_as_bodies_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
