/*
 * The plan of one payment under every sequence of answers, the time running out before any of them:
 * what holds whatever the gateway says. Of a new one, and of one that a run before has put off.
 */
#include "support/expect.h"

#include "payment/payment_plan.h"

#define ATTEMPTS 2
#define EXPIRES_MS 100000
#define DEPTH 6

static const struct plan_rules rules = {ATTEMPTS, 100, 5000, 1000};

struct heard {
    enum gateway_call call;
    enum gateway_says says;
    bool late;
};

struct path {
    bool again; /* a run before has asked */
    struct heard heard[DEPTH];
    int32_t count;
    int64_t ends[PLAN_END_COUNT];
};

static bool may_have_acted(enum gateway_says says)
{
    return says == GATEWAY_PENDING || says == GATEWAY_LATER || says == GATEWAY_SILENT ||
           says == GATEWAY_UNKNOWN;
}

static void check_call(const struct path *path, enum gateway_call call, bool late)
{
    int32_t asks = 0;

    for (int32_t i = 0; i < path->count; i++)
        asks += path->heard[i].call == GATEWAY_ASK && path->heard[i].says != GATEWAY_AWAY;
    if (call == GATEWAY_ASK) {
        assert_false(late);
        assert_false(path->again);
        assert_true(asks <= ATTEMPTS);
    }
    if (call != GATEWAY_VOID)
        return;
    const struct heard *before = &path->heard[path->count - 1];

    assert_true(path->count > 0);
    assert_true(before->call == GATEWAY_VOID ||
                (before->call == GATEWAY_LOOK &&
                 (before->says == GATEWAY_UNKNOWN || before->says == GATEWAY_PENDING)));
}

static void check_declined(const struct path *path, const struct heard *last)
{
    bool doubt = path->again;
    bool refused = false;

    for (int32_t i = 0; i < path->count; i++) {
        const struct heard *heard = &path->heard[i];

        refused = refused || (heard->call == GATEWAY_ASK && heard->says == GATEWAY_REFUSED);
        doubt = doubt || (heard->call == GATEWAY_ASK && may_have_acted(heard->says));
    }
    if (last->call == GATEWAY_VOID)
        assert_true(refused && (last->says == GATEWAY_VOIDED || last->says == GATEWAY_DECLINED));
    else if (last->says == GATEWAY_REFUSED)
        assert_true(last->call == GATEWAY_ASK && !doubt);
    else
        assert_int_equal(last->says, GATEWAY_DECLINED);
}

static void check_end(const struct path *path, enum plan_end end)
{
    const struct heard *last = &path->heard[path->count - 1];

    switch (end) {
    case PLAN_APPROVED:
        assert_int_equal(last->says, GATEWAY_APPROVED);
        assert_true(last->call != GATEWAY_VOID);
        return;
    case PLAN_DECLINED:
        check_declined(path, last);
        return;
    case PLAN_TIMED_OUT:
        assert_true(last->says == GATEWAY_VOIDED ||
                    (last->call == GATEWAY_VOID && last->says == GATEWAY_DECLINED));
        return;
    case PLAN_STUCK:
        assert_true(last->call != GATEWAY_ASK);
        assert_true(last->says == GATEWAY_REFUSED || last->says == GATEWAY_APPROVED ||
                    last->says == GATEWAY_UNKNOWN);
        return;
    case PLAN_OPEN:
    case PLAN_RETURNED:
    case PLAN_END_COUNT:
        break;
    }
    fail_msg("a payment of ours ended as %s", plan_end_name(end));
}

static void walk(struct path *path, const struct payment_plan *from, struct plan_time at)
{
    if (from->end != PLAN_OPEN) {
        path->ends[from->end]++;
        check_end(path, from->end);
        return;
    }
    if (path->count == DEPTH)
        return;
    for (int branch = 0; branch < 2 * GATEWAY_SAYS_COUNT; branch++) {
        struct payment_plan next = *from;
        struct plan_time then = at;
        const struct gateway_answer given = {.says = (enum gateway_says)(branch / 2),
                                             .retry_after_s = -1};
        int64_t wait_ms = plan_wait_ms(&next, &then) + (branch % 2 == 0 ? 0 : EXPIRES_MS);

        then.ms += wait_ms;
        then.now.us += wait_ms * 1000;
        bool late = then.now.us >= next.deadline.us;
        enum gateway_call call = plan_call(&next, &then);

        check_call(path, call, late);
        path->heard[path->count++] = (struct heard){call, given.says, late};
        plan_answered(&next, &rules, &given, &then);
        walk(path, &next, then);
        path->count--;
    }
}

/* Every way to end was come to. */
static void check_all_ended(const struct path *path)
{
    for (int end = PLAN_APPROVED; end < PLAN_END_COUNT; end++)
        assert_true((path->ends[end] > 0) == (end != PLAN_RETURNED));
}

static void test_plan_whatever_the_answers_are_the_promises_hold(void **state)
{
    /* The two clocks have nothing to do with each other. */
    const struct plan_time now = {{7000000}, 123456};
    struct path path = {.count = 0};
    struct payment_plan plan;

    (void)state;
    plan_begin(&plan, &rules, (struct fc_instant){now.now.us + EXPIRES_MS * 1000}, &now, 1);
    walk(&path, &plan, now);
    check_all_ended(&path);
}

static void test_plan_of_one_put_off_is_looked_after_first_and_the_promises_hold(void **state)
{
    const struct plan_time now = {{7000000}, 123456};
    struct path path = {.again = true};
    struct payment_plan plan;

    (void)state;
    plan_begin_again(&plan, &rules, (struct fc_instant){now.now.us + EXPIRES_MS * 1000}, &now, 1);
    struct payment_plan first = plan;

    assert_int_equal(plan_call(&first, &now), GATEWAY_LOOK);
    walk(&path, &plan, now);
    check_all_ended(&path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan_whatever_the_answers_are_the_promises_hold),
        cmocka_unit_test(test_plan_of_one_put_off_is_looked_after_first_and_the_promises_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
