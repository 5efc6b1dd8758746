#include "support/expect.h"
#include "support/policies.h"

#include "producer/cli/policy_text.h"

static char memory[4 * WIRE_POLICY_BYTES_MAX];

static struct fc_str text_of(const struct policy *policy)
{
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    policy_text_put(&buf, policy);
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

static void test_policy_text_looks_as_the_shipped_ones(void **state)
{
    (void)state;
    for (size_t i = 0; policy_names[i] != NULL; i++) {
        struct policy policy = policy_of(policy_names[i]);
        char file[64];
        struct fc_buf name = fc_buf_of(file, sizeof(file) - 1);
        struct fc_str text = text_of(&policy);

        /* But for the schema before it, the sentences behind it, and blanks within a value. */
        fc_buf_put_fmt(&name, "%s.json", policy_names[i]);
        file[name.len] = '\0';
        struct fc_str shipped = policy_file_read(file);
        size_t s = 0;
        size_t matched = 2; /* "{\n" */

        while (s < shipped.len && shipped.ptr[s] != ',')
            s++;
        for (s += 2; s < shipped.len && matched < text.len - 3; s++) {
            if (shipped.ptr[s] == text.ptr[matched])
                matched++;
            else if (shipped.ptr[s] != ' ' && shipped.ptr[s] != '\n')
                fail_msg("%s: byte %zu of the text is another", file, matched);
        }
        assert_int_equal(matched, text.len - 3); /* "\n}\n" */
    }
}

static void test_policy_text_is_a_document_of_the_same_policy(void **state)
{
    struct policy policy = policy_of("event-sourced");
    char canonical[WIRE_POLICY_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(canonical, sizeof(canonical) - 1);

    (void)state;
    wire_policy_put(&buf, &policy);
    canonical[buf.len] = '\0';
    assert_str_equal(policy_outcome(text_of(&policy)), canonical);
}

static void test_policy_text_without_a_name_begins_with_a_section(void **state)
{
    struct policy policy = policy_default();

    (void)state;
    assert_true(fc_str_starts_with(text_of(&policy),
                                   FC_STR("{\n    \"balance\": {\n        \"charge_min\": 1,\n")));
}

static void test_policy_change_has_both_values(void **state)
{
    struct policy before = policy_of("event-sourced");
    struct policy after = before;
    struct policy_change change;
    int32_t count = 0;

    (void)state;
    after.version = 9;
    after.charge_min = KRW(1000);
    after.charge_max = KRW(5000);
    after.welcome = false;
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++) {
        static const char *const wanted[][3] = {
            {"/balance/charge_min", "1", "1000"},
            {"/balance/charge_max", "null", "5000"},
            {"/coupons/welcome",
             "{\"discount\":{\"type\":\"rate\",\"value\":500},\"valid_days\":null}", "null"},
        };

        if (!policy_differs(&before, &after, i, &change))
            continue;
        assert_in_range(count, 0, FC_ARRAY_COUNT(wanted) - 1);
        assert_string_equal(change.pointer, wanted[count][0]);
        assert_str_equal(change.before, wanted[count][1]);
        assert_str_equal(change.after, wanted[count][2]);
        count++;
    }
    assert_int_equal(count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policy_text_looks_as_the_shipped_ones),
        cmocka_unit_test(test_policy_text_is_a_document_of_the_same_policy),
        cmocka_unit_test(test_policy_text_without_a_name_begins_with_a_section),
        cmocka_unit_test(test_policy_change_has_both_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
