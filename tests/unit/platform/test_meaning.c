#include "platform/meaning.h"

#include "support/expect.h"

struct row {
    int32_t status;
    enum meaning meaning;
};

static void test_meaning_of_each_status(void **state)
{
    static const struct row rows[] = {
        {200, MEANING_TAKEN},   {202, MEANING_TAKEN},   {204, MEANING_TAKEN},
        {299, MEANING_TAKEN},   {199, MEANING_LATER},   {300, MEANING_LATER},
        {301, MEANING_LATER},   {308, MEANING_LATER},   {399, MEANING_LATER},
        {400, MEANING_REFUSED}, {401, MEANING_LATER},   {402, MEANING_REFUSED},
        {403, MEANING_LATER},   {404, MEANING_LATER},   {405, MEANING_LATER},
        {407, MEANING_LATER},   {408, MEANING_LATER},   {409, MEANING_REFUSED},
        {410, MEANING_LATER},   {413, MEANING_REFUSED}, {415, MEANING_REFUSED},
        {422, MEANING_REFUSED}, {425, MEANING_LATER},   {429, MEANING_LATER},
        {499, MEANING_REFUSED}, {500, MEANING_LATER},   {502, MEANING_LATER},
        {503, MEANING_LATER},   {504, MEANING_LATER},   {599, MEANING_LATER},
        {600, MEANING_LATER},   {0, MEANING_LATER},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct outgoing_answer answer = {.fate = OUTGOING_ANSWERED, .status = rows[i].status};

        if (meaning_of(&answer) != rows[i].meaning)
            fail_msg("status %d", (int)rows[i].status);
    }
}

static void test_meaning_of_no_answer_is_later_whatever_else_it_says(void **state)
{
    const enum outgoing_fate fates[] = {OUTGOING_NOT_SENT, OUTGOING_NO_ANSWER};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(fates); i++) {
        struct outgoing_answer answer = {.fate = fates[i], .status = 200};

        assert_int_equal(meaning_of(&answer), MEANING_LATER);
        answer.status = 400;
        assert_int_equal(meaning_of(&answer), MEANING_LATER);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_meaning_of_each_status),
        cmocka_unit_test(test_meaning_of_no_answer_is_later_whatever_else_it_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
