#include "support/expect.h"

#include "producer/pool.h"

static void test_pool_gives_as_many_as_it_has_and_the_same_again(void **state)
{
    struct request_pool pool;
    struct fc_err err;

    (void)state;
    assert_int_equal(request_pool_open(&pool, 2, &err), FC_OK);
    struct request *a = request_take(&pool);
    struct request *b = request_take(&pool);

    assert_non_null(a);
    assert_non_null(b);
    assert_ptr_not_equal(a, b);
    assert_null(request_take(&pool));
    a->status = 200;
    request_give(&pool, a);
    assert_int_equal(pool.count, 1);
    struct request *again = request_take(&pool);

    assert_ptr_equal(again, a);
    assert_int_equal(again->status, 0);
    request_give(&pool, again);
    request_give(&pool, b);
    request_pool_close(&pool);
}

static void test_pool_body_grows_to_its_bound_and_not_beyond(void **state)
{
    struct request_pool pool;
    struct fc_err err;
    char block[1000];

    (void)state;
    for (size_t i = 0; i < sizeof(block); i++)
        block[i] = (char)('a' + i % 26);
    assert_int_equal(request_pool_open(&pool, 1, &err), FC_OK);
    struct request *request = request_take(&pool);

    for (int i = 0; i < 10; i++)
        assert_true(request_body_append(request, (struct fc_str){block, sizeof(block)}, 10000));
    assert_false(request_body_append(request, FC_STR("x"), 10000));
    assert_true(request_body_append(request, FC_STR_NONE, 10000));
    assert_int_equal(request->body_len, 10000);
    for (int i = 0; i < 10; i++)
        assert_memory_equal(request->body + i * 1000, block, sizeof(block));
    request_give(&pool, request);
    request_pool_close(&pool);
}

static void test_pool_request_that_still_waits_is_not_given_back(void **state)
{
    struct request_pool pool;
    struct fc_err err;

    (void)state;
    assert_int_equal(request_pool_open(&pool, 1, &err), FC_OK);
    struct request *request = request_take(&pool);

    request->wait.kind = WAIT_LOOK;
    EXPECT_ASSERT(request_give(&pool, request));
    request->wait.kind = WAIT_NONE;
    EXPECT_ASSERT(request_pool_close(&pool));
    request_give(&pool, request);
    request_pool_close(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pool_gives_as_many_as_it_has_and_the_same_again),
        cmocka_unit_test(test_pool_body_grows_to_its_bound_and_not_beyond),
        cmocka_unit_test(test_pool_request_that_still_waits_is_not_given_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
