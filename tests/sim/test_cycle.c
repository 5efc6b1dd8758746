/*
 * The real cycle, settle, announce and core over a simulated broker and database, seed after seed.
 * FIRSTCOME_SIM_SEED=n runs one seed, FIRSTCOME_SIM_SEEDS=n so many (500 by default).
 */
#include "support/expect.h"
#include "support/sim_world.h"

#include <stdio.h>
#include <stdlib.h>

static struct sim_world world;

static int64_t setting(const char *name, int64_t otherwise)
{
    int64_t value;

    if (!fc_str_to_i64(fc_str_of(getenv(name)), 0, INT64_MAX, &value))
        return otherwise;
    return value;
}

static void run_seed(uint64_t seed)
{
    char why[256];

    if (!sim_world_run(&world, seed, why))
        fail_msg("seed %llu: %s; again with FIRSTCOME_SIM_SEED=%llu", (unsigned long long)seed, why,
                 (unsigned long long)seed);
}

static void print_totals(const struct sim_totals *totals, int64_t seeds)
{
    print_message("%lld seeds: %lld succeeded, %lld refused, %lld recalled, %lld parked, "
                  "%lld conflicts, %lld replays, %lld coupons, %lld falls, "
                  "%lld events told again\n",
                  (long long)seeds, (long long)totals->succeeded, (long long)totals->refused,
                  (long long)totals->recalled, (long long)totals->parked,
                  (long long)totals->conflicts, (long long)totals->replays,
                  (long long)totals->coupons, (long long)totals->falls,
                  (long long)totals->told_again);
    for (int status = ORDER_PENDING_PAYMENT; status < ORDER_STATUS_COUNT; status++)
        print_message("    orders %s: %lld\n", order_status_name((enum order_status)status),
                      (long long)totals->orders[status]);
}

static void require_all_happened(const struct sim_totals *totals)
{
    assert_true(totals->succeeded > 0);
    assert_true(totals->refused > 0);
    assert_true(totals->recalled > 0);
    assert_true(totals->parked > 0);
    assert_true(totals->conflicts > 0);
    assert_true(totals->replays > 0);
    for (int status = ORDER_PENDING_PAYMENT; status < ORDER_STATUS_COUNT; status++)
        assert_true(totals->orders[status] > 0);
    assert_true(totals->coupons > 0);
    assert_true(totals->falls > 0);
    assert_true(totals->told_again > 0);
}

static void test_invariants_hold_whatever_breaks(void **state)
{
    int64_t one = setting("FIRSTCOME_SIM_SEED", -1);
    int64_t seeds = setting("FIRSTCOME_SIM_SEEDS", 500);

    (void)state;
    sim_world_open(&world);
    if (one >= 0)
        run_seed((uint64_t)one);
    for (int64_t seed = 1; one < 0 && seed <= seeds; seed++)
        run_seed((uint64_t)seed);
    print_totals(&world.totals, one < 0 ? seeds : 1);
    if (one < 0 && seeds >= 100)
        require_all_happened(&world.totals);
    sim_world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_invariants_hold_whatever_breaks),
    };

    return cmocka_run_group_tests_name("sim cycle", tests, NULL, NULL);
}
