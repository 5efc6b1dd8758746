#include "support/bodies.h"
#include "support/expect.h"

#include "base/limits.h"

#include <string.h>

static const struct command product = {.type = COMMAND_PRODUCT_PUT,
                                       .key = {COMMAND_KEY_PRODUCT, 3}};

static void test_product_canonical_form_leaves_defaults_out(void **state)
{
    static const struct body_case rows[] = {
        {"{\"options\":[{\"stock\":5,\"name\":\"S\"}],\"price\":1000,\"name\":\"shirt\"}",
         "{\"product_id\":3,\"name\":\"shirt\",\"price\":1000,"
         "\"options\":[{\"name\":\"S\",\"stock\":5}]}"},
        {"{\"product_id\":3,\"name\":\"shirt\",\"price\":1000,\"category\":\"\",\"status\":"
         "\"on_sale\",\"first_come\":false,\"options\":[{\"option_id\":null,\"name\":\"S\","
         "\"surcharge\":0,\"stock\":5}]}",
         "{\"product_id\":3,\"name\":\"shirt\",\"price\":1000,"
         "\"options\":[{\"name\":\"S\",\"stock\":5}]}"},
        {"{\"name\":\"\\uc154\\ucc20\",\"price\":0,\"category\":\"tops\",\"status\":\"stopped\","
         "\"first_come\":true,\"options\":[{\"option_id\":8,\"name\":\"S\",\"surcharge\":-100,"
         "\"stock\":0},{\"name\":\"M \\\"x\\\"\",\"surcharge\":1000000000,\"stock\":1000000000}]}",
         "{\"product_id\":3,\"name\":\"\xec\x85\x94\xec\xb0\xa0\",\"price\":0,\"category\":"
         "\"tops\","
         "\"status\":\"stopped\",\"first_come\":true,\"options\":[{\"option_id\":8,\"name\":\"S\","
         "\"surcharge\":-100,\"stock\":0},{\"name\":\"M \\\"x\\\"\",\"surcharge\":1000000000,"
         "\"stock\":1000000000}]}"},
    };

    (void)state;
    body_cases_check(&product, rows, FC_ARRAY_COUNT(rows));
}

#define OPTION "{\"name\":\"S\",\"stock\":1}"
#define FIVE OPTION "," OPTION "," OPTION "," OPTION "," OPTION

static void test_product_every_fault_is_named(void **state)
{
    static const struct body_case rows[] = {
        {"{}", "! /name is required; /price is required; /options is required"},
        {"{\"name\":\"n\",\"price\":-1,\"status\":\"sold_out\",\"first_come\":1,\"options\":[]}",
         "! /price must be from 0 to 1000000000; /status must be one of on_sale, stopped; "
         "/first_come must be true or false; /options must have 1 to 10 elements"},
        {"{\"name\":\"n\",\"price\":1000000001,\"options\":[{\"option_id\":0,\"name\":\"\","
         "\"surcharge\":1000000001,\"stock\":1000000001,\"x\":1},{\"surcharge\":-1000000001,"
         "\"stock\":-1}]}",
         "! /price must be from 0 to 1000000000; /options/0/option_id must be from 1 to "
         "9007199254740991; /options/0/name must be of 1 to 200 bytes; /options/0/surcharge must "
         "be from -1000000000 to 1000000000; /options/0/stock must be from 0 to 1000000000; "
         "/options/0/x is no member of this object; /options/1/name is required; "
         "/options/1/surcharge must be from -1000000000 to 1000000000; /options/1/stock must be "
         "from 0 to 1000000000"},
        {"{\"name\":\"n\",\"price\":1,\"options\":[" FIVE "," FIVE "," OPTION "]}",
         "! /options must have 1 to 10 elements"},
        {"{\"name\":\"n\",\"price\":1,\"options\":[" FIVE "," FIVE "]}",
         "{\"product_id\":3,\"name\":\"n\",\"price\":1,\"options\":[" FIVE "," FIVE "]}"},
        {"{\"name\":\"n\\u0000\",\"price\":1,\"options\":[" OPTION "]}",
         "! /name must not hold a NUL; /name must not hold control characters"},
        {"{\"name\":\"\\ud800\",\"price\":1,\"options\":[" OPTION "]}",
         "! /name must not hold half a surrogate pair"},
    };

    (void)state;
    body_cases_check(&product, rows, FC_ARRAY_COUNT(rows));
}

static void test_product_name_at_its_border(void **state)
{
    char body[1024];

    (void)state;
    for (int len = NAME_BYTES_MAX; len <= NAME_BYTES_MAX + 1; len++) {
        char name[NAME_BYTES_MAX + 2];
        char want[1024];
        struct fc_buf body_buf = fc_buf_of(body, sizeof(body));
        struct fc_buf want_buf = fc_buf_of(want, sizeof(want));

        memset(name, 'n', sizeof(name));
        name[len] = '\0';
        fc_buf_put_fmt(&body_buf, "{\"name\":\"%s\",\"price\":1,\"options\":[" OPTION "]}", name);
        fc_buf_put_char(&body_buf, '\0');
        if (len == NAME_BYTES_MAX)
            fc_buf_put_fmt(
                &want_buf,
                "{\"product_id\":3,\"name\":\"%s\",\"price\":1,\"options\":[" OPTION "]}", name);
        else
            fc_buf_put_text(&want_buf, "! /name must be of 1 to 200 bytes");
        fc_buf_put_char(&want_buf, '\0');
        body_cases_check(&product, &(struct body_case){body, want}, 1);
    }
}

static void test_restock_takes_its_option_from_body_or_path(void **state)
{
    struct command command = {.type = COMMAND_OPTION_RESTOCK, .key = {COMMAND_KEY_PRODUCT, 3}};
    static const struct body_case unknown[] = {
        {"{\"option_id\":8,\"quantity\":-5}", "{\"option_id\":8,\"quantity\":-5}"},
        {"{\"quantity\":5}", "! /option_id is required"},
    };
    static const struct body_case known[] = {
        {"{\"quantity\":5}", "{\"option_id\":8,\"quantity\":5}"},
        {"{\"quantity\":5,\"option_id\":8}", "{\"option_id\":8,\"quantity\":5}"},
        {"{\"quantity\":5,\"option_id\":9}",
         "! /option_id must be the id that the path or the key names"},
        {"{\"quantity\":1000000000}", "{\"option_id\":8,\"quantity\":1000000000}"},
        {"{\"quantity\":0}", "! /quantity must not be 0"},
        {"{\"quantity\":1000000001}", "! /quantity must be from -1000000000 to 1000000000"},
        {"{\"quantity\":-1000000001}", "! /quantity must be from -1000000000 to 1000000000"},
        {"{}", "! /quantity is required"},
    };

    (void)state;
    body_cases_check(&command, unknown, FC_ARRAY_COUNT(unknown));
    command.body.option_restock.option_id = 8;
    body_cases_check(&command, known, FC_ARRAY_COUNT(known));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_product_canonical_form_leaves_defaults_out),
        cmocka_unit_test(test_product_every_fault_is_named),
        cmocka_unit_test(test_product_name_at_its_border),
        cmocka_unit_test(test_restock_takes_its_option_from_body_or_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
