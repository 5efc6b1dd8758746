#include "support/expect.h"

#include "producer/catalog.h"

static struct catalog catalog;

static int setup(void **state)
{
    struct fc_err err;

    (void)state;
    return catalog_open(&catalog, &err) == FC_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    catalog_close(&catalog);
    return 0;
}

static enum catalog_answer option(int64_t id, int64_t *ret_product_id)
{
    return catalog_find(&catalog, CATALOG_OPTION, id, ret_product_id);
}

static void test_catalog_option_has_its_products_answer(void **state)
{
    int64_t product_id = -1;

    (void)state;
    assert_int_equal(option(5, &product_id), CATALOG_UNKNOWN);
    assert_int_equal(product_id, 0);
    catalog_learn_option(&catalog, 5, 7);
    assert_int_equal(option(5, &product_id), CATALOG_UNKNOWN);
    catalog_learn_product(&catalog, 7, true, false);
    assert_int_equal(option(5, &product_id), CATALOG_FIRST_COME);
    assert_int_equal(product_id, 7);
    assert_int_equal(catalog_find(&catalog, CATALOG_PRODUCT, 7, &product_id), CATALOG_FIRST_COME);
    /* An option and a product of one number are two things. */
    assert_int_equal(catalog_find(&catalog, CATALOG_PRODUCT, 5, &product_id), CATALOG_UNKNOWN);
}

static void test_catalog_query_fills_gaps_and_an_event_holds(void **state)
{
    int64_t product_id;

    (void)state;
    catalog_learn_option(&catalog, 5, 7);
    catalog_learn_product(&catalog, 7, true, true);
    catalog_learn_product(&catalog, 7, false, false);
    assert_int_equal(option(5, &product_id), CATALOG_FIRST_COME);
    catalog_learn_product(&catalog, 7, false, true);
    assert_int_equal(option(5, &product_id), CATALOG_ORDINARY);
    assert_int_equal(product_id, 7);
}

static void test_catalog_forgotten_product_is_unknown_until_learnt_again(void **state)
{
    int64_t product_id;

    (void)state;
    catalog_learn_option(&catalog, 5, 7);
    catalog_learn_product(&catalog, 7, true, true);
    catalog_forget_product(&catalog, 8);
    catalog_forget_product(&catalog, 7);
    assert_int_equal(option(5, &product_id), CATALOG_UNKNOWN);
    catalog_learn_product(&catalog, 7, false, false);
    assert_int_equal(option(5, &product_id), CATALOG_ORDINARY);
}

static void test_catalog_grows_and_keeps_all(void **state)
{
    int64_t product_id;

    (void)state;
    for (int64_t id = 1; id <= 20000; id++) {
        catalog_learn_product(&catalog, id, id % 3 == 0, true);
        catalog_learn_option(&catalog, id, id);
    }
    assert_int_equal(catalog.count, 40000);
    for (int64_t id = 1; id <= 20000; id++) {
        enum catalog_answer wanted = id % 3 == 0 ? CATALOG_FIRST_COME : CATALOG_ORDINARY;

        if (option(id, &product_id) != wanted || product_id != id)
            fail_msg("%lld", (long long)id);
    }
    catalog_clear(&catalog);
    assert_int_equal(option(3, &product_id), CATALOG_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_catalog_option_has_its_products_answer, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_catalog_query_fills_gaps_and_an_event_holds, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            test_catalog_forgotten_product_is_unknown_until_learnt_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_catalog_grows_and_keeps_all, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
