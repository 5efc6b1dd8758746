#include "support/bodies.h"
#include "support/expect.h"

#include "wire/announced.h"

static const struct announced_type types[] = {
    {"a.one", ANNOUNCED_SPOILED("an a.one")},
    {"a.two", ANNOUNCED_SPOILED("an a.two")},
};

struct item {
    int32_t type;
    int64_t number;
};

/* Keeps what has a number above 0, and passes over what has 0. */
static bool item_read(struct wire_node *event, int32_t type, void *memory)
{
    struct item *item = memory;
    int64_t number = 0;

    (void)wire_read_i64(event, "number", WIRE_REQUIRED, (struct wire_range){0, 9}, &number);
    if (number == 0)
        return false;
    assert_int_equal(item->number, 0);
    *item = (struct item){type, number};
    return true;
}

static const struct announced announced = {types, FC_ARRAY_COUNT(types), sizeof(struct item),
                                           item_read};

static void test_announced_keeps_those_of_its_types_in_order(void **state)
{
    const char *reason = NULL;
    void *items = NULL;
    int32_t count = -1;

    (void)state;
    assert_true(
        wire_announced_read(&announced,
                            FC_STR("[{\"type\":\"a.two\",\"number\":1},{\"type\":\"b.one\"},"
                                   "{\"type\":\"a.one\",\"number\":0},"
                                   "{\"number\":3,\"type\":\"a.one\",\"more\":[]}]"),
                            body_arena(), &items, &count, &reason));
    const struct item *item = items;

    assert_int_equal(count, 2);
    assert_int_equal(item[0].type, 1);
    assert_int_equal(item[0].number, 1);
    assert_int_equal(item[1].type, 0);
    assert_int_equal(item[1].number, 3);
}

static void test_announced_that_cannot_be_read_says_why(void **state)
{
    static const struct {
        const char *text;
        const char *reason; /* NULL: it is good */
    } rows[] = {
        {"[]", NULL},
        {"", "the message is no JSON array"},
        {"{}", "the message is no JSON array"},
        {"[7]", "an element of the message is no event"},
        {"[{\"type\":\"\"}]", "an element of the message is no event"},
        {"[{\"type\":\"a.one\"}]", ANNOUNCED_SPOILED("an a.one")},
        {"[{\"type\":\"a.two\",\"number\":10},7]", ANNOUNCED_SPOILED("an a.two")},
        {"[{\"type\":\"b.one\",\"more\":1,\"more\":1}]",
         "the message holds a member twice or a text that is none"},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_arena *arena = body_arena();
        const char *reason = NULL;
        void *items = NULL;
        int32_t count = -1;

        if (wire_announced_read(&announced, fc_str_of(rows[i].text), arena, &items, &count,
                                &reason)) {
            assert_null(rows[i].reason);
            continue;
        }
        assert_non_null(rows[i].reason);
        assert_string_equal(reason, rows[i].reason);
        assert_int_equal(count, -1);
        assert_null(items);
        assert_int_equal(fc_arena_mark(arena), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_announced_keeps_those_of_its_types_in_order),
        cmocka_unit_test(test_announced_that_cannot_be_read_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
